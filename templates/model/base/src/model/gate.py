"""The gate between a trained model and production: is it good enough, and better than the champion?

It fails closed. A metric that is missing or not a finite number is an error, never a low score, and
only ``promote`` and ``first version`` let a model pass.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..utils.table import format_markdown_table, format_table
from .settings import Threshold

GateVerdict: TypeAlias = Literal["promote", "keep champion", "first version", "error"]
Outcome: TypeAlias = Literal["better", "equal", "worse", "too low", "too high", "ok", "error"]
Metrics: TypeAlias = Mapping[str, float | None]

PASSING: tuple[GateVerdict, ...] = ("promote", "first version")
_HEADER = ("metric", "candidate", "champion", "required", "outcome")

# Two computations of the same metric may differ in their last digits.
_SAME = 1e-9


@dataclass(frozen=True)
class Comparison:
    """One metric of the candidate: against its threshold, and against the champion's."""

    metric: str
    candidate: float | None
    champion: float | None
    required: str
    outcome: Outcome
    reason: str

    @property
    def row(self) -> tuple[str, str, str, str, str]:
        """The comparison as a line of the table."""
        values = (_shown(self.candidate), _shown(self.champion))
        return self.metric, *values, self.required or "-", self.reason


@dataclass(frozen=True)
class Decision:
    """The verdict and what led to it."""

    verdict: GateVerdict
    reasons: tuple[str, ...]
    comparisons: tuple[Comparison, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether the candidate may go on."""
        return self.verdict in PASSING

    @property
    def is_good_enough(self) -> bool:
        """Whether every metric keeps to its own threshold, whatever the champion's are."""
        outside = any(item.outcome in ("too low", "too high") for item in self.comparisons)
        return self.verdict != "error" and not outside

    @property
    def table(self) -> str:
        """The comparisons for the terminal."""
        return format_table(_HEADER, [comparison.row for comparison in self.comparisons])

    @property
    def markdown_table(self) -> str:
        """The comparisons as Markdown."""
        return format_markdown_table(_HEADER, [comparison.row for comparison in self.comparisons])


def decide(
    thresholds: Sequence[Threshold], candidate: Metrics, champion: Metrics | None
) -> Decision:
    """The verdict on a candidate; ``champion`` is ``None`` when nothing is in production."""
    comparisons = tuple(
        _compare(threshold, candidate.get(threshold.metric), champion) for threshold in thresholds
    )
    named = {threshold.metric for threshold in thresholds}
    comparisons += tuple(
        _without_threshold(name, value) for name, value in candidate.items() if name not in named
    )
    verdict, reasons = _verdict(comparisons, champion is not None)
    return Decision(verdict, reasons, comparisons)


def error(reason: str) -> Decision:
    """The verdict when the metrics could not be computed at all."""
    return Decision("error", (reason,))


def _verdict(
    comparisons: Sequence[Comparison], has_champion: bool
) -> tuple[GateVerdict, tuple[str, ...]]:
    """The first rule that applies decides; errors come before everything else."""

    def those(*outcomes: Outcome) -> tuple[str, ...]:
        return tuple(
            f"{item.metric}: {item.reason}" for item in comparisons if item.outcome in outcomes
        )

    outside = those("too low", "too high")
    compared = those("better", "equal", "worse") + outside
    rules: tuple[tuple[object, GateVerdict, tuple[str, ...]], ...] = (
        (those("error"), "error", those("error")),
        (not any(item.required for item in comparisons), "error", (_NOTHING_REQUIRED,)),
        (has_champion and not compared, "error", (_NOTHING_COMPARED,)),
        (outside, "keep champion", outside),
        (not has_champion, "first version", ("there is no champion to compare with",)),
        (those("worse"), "keep champion", those("worse")),
        (those("better"), "promote", those("better")),
    )
    for applies, verdict, reasons in rules:
        if applies:
            return verdict, reasons
    return "keep champion", ("no metric is better than the champion's",)


_NOTHING_REQUIRED = "no metric is required, so that every model would pass"
_NOTHING_COMPARED = (
    "no metric can be compared with the champion's: write `better: higher` or `better: lower` "
    "beside one in evaluation_thresholds.yml"
)


def _compare(threshold: Threshold, value: float | None, champion: Metrics | None) -> Comparison:
    other = None if champion is None else champion.get(threshold.metric)
    outcome, reason = _judge(threshold, value, other, champion is not None)
    return Comparison(threshold.metric, value, other, threshold.says, outcome, reason)


def _judge(
    threshold: Threshold, value: float | None, other: float | None, has_champion: bool
) -> tuple[Outcome, str]:
    if value is None or not math.isfinite(value):
        what = "is missing" if value is None else "is not a finite number"
        return "error", f"the candidate's metric {what}"
    is_compared = has_champion and threshold.direction is not None
    if is_compared and (other is None or not math.isfinite(other)):
        return "error", (
            "the champion's metric is missing or no finite number; write `compare: false` beside "
            "it until the next champion has it"
        )
    if threshold.minimum is not None and value < threshold.minimum:
        return "too low", f"below the required {threshold.minimum:g}"
    if threshold.maximum is not None and value > threshold.maximum:
        return "too high", f"above the required {threshold.maximum:g}"
    if not is_compared or other is None:
        return "ok", "not compared" if has_champion else "good enough"
    return _compared(threshold, value, other)


def _compared(threshold: Threshold, value: float, other: float) -> tuple[Outcome, str]:
    gain = value - other if threshold.direction == "higher" else other - value
    slack = _SAME * max(abs(value), abs(other), _SAME)
    if gain < -threshold.tolerance - slack:
        return "worse", f"worse than the champion's by {-gain:.4g}"
    if gain > slack and gain >= threshold.minimum_improvement - slack:
        return "better", f"better than the champion's by {gain:.4g}"
    if gain > slack:
        return "equal", f"better by {gain:.4g}, less than the required improvement"
    return "equal", "equal to the champion's" if gain >= -slack else "worse, within its tolerance"


def _without_threshold(name: str, value: float | None) -> Comparison:
    if value is None or not math.isfinite(value):
        reason = "the candidate's metric is missing or no finite number"
        return Comparison(name, value, None, "", "error", reason)
    return Comparison(name, value, None, "", "ok", "no threshold")


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"
