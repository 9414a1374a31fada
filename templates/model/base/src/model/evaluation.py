"""Judging a model's metrics by the team's thresholds, and showing the verdict.

It fails closed: a metric that is missing, not finite or outside its range fails the model.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..utils.table import format_markdown_table, format_table
from .settings import Threshold

_HEADER = ("metric", "value", "required", "verdict")


@dataclass(frozen=True)
class Verdict:
    """One metric against its threshold, if it has one."""

    metric: str
    value: float | None
    required: str
    passed: bool
    reason: str

    @property
    def row(self) -> tuple[str, str, str, str]:
        """The verdict as a line of the report."""
        value = "missing" if self.value is None else f"{self.value:.4f}"
        return self.metric, value, self.required or "-", self.reason


def judge(thresholds: Sequence[Threshold], metrics: Mapping[str, float]) -> list[Verdict]:
    """A verdict for each threshold and each metric without one, in a stable order."""
    verdicts = [_judge_one(threshold, metrics.get(threshold.metric)) for threshold in thresholds]
    named = {threshold.metric for threshold in thresholds}
    verdicts += [
        _judge_without_threshold(name, value)
        for name, value in metrics.items()
        if name not in named
    ]
    return verdicts


def is_accepted(verdicts: Sequence[Verdict]) -> bool:
    """Whether the model may be packaged: there are verdicts, and all are good."""
    return bool(verdicts) and all(verdict.passed for verdict in verdicts)


def format_verdicts(verdicts: Sequence[Verdict]) -> str:
    """The verdicts as a table for the terminal."""
    return format_table(_HEADER, [verdict.row for verdict in verdicts])


def format_summary(model_name: str, rows: int, verdicts: Sequence[Verdict]) -> str:
    """The verdicts as Markdown for the page of the pipeline run."""
    result = "accepted" if is_accepted(verdicts) else "**not accepted**"
    table = format_markdown_table(_HEADER, [verdict.row for verdict in verdicts])
    return f"## Evaluation of {model_name}\n\n{result}, on {rows} rows.\n\n{table}\n"


def _judge_one(threshold: Threshold, value: float | None) -> Verdict:
    if value is None:
        passed, reason = False, "FAILED: the metric is missing"
    elif not math.isfinite(value):
        passed, reason = False, "FAILED: not a finite number"
    elif threshold.accepts(value):
        passed, reason = True, "passed"
    else:
        passed, reason = False, "FAILED: outside the range"
    return Verdict(threshold.metric, value, threshold.says, passed, reason)


def _judge_without_threshold(name: str, value: float) -> Verdict:
    if math.isfinite(value):
        return Verdict(name, value, "", True, "no threshold")
    return Verdict(name, value, "", False, "FAILED: not a finite number")
