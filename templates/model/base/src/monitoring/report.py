"""Showing a decision: as a table, as Markdown for the page of the run, and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import FindingError
from ..model.files import read_json_object, write_json
from ..utils.table import format_markdown_table, format_table
from .decide import ColumnVerdict, Decision
from .drift import MEASURES

DECISION_FILE = "decision.json"
SUMMARY_FILE = "monitoring.md"

_HEADER = ("column", *MEASURES, "verdict")


@dataclass(frozen=True)
class StoredDecision:
    """What the step that starts the training needs of a decision."""

    model_name: str
    version: str
    window: str
    outcome: str
    reasons: tuple[str, ...]
    key: str


def format_decision(decision: Decision) -> str:
    """The decision for a terminal."""
    lines = [f"Monitoring of {_subject(decision)}: {decision.outcome}."]
    if decision.columns:
        rows = [_row(column) for column in decision.columns]
        lines += ["", format_table(_HEADER, rows), ""]
    return "\n".join([*lines, *decision.reasons])


def format_summary(decision: Decision) -> str:
    """The decision as Markdown for the page of the pipeline run."""
    subject, outcome = _subject(decision), decision.outcome
    lines = [f"## Monitoring of {subject}", "", f"**{outcome}**", ""]
    lines += [f"- {reason}" for reason in decision.reasons]
    if decision.columns:
        rows = [_row(column) for column in decision.columns]
        lines += ["", format_markdown_table(_HEADER, rows)]
    return "\n".join([*lines, ""])


def write_decision(folder: Path, decision: Decision) -> Path:
    """Write the decision as JSON and Markdown, and return the Markdown file."""
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / DECISION_FILE, decision_to_json(decision))
    summary = folder / SUMMARY_FILE
    summary.write_text(format_summary(decision), encoding="utf-8")
    return summary


def decision_to_json(decision: Decision) -> dict[str, object]:
    """The decision and everything that led to it, as plain values."""
    return {
        "model_name": decision.moment.model_name,
        "version": decision.moment.version,
        "window": decision.moment.window,
        "outcome": decision.outcome,
        "reasons": list(decision.reasons),
        "key": decision.moment.key,
        "decided_at": decision.moment.now.isoformat(timespec="seconds"),
        "verdict": decision.window.verdict,
        "rows": decision.rows,
        "reference_rows": decision.reference_rows,
        "columns": [_column_to_json(column) for column in decision.columns],
    }


def stored(decision: Decision) -> StoredDecision:
    """The same as ``read_decision`` after ``write_decision``."""
    moment = decision.moment
    return StoredDecision(
        moment.model_name,
        moment.version,
        moment.window,
        decision.outcome,
        decision.reasons,
        moment.key,
    )


def read_decision(folder: Path) -> StoredDecision:
    """The decision that the previous step wrote."""
    path = folder / DECISION_FILE
    if not path.is_file():
        raise FindingError(f"{folder} holds no decision.", "Run `mloccli monitor drift` first.")
    content = read_json_object(path)
    reasons = content.get("reasons")
    names = ("model_name", "version", "window", "outcome", "key")
    texts = {name: content.get(name) for name in names}
    if not isinstance(reasons, list) or not all(isinstance(text, str) for text in texts.values()):
        raise FindingError(f"{path} is not a decision.", "Run `mloccli monitor drift` again.")
    return StoredDecision(
        reasons=tuple(map(str, reasons)), **{name: str(text) for name, text in texts.items()}
    )


def _subject(decision: Decision) -> str:
    moment = decision.moment
    return f"{moment.model_name} {moment.version}, window {moment.window}"


def _row(column: ColumnVerdict) -> tuple[str, ...]:
    found = column.found
    name = f"{found.column} (score)" if found.part == "scores" else found.column
    return (name, *(_cell(found.measures, measure) for measure in MEASURES), column.reason)


def _cell(measures: Mapping[str, float], name: str) -> str:
    return f"{measures[name]:.3f}" if name in measures else "-"


def _column_to_json(column: ColumnVerdict) -> dict[str, object]:
    return {
        "column": column.found.column,
        "part": column.found.part,
        "state": column.found.state,
        "measures": dict(column.found.measures),
        "limits": dict(column.limits),
        "exceeded": list(column.exceeded),
        "reason": column.reason,
    }
