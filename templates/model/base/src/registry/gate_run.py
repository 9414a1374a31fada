"""Running the gate: the candidate's metrics, the champion's on the same data, and the record."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import Configuration
from ..errors import MlocError
from ..model.acceptance import evaluation_of
from ..model.candidate import GATE_FILE, Candidate, load_model, read_candidate
from ..model.contract import model_code
from ..model.data_digest import digest_of
from ..model.files import write_json
from ..model.gate import Decision, Metrics, decide, error
from ..model.package import open_package
from ..model.settings import read_thresholds
from ..utils.table import format_markdown_table
from .connection import is_configured, open_registry

if TYPE_CHECKING:
    import pandas as pd

    from .model_registry import Registry
    from .versions import ModelVersion

SUMMARY_FILE = "gate.md"
METRIC_TAG = "metric."
DATA_TAG = "data_sha256"


@dataclass(frozen=True)
class Evidence:
    """The metrics that were compared, and of what data they are."""

    candidate: Metrics
    data_sha256: str
    rows: int
    champion: Metrics | None = None
    champion_source: str = "there is none"


@dataclass(frozen=True)
class Gate:
    """What the gate found."""

    decision: Decision
    champion: str | None
    registry: str | None
    summary_file: Path


def run_gate(configuration: Configuration, environ: Mapping[str, str], folder: Path) -> Gate:
    """Decide on the candidate and write gate.json and gate.md beside it, whatever the verdict."""
    (folder / GATE_FILE).unlink(missing_ok=True)  # When this run fails, no older one counts.
    thresholds = read_thresholds(configuration.repository.model_folder)
    candidate = read_candidate(folder)
    evidence = _of_evaluation(candidate)
    name: str | None = None
    champion: ModelVersion | None = None
    opened = open_registry(configuration, environ) if is_configured(environ) else nullcontext()
    with opened as registry:
        if registry is not None:
            name, champion = registry.name, registry.champion()
        try:
            if registry is not None and champion is not None:
                evidence = _with_champion(configuration, candidate, evidence, (registry, champion))
            decision = decide(thresholds, evidence.candidate, evidence.champion)
        except CannotCompareError as problem:
            decision = error(problem.message)
    number = champion.number if champion else None
    gate = Gate(decision, number, name, folder / SUMMARY_FILE)
    _record(gate, candidate, evidence, configuration.model.model_name)
    return gate


class CannotCompareError(MlocError):
    """The champion or the candidate could not be evaluated on today's data."""


def _of_evaluation(candidate: Candidate) -> Evidence:
    evaluation = evaluation_of(candidate)
    metrics = evaluation.get("metrics")
    return Evidence(
        _read_back(metrics) if isinstance(metrics, dict) else {},
        str(evaluation.get("data_sha256")),
        int(str(evaluation.get("rows"))),
    )


def _read_back(metrics: Mapping[str, float | None]) -> Metrics:
    """JSON knows no NaN: null is a metric that was computed and is no finite number."""
    return {name: math.nan if value is None else value for name, value in metrics.items()}


def _with_champion(
    configuration: Configuration,
    candidate: Candidate,
    evidence: Evidence,
    where: tuple[Registry, ModelVersion],
) -> Evidence:
    """The champion's metrics: those recorded, if of the same data, else computed on today's."""
    registry, champion = where
    if champion.tags.get(DATA_TAG) == evidence.data_sha256:
        return Evidence(
            evidence.candidate,
            evidence.data_sha256,
            evidence.rows,
            _recorded(champion),
            "recorded, of the same data",
        )
    model_folder = configuration.repository.model_folder
    with model_code(model_folder) as code:
        data = code.load("evaluation")
        digest = digest_of(data)
        metrics = evidence.candidate
        if digest != evidence.data_sha256:  # The source has moved on since the evaluation.
            try:
                metrics = code.evaluate(load_model(candidate.model_file), data)
            except MlocError as problem:
                raise CannotCompareError(
                    f"the candidate cannot be evaluated on today's data: {problem.message}"
                ) from problem
    return Evidence(
        metrics, digest, len(data), _evaluated(registry, champion, data), "computed on today's data"
    )


def _recorded(champion: ModelVersion) -> Metrics:
    found: dict[str, float | None] = {}
    for name, text in champion.tags.items():
        if name.startswith(METRIC_TAG):
            try:
                found[name.removeprefix(METRIC_TAG)] = float(text)
            except ValueError:
                found[name.removeprefix(METRIC_TAG)] = None
    return found


def _evaluated(registry: Registry, champion: ModelVersion, data: pd.DataFrame) -> Metrics:
    """The champion scores with the code in its own package, not with today's."""
    with tempfile.TemporaryDirectory() as folder:
        package = registry.package_of(registry.download(champion, Path(folder)))
        try:
            with open_package(package) as model:
                return model.code.evaluate(model.model, data)
        except MlocError as problem:
            raise CannotCompareError(
                f"the champion, {champion}, cannot be evaluated on today's data: {problem.message}"
                f" If it can no longer be used, `mloccli registry retire --version "
                f"{champion.number}` takes it out."
            ) from problem


def _record(gate: Gate, candidate: Candidate, evidence: Evidence, model_name: str) -> None:
    decision = gate.decision
    write_json(
        candidate.folder / GATE_FILE,
        {
            "verdict": decision.verdict,
            "reasons": list(decision.reasons),
            "model_name": model_name,
            "model_sha256": candidate.model_sha256,
            "registry": gate.registry,
            "champion": gate.champion,
            "champion_metrics": _plain(evidence.champion or {}),
            "champion_metrics_are": evidence.champion_source,
            "metrics": _plain(evidence.candidate),
            "data_sha256": evidence.data_sha256,
            "rows": evidence.rows,
            "comparisons": [
                {
                    "metric": item.metric,
                    "required": item.required,
                    "outcome": item.outcome,
                    "reason": item.reason,
                }
                for item in decision.comparisons
            ],
            "decided_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        },
    )
    facts = [
        ("champion", gate.champion or "none"),
        ("champion's metrics", evidence.champion_source),
        ("registry", gate.registry or "none is configured: judged by the thresholds alone"),
        ("evaluation data", f"{evidence.rows} rows, SHA-256 {evidence.data_sha256}"),
        *(("reason", reason) for reason in decision.reasons),
    ]
    gate.summary_file.write_text(
        f"## Gate of {model_name}\n\n**{decision.verdict}**\n\n{decision.markdown_table}\n\n"
        f"{format_markdown_table(('evidence', ''), facts)}\n",
        encoding="utf-8",
    )


def _plain(metrics: Metrics) -> dict[str, float | None]:
    return {
        name: value if value is not None and math.isfinite(value) else None
        for name, value in metrics.items()
    }
