"""The two files a team tunes its model with: parameters and evaluation thresholds."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from ..errors import FindingError, ProblemsError
from ..utils.yaml_file import read_yaml_mapping

PARAMETERS_FILE = "model_parameters.yml"
THRESHOLDS_FILE = "evaluation_thresholds.yml"
_LIMITS = ("minimum", "maximum")
_MARGINS = ("tolerance", "minimum_improvement")
_KEYS = (*_LIMITS, *_MARGINS, "better", "compare")

Direction: TypeAlias = Literal["higher", "lower"]


@dataclass(frozen=True)
class Threshold:
    """The range that a metric has to be in, and how the gate compares it with the champion's."""

    metric: str
    minimum: float | None
    maximum: float | None
    better: Direction | None = None
    #: How much worse than the champion's still counts as equal.
    tolerance: float = 0.0
    #: How much better it has to be to count as better.
    minimum_improvement: float = 0.0
    compare: bool = True

    @property
    def direction(self) -> Direction | None:
        """Which values are better; ``None`` for a metric that is not compared."""
        if not self.compare or self.better is not None:
            return self.better if self.compare else None
        if self.minimum is not None and self.maximum is not None:
            return None
        return "lower" if self.minimum is None else "higher"

    @property
    def says(self) -> str:
        """The range as a person writes it."""
        least = "" if self.minimum is None else f"≥ {self.minimum:g}"
        most = "" if self.maximum is None else f"≤ {self.maximum:g}"
        return " and ".join(limit for limit in (least, most) if limit)

    def accepts(self, value: float) -> bool:
        """Whether a value is in the range; NaN never is."""
        above = self.minimum is None or value >= self.minimum
        below = self.maximum is None or value <= self.maximum
        return above and below and not math.isnan(value)


def read_parameters(model_folder: Path) -> dict[str, object]:
    """What ``train`` receives as parameters; for a rule-based model, the limits of its rules."""
    path = model_folder / PARAMETERS_FILE
    parameters = read_yaml_mapping(path)
    try:
        json.dumps(parameters, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise FindingError(
            f"{path.name} holds a value that is no text, number, list or mapping: {error}.",
            "Put dates into quotes, and leave out .nan and .inf.",
        ) from error
    return parameters


def read_thresholds(model_folder: Path) -> list[Threshold]:
    """The thresholds of the evaluation: at least one, each with a limit; all problems at once."""
    path = model_folder / THRESHOLDS_FILE
    problems: list[str] = []
    thresholds = []
    for metric, limits in read_yaml_mapping(path).items():
        found = _limit_problems(metric, limits)
        problems += found
        if not found and isinstance(limits, dict):
            thresholds.append(_threshold(metric, limits))
    if not thresholds and not problems:
        problems.append("it names no metric, so that every model would pass.")
    if problems:
        raise ProblemsError(
            f"{path.name} needs correcting:",
            problems,
            "Write each metric as `accuracy: {minimum: 0.9}`, or with `maximum:`.",
        )
    return thresholds


def _threshold(metric: str, limits: dict[str, object]) -> Threshold:
    better = limits.get("better")
    return Threshold(
        metric,
        _number(limits.get("minimum")),
        _number(limits.get("maximum")),
        better if better in ("higher", "lower") else None,
        _number(limits.get("tolerance")) or 0.0,
        _number(limits.get("minimum_improvement")) or 0.0,
        limits.get("compare") is not False,
    )


def _limit_problems(metric: str, limits: object) -> list[str]:
    if not isinstance(limits, dict) or not any(key in limits for key in _LIMITS):
        return [f"{metric}: it has neither minimum nor maximum."]
    problems = [
        f"{metric}: {key!r} is none of {', '.join(_KEYS)}." for key in limits if key not in _KEYS
    ]
    problems += [
        f"{metric}.{key}: {value!r} is not a finite number."
        for key, value in limits.items()
        if key in (*_LIMITS, *_MARGINS) and _number(value) is None
    ]
    least, most = _number(limits.get("minimum")), _number(limits.get("maximum"))
    if least is not None and most is not None and least > most:
        problems.append(f"{metric}: the minimum {least:g} is above the maximum {most:g}.")
    return problems + _comparison_problems(metric, limits)


def _comparison_problems(metric: str, limits: dict[str, object]) -> list[str]:
    problems = [
        f"{metric}.{key}: {limits[key]!r} is below 0."
        for key in _MARGINS
        if (_number(limits.get(key)) or 0) < 0
    ]
    better = limits.get("better")
    if "better" in limits and better not in ("higher", "lower"):
        problems.append(f"{metric}.better: {better!r} is neither higher nor lower.")
    only = [key for key in _LIMITS if key in limits]
    if (only, better) in ((["minimum"], "lower"), (["maximum"], "higher")):
        problems.append(f"{metric}.better: {better} contradicts its only limit, the {only[0]}.")
    if not isinstance(limits.get("compare", True), bool):
        problems.append(f"{metric}.compare: {limits['compare']!r} is neither true nor false.")
    return problems


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if math.isfinite(value) else None
