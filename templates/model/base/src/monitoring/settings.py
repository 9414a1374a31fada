"""The team's rules for drift, in monitoring.yml of the model folder."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import ProblemsError
from ..utils.yaml_file import read_yaml_mapping
from .drift import MEASURES

SETTINGS_FILE = "monitoring.yml"

_IGNORE = "ignore"
_KEYS = ("minimum_rows", "limits", "columns", "drifted_columns", "windows", "cool_down_days")
_HINT = "The comments of the file that the repository was made with explain each setting."


@dataclass(frozen=True)
class MonitoringSettings:  # pylint: disable=too-many-instance-attributes
    """What counts as drift, and when it starts the training; each value valid."""

    minimum_rows: int
    limits: Mapping[str, float]
    drifted_columns: int
    drifted_windows: int
    of_windows: int
    cool_down_days: float
    column_limits: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    ignored_columns: frozenset[str] = frozenset()

    def limits_of(self, column: str) -> Mapping[str, float]:
        """The limits of a column: those of all columns, each replaced by the column's own."""
        return {**self.limits, **self.column_limits.get(column, {})}

    def unknown_columns(self, known: Iterable[str]) -> list[str]:
        """What is wrong with the columns that the file names, given those that exist."""
        names = sorted(known)
        return [
            f"columns.{name}: neither the data nor the scores have it.{_meant(name, names)}"
            for name in sorted({*self.column_limits, *self.ignored_columns} - set(names))
        ]


def read_settings(model_folder: Path) -> MonitoringSettings:
    """The settings of the file; every problem of it is reported at once."""
    reader = _Reader(read_yaml_mapping(model_folder / SETTINGS_FILE))
    settings = reader.read()
    if reader.problems:
        raise ProblemsError(f"{SETTINGS_FILE} needs correcting:", reader.problems, _HINT)
    return settings


def settings_problem(problems: list[str]) -> ProblemsError:
    """The error for a file that does not fit the model."""
    return ProblemsError(f"{SETTINGS_FILE} does not fit the model:", problems, _HINT)


class _Reader:
    """Reads one file and gathers its problems."""

    def __init__(self, content: Mapping[str, object]) -> None:
        self._content = content
        self.problems = [
            f"{key}: no such setting.{_meant(key, _KEYS)}" for key in content if key not in _KEYS
        ]

    def read(self) -> MonitoringSettings:
        """The settings; of no use while there are problems."""
        columns, ignored = self._columns()
        drifted, of_windows = self._windows()
        return MonitoringSettings(
            minimum_rows=self._whole("minimum_rows", self._content.get("minimum_rows")),
            limits=self._all_limits(),
            drifted_columns=self._whole("drifted_columns", self._content.get("drifted_columns")),
            drifted_windows=drifted,
            of_windows=of_windows,
            cool_down_days=self._days(),
            column_limits=columns,
            ignored_columns=ignored,
        )

    def _all_limits(self) -> Mapping[str, float]:
        given = self._content.get("limits")
        if not isinstance(given, dict) or not given:
            self.problems.append("limits: it holds no limit, so that nothing would be drift.")
            return {}
        return self._limits("limits", given)

    def _limits(self, where: str, given: Mapping[object, object]) -> Mapping[str, float]:
        limits: dict[str, float] = {}
        for measure, value in given.items():
            number = _number(value)
            if measure not in MEASURES:
                known = ", ".join(MEASURES)
                self.problems.append(f"{where}.{measure}: no such measure; there are {known}.")
            elif number is None or number <= 0:
                self.problems.append(f"{where}.{measure}: {value!r} is not a number above 0.")
            else:
                limits[str(measure)] = number
        return limits

    def _columns(self) -> tuple[Mapping[str, Mapping[str, float]], frozenset[str]]:
        given = self._content.get("columns") or {}
        if not isinstance(given, dict):
            self.problems.append("columns: write `name: { psi: 0.1 }` or `name: ignore` lines.")
            return {}, frozenset()
        limits: dict[str, Mapping[str, float]] = {}
        ignored: set[str] = set()
        for name, value in given.items():
            if value == _IGNORE:
                ignored.add(str(name))
            elif isinstance(value, dict) and value:
                limits[str(name)] = self._limits(f"columns.{name}", value)
            else:
                self.problems.append(f"columns.{name}: write its limits, or `{_IGNORE}`.")
        return limits, frozenset(ignored)

    def _windows(self) -> tuple[int, int]:
        given = self._content.get("windows")
        if not isinstance(given, dict) or set(given) != {"drifted", "of"}:
            self.problems.append("windows: write it as `{ drifted: 2, of: 3 }`.")
            return 1, 1
        before = len(self.problems)
        drifted = self._whole("windows.drifted", given["drifted"])
        of_windows = self._whole("windows.of", given["of"])
        if len(self.problems) == before and drifted > of_windows:
            self.problems.append(
                f"windows: {drifted} of {of_windows} windows can never drift; swap the numbers."
            )
        return drifted, of_windows

    def _days(self) -> float:
        value = self._content.get("cool_down_days")
        days = _number(value)
        if days is None or days < 0:
            self.problems.append(f"cool_down_days: {_shown(value)} is not a number from 0.")
            return 0
        return days

    def _whole(self, name: str, value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
            return value
        self.problems.append(f"{name}: {_shown(value)} is not a whole number from 1.")
        return 1


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if math.isfinite(value) else None


def _shown(value: object) -> str:
    return "nothing" if value is None else repr(value)


def _meant(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(str(name), list(known), 1)
    return f" Did you mean {close[0]}?" if close else ""
