"""The two files a team tunes its model with: parameters and evaluation thresholds."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

from ..errors import FindingError, ProblemsError
from ..utils.yaml_file import read_yaml_mapping

PARAMETERS_FILE = "model_parameters.yml"
THRESHOLDS_FILE = "evaluation_thresholds.yml"
_LIMITS = ("minimum", "maximum")


@dataclass(frozen=True)
class Threshold:
    """The range that a metric has to be in; a metric that is better when low has a maximum."""

    metric: str
    minimum: float | None
    maximum: float | None

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
            thresholds.append(
                Threshold(metric, _number(limits.get("minimum")), _number(limits.get("maximum")))
            )
    if not thresholds and not problems:
        problems.append("it names no metric, so that every model would pass.")
    if problems:
        raise ProblemsError(
            f"{path.name} needs correcting:",
            problems,
            "Write each metric as `accuracy: {minimum: 0.9}`, or with `maximum:`.",
        )
    return thresholds


def _limit_problems(metric: str, limits: object) -> list[str]:
    if not isinstance(limits, dict) or not limits:
        return [f"{metric}: it has neither minimum nor maximum."]
    problems = [
        f"{metric}: {key!r} is neither minimum nor maximum."
        for key in limits
        if key not in _LIMITS
    ]
    problems += [
        f"{metric}.{key}: {value!r} is not a finite number."
        for key, value in limits.items()
        if key in _LIMITS and _number(value) is None
    ]
    least, most = _number(limits.get("minimum")), _number(limits.get("maximum"))
    if least is not None and most is not None and least > most:
        problems.append(f"{metric}: the minimum {least:g} is above the maximum {most:g}.")
    return problems


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if math.isfinite(value) else None
