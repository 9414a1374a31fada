"""The steps of monitoring, as its commands run them: measure and decide, then start a training."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import click

from ..config import Configuration, find_repository, read_configuration
from ..errors import ExitCode
from ..model.files import read_json_object
from ..model.package import METADATA_FILE
from ..notifications.slack import Message, notify
from ..utils.pipeline_log import log_issue, printable, set_output, upload_summary
from .decide import FAULTS, Decision
from .history import check_window, now_utc
from .memory import Memory
from .monitor import Subject, detect, registered_version
from .report import (
    StoredDecision,
    decision_to_json,
    format_decision,
    read_decision,
    stored,
    write_decision,
)
from .training_pipeline import TrainingPipeline, find_training_pipeline
from .trigger import TRIGGER, check_model, start_training

OUTPUT_VARIABLE = "monitor_decision"


@dataclass(frozen=True)
class MonitorOptions:  # pylint: disable=too-many-instance-attributes
    """What the commands of monitoring can be told; ``None`` is the documented default."""

    package: Path | None = None
    version: str = "production"
    data: Path | None = None
    window: str | None = None
    history: Path | None = None
    output: Path | None = None
    branch: str | None = None
    dry_run: bool = False


@dataclass(frozen=True)
class MonitorRun:
    """One call of a command: what it was told, and where."""

    options: MonitorOptions
    configuration: Configuration
    environ: Mapping[str, str]

    @property
    def output(self) -> Path:
        """The folder of the decision."""
        root = self.configuration.repository.root
        return self.options.output or root / "outputs" / "monitoring"

    @property
    def memory(self) -> Memory:
        """The history in its file, and in the registry when a version of it is measured."""
        file = self.options.history or self.output / "history.json"
        in_registry = self.options.package is None and _has_registry(self.environ)
        return Memory(self.configuration, self.environ, file, in_registry)


def begin(options: MonitorOptions, environ: Mapping[str, str]) -> MonitorRun:
    """The call in the repository around the current folder."""
    return MonitorRun(options, read_configuration(find_repository(), environ), environ)


def run_drift(run: MonitorRun) -> int:
    """Measure, decide, show and remember; exit code 1 where nothing could be said."""
    return _exit_code(_decide(run))


def run_trigger(run: MonitorRun) -> int:
    """Start the training when the last ``run_drift`` decided on it."""
    return _trigger(run, read_decision(run.output))


def run_both(run: MonitorRun) -> int:
    """Measure, decide, and start the training when that was decided."""
    decision = _decide(run)
    if decision.outcome in FAULTS:
        return _exit_code(decision)
    return _trigger(run, stored(decision))


def _decide(run: MonitorRun) -> Decision:
    now = now_utc()
    window = check_window(run.options.window or now.date().isoformat())
    with _subject(run) as subject:
        decision = detect(subject, run.memory, window, now, data_file=run.options.data)
    click.echo(format_decision(decision))
    if run.options.dry_run:
        click.echo(json.dumps(decision_to_json(decision), indent=2))
        return decision
    upload_summary(write_decision(run.output, decision))
    run.memory.remember(decision.window)
    set_output(OUTPUT_VARIABLE, decision.outcome)
    _log(decision)
    return decision


def _trigger(run: MonitorRun, decision: StoredDecision) -> int:
    check_model(decision, run.memory)
    if decision.outcome != TRIGGER:
        click.echo(f"No training is started: {decision.outcome}.")
        return ExitCode.OK
    pipeline = find_training_pipeline(run.configuration.model, run.environ)
    if run.options.dry_run:
        return show_preview(pipeline, decision.key, run.options.branch)
    triggered = start_training(decision, run.memory, pipeline, now_utc(), run.options.branch)
    if not triggered.is_new:
        click.echo(f"This window started a training before: {triggered.address}")
        return ExitCode.OK
    click.echo(f"Started {pipeline.name}: {triggered.address}")
    notify(run.configuration, _message(decision, triggered.address), run.environ)
    return ExitCode.OK


def show_preview(pipeline: TrainingPipeline, key: str, branch: str | None) -> int:
    """Show what would be sent and what Azure DevOps would run for it; nothing is started."""
    preview = pipeline.preview(key, branch)
    click.echo(f"POST {preview.url}\n{json.dumps(preview.body, indent=2)}")
    if preview.existing is not None:
        click.echo(f"A run with this key is there already: {preview.existing.address}")
    click.echo(f"It would run:\n{printable(preview.final_yaml)}")
    return ExitCode.OK


def _subject(run: MonitorRun) -> AbstractContextManager[Subject]:
    """The version in the registry, or else the package on this machine."""
    if run.options.package is None and _has_registry(run.environ):
        return registered_version(run.configuration, run.environ, run.options.version)
    folder = run.options.package or run.configuration.repository.root / "outputs" / "package"
    if not (folder / METADATA_FILE).is_file():
        raise click.UsageError(
            f"{folder} is not a model package, and no registry is configured. "
            "Name a package with --package, or set CMR_URI."
        )
    version = str(read_json_object(folder / METADATA_FILE).get("version"))
    return nullcontext(Subject(folder, version))


def _has_registry(environ: Mapping[str, str]) -> bool:
    from ..registry.connection import is_configured

    return is_configured(environ)


def _exit_code(decision: Decision) -> int:
    return ExitCode.FINDING if decision.outcome in FAULTS else ExitCode.OK


def _log(decision: Decision) -> None:
    """Show on the page of the run what a person should see."""
    text = f"Monitoring: {decision.outcome}. {' '.join(decision.reasons)}"
    if decision.outcome in FAULTS:
        log_issue("error", text)
    elif decision.outcome != "stable":
        log_issue("warning", text)


def _message(decision: StoredDecision, address: str) -> Message:
    return Message(
        f"{decision.model_name} drifted: its training was started",
        "\n".join(decision.reasons),
        {"Version": decision.version, "Window": decision.window},
        {"Run": address},
    )
