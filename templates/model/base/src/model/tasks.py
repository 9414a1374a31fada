"""Training and evaluating the repository's model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import ModelVariables, Repository
from ..errors import UsageError
from .candidate import (
    EVALUATION_FILE,
    GATE_FILE,
    Candidate,
    load_model,
    read_candidate,
    save_candidate,
)
from .contract import model_code
from .data_digest import digest_of
from .evaluation import Verdict, format_summary, is_accepted, judge
from .files import write_json
from .settings import read_parameters, read_thresholds

if TYPE_CHECKING:
    import pandas as pd

SUMMARY_FILE = "evaluation.md"


@dataclass(frozen=True)
class Evaluation:
    """The verdicts on a candidate."""

    rows: int
    verdicts: Sequence[Verdict]
    summary_file: Path

    @property
    def accepted(self) -> bool:
        """Whether the model may be packaged."""
        return is_accepted(self.verdicts)


def train_model(repository: Repository, variables: ModelVariables, folder: Path) -> Candidate:
    """Train with the team's data and parameters, and keep the result as candidate."""
    if variables.is_rule_based:
        raise UsageError(
            "MODEL_TYPE is rule-based: there is nothing to train.",
            "Run `mloccli model evaluate`.",
        )
    parameters = read_parameters(repository.model_folder)
    with model_code(repository.model_folder) as code:
        model = code.train(code.load("training"), parameters)
        return save_candidate(folder, model, parameters, variables)


def evaluate_model(repository: Repository, variables: ModelVariables, folder: Path) -> Evaluation:
    """Evaluate the candidate on the evaluation data and record the verdicts beside it."""
    thresholds = read_thresholds(repository.model_folder)
    candidate = _candidate(repository, variables, folder)
    for stale in (EVALUATION_FILE, GATE_FILE):  # When this evaluation fails, no older one counts.
        (folder / stale).unlink(missing_ok=True)
    with model_code(repository.model_folder) as code:
        model = load_model(candidate.model_file)
        data = code.load("evaluation")
        data_sha256 = digest_of(data)
        code.score(model, data)  # A model that cannot score is broken, whatever its metrics say.
        metrics = code.evaluate(model, data)
    verdicts = judge(thresholds, metrics)
    summary_file = folder / SUMMARY_FILE
    summary_file.write_text(
        format_summary(variables.model_name, len(data), verdicts), encoding="utf-8"
    )
    write_json(
        folder / EVALUATION_FILE,
        {
            "model_sha256": candidate.model_sha256,
            "accepted": is_accepted(verdicts),
            "rows": len(data),
            "data_sha256": data_sha256,
            # A metric that is missing is left out; one that is no finite number is null.
            "metrics": {
                verdict.metric: json_number(verdict.value)
                for verdict in verdicts
                if verdict.value is not None
            },
            "failed": [verdict.metric for verdict in verdicts if not verdict.passed],
            "evaluated_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        },
    )
    return Evaluation(len(data), verdicts, summary_file)


def score_model(
    repository: Repository, variables: ModelVariables, folder: Path
) -> pd.DataFrame:
    """The scores of the team's scoring data by the candidate."""
    candidate = _candidate(repository, variables, folder)
    with model_code(repository.model_folder) as code:
        return code.score(load_model(candidate.model_file), code.load("scoring"))


def _candidate(repository: Repository, variables: ModelVariables, folder: Path) -> Candidate:
    """The trained candidate; that of a rule-based model is made here from its parameters."""
    if not variables.is_rule_based:
        return read_candidate(folder)
    parameters = read_parameters(repository.model_folder)
    return save_candidate(folder, parameters, parameters, variables)


def json_number(value: float | None) -> float | None:
    """The value as JSON can hold it; ``None`` for one that is not finite."""
    return value if value is not None and abs(value) < float("inf") else None
