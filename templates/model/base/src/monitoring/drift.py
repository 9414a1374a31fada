"""Drift: how far the current data and scores are from the reference, column by column.

    psi      population stability index over the reference's bins or categories
    ks       Kolmogorov-Smirnov statistic, the largest gap between the two distributions
    missing  by how much the share of missing values rose
    unseen   by how much the share of categories rose that the reference does not name

Each is larger the further the column has moved. No p-value is used: with enough rows every
difference is significant, and none of that says whether it matters.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ..errors import FindingError
from .columns import categories_of, numbers_of
from .reference import FORMAT, bin_shares

if TYPE_CHECKING:
    import pandas as pd

MEASURES = ("psi", "ks", "missing", "unseen")

#: Stands for the share of an empty bin, whose logarithm does not exist. A bin that held 10 % and
#: is empty now adds 0.69 to the index: far above any limit, and still finite.
EMPTY_BIN_SHARE = 0.0001

Part: TypeAlias = Literal["data", "scores"]
State: TypeAlias = Literal["measured", "gone", "all missing", "not compared"]

_MOST_NAMED_CATEGORIES = 5


@dataclass(frozen=True)
class ColumnDrift:
    """What was found in one column; ``gone`` and ``all missing`` are faults of the feed."""

    column: str
    part: Part
    state: State
    measures: Mapping[str, float] = field(default_factory=dict)
    note: str = ""

    @property
    def is_broken(self) -> bool:
        """Whether there is nothing to compare although the reference had values."""
        return self.state in ("gone", "all missing")


@dataclass(frozen=True)
class DriftReport:
    """Every column of the reference against the current rows."""

    rows: int
    reference_rows: int
    columns: tuple[ColumnDrift, ...]


def measure_drift(
    reference: Mapping[str, Any], data: pd.DataFrame, scores: pd.DataFrame | None
) -> DriftReport:
    """Compare all columns; without scores, because the data is broken, only those of the data.

    Further columns of the data are left out. Without a row there is nothing to say of any column.
    """
    if reference.get("format") != FORMAT:
        raise FindingError(
            f"The reference is of another format than {FORMAT}.", "Package the model anew."
        )
    tables: dict[Part, pd.DataFrame | None] = {"data": data, "scores": scores}
    found = [
        _compare(part, name, old, table)
        for part, table in tables.items()
        if table is not None and len(table)
        for name, old in reference[part].items()
    ]
    return DriftReport(len(data), int(reference["rows"]), tuple(found))


def population_stability_index(expected: Sequence[float], actual: Sequence[float]) -> float:
    """The index of two sequences of shares over the same bins: 0 when they are equal."""
    pairs = [
        (max(old, EMPTY_BIN_SHARE), max(new, EMPTY_BIN_SHARE))
        for old, new in zip(expected, actual, strict=True)
    ]
    return sum((new - old) * log(new / old) for old, new in pairs)


def kolmogorov_smirnov(curve: Sequence[Sequence[float]], numbers: Sequence[float]) -> float:
    """The largest gap between the reference's curve and the sorted numbers, from 0 to 1.

    Both sides of each point are looked at, which makes it exact where the curve holds every
    number of the reference, and at most 0.01 too small where it holds 101 of them.
    """
    total = len(numbers)
    return max(
        max(
            abs(below - bisect_left(numbers, number) / total),
            abs(up_to - bisect_right(numbers, number) / total),
        )
        for number, below, up_to in curve
    )


def _compare(part: Part, name: str, old: Mapping[str, Any], table: pd.DataFrame) -> ColumnDrift:
    if name not in table.columns:
        return ColumnDrift(name, part, "gone", note="the column is missing")
    if old["kind"] == "empty":
        return ColumnDrift(name, part, "not compared", note="the reference holds no value")
    if old["kind"] == "other":
        return ColumnDrift(name, part, "not compared", note="neither numbers nor categories")
    if old["kind"] == "numeric":
        return _compare_numbers(part, name, old, table[name])
    return _compare_categories(part, name, old, table[name])


def _compare_numbers(
    part: Part, name: str, old: Mapping[str, Any], column: pd.Series
) -> ColumnDrift:
    numbers = numbers_of(column)
    if not numbers:
        return ColumnDrift(name, part, "all missing", note="no row has a number")
    measures = {
        "psi": population_stability_index(old["shares"], bin_shares(numbers, old["edges"])),
        "ks": kolmogorov_smirnov(old["curve"], numbers),
        "missing": 1 - len(numbers) / len(column) - old["missing_share"],
    }
    return ColumnDrift(name, part, "measured", measures)


def _compare_categories(
    part: Part, name: str, old: Mapping[str, Any], column: pd.Series
) -> ColumnDrift:
    counts = categories_of(column)
    total = sum(counts.values())
    if not total:
        return ColumnDrift(name, part, "all missing", note="no row has a value")
    named: Mapping[str, float] = old["shares"]
    other = sum(count for category, count in counts.items() if category not in named) / total
    shares = [*(counts[category] / total for category in named), other]
    measures = {
        "psi": population_stability_index([*named.values(), old["other_share"]], shares),
        "missing": 1 - total / len(column) - old["missing_share"],
        "unseen": other - old["other_share"],
    }
    return ColumnDrift(name, part, "measured", measures, _unseen_note(counts, named))


def _unseen_note(counts: Counter[str], named: Mapping[str, float]) -> str:
    """The most frequent categories that the reference does not name; rare ones stay unnamed."""
    unseen = [
        category for category, count in counts.most_common() if category not in named and count > 1
    ]
    if not unseen:
        return ""
    shown = ", ".join(category[:40] for category in unseen[:_MOST_NAMED_CATEGORIES])
    more = len(unseen) - _MOST_NAMED_CATEGORIES
    return f"not in the reference: {shown}{f' and {more} more' if more > 0 else ''}"
