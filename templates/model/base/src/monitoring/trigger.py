"""Starting a training for a window that drifted: one for each model, version and window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..errors import UsageError
from .history import Trigger
from .memory import Memory
from .report import StoredDecision
from .training_pipeline import TrainingPipeline

TRIGGER = "trigger"


@dataclass(frozen=True)
class Triggered:
    """The training of a window; ``is_new`` when it was started now."""

    address: str
    is_new: bool


def check_model(decision: StoredDecision, memory: Memory) -> None:
    """A decision on another model starts nothing here."""
    model_name = memory.configuration.model.model_name
    if decision.model_name != model_name:
        raise UsageError(
            f"The decision is on {decision.model_name}; this repository's model is {model_name}."
        )


def start_training(
    decision: StoredDecision,
    memory: Memory,
    pipeline: TrainingPipeline,
    now: datetime,
    branch: str | None = None,
) -> Triggered:
    """Start the training, or find the one that was started, and remember it.

    The order is: look, start, remember. After a crash between the last two, the next call finds
    the run by its key and remembers it; there is no second run.
    """
    done = memory.read().trigger_of(decision.version, decision.window)
    if done is not None:
        return Triggered(done.run, is_new=False)
    run = pipeline.start(decision.key, branch)
    at = now.isoformat(timespec="seconds")
    memory.remember(Trigger(decision.version, decision.window, at, run.address))
    return Triggered(run.address, run.is_new)
