"""The reference: how data and scores were spread when the model was made.

It is stored with the model version, and drift is always measured against its fixed bins: bins
that moved with the current data would hide the drift. Of the data it keeps shares, up to 101
values of each numeric column, and the categories that are not rare; never a row.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from math import inf, nextafter
from typing import TYPE_CHECKING

from ..errors import FindingError
from .columns import categories_of, kind_of, numbers_of

if TYPE_CHECKING:
    import pandas as pd

REFERENCE_FILE = "reference.json"
FORMAT = 1

MOST_BINS = 10
#: A bin of fewer rows measures chance: small references get fewer bins.
ROWS_PER_BIN = 10
MOST_CURVE_POINTS = 101
MOST_CATEGORIES = 50
#: Rarer categories are counted together; their names may be those of persons.
SMALLEST_CATEGORY_SHARE = 0.01
SMALLEST_CATEGORY_COUNT = 2


def build_reference(data: pd.DataFrame, scores: pd.DataFrame) -> dict[str, object]:
    """The spread of each column of the data and of the scores, as plain JSON values."""
    if data.empty:
        raise FindingError("A reference cannot be built: the data has no rows.")
    return {
        "format": FORMAT,
        "rows": len(data),
        "data": {str(name): describe(data[name]) for name in data.columns},
        "scores": {str(name): describe(scores[name]) for name in scores.columns},
    }


def describe(column: pd.Series) -> dict[str, object]:
    """One column of a reference; shares are of the rows that have a value."""
    kind = kind_of(column)
    numbers = numbers_of(column) if kind == "numeric" else []
    if kind == "numeric" and not numbers:
        kind = "empty"
    count = len(numbers) if kind == "numeric" else int(column.notna().sum())
    content: dict[str, object] = {
        "kind": kind,
        "count": count,
        "missing_share": 1 - count / len(column),
    }
    if kind == "numeric":
        return {**content, **_describe_numbers(numbers)}
    if kind == "categorical":
        return {**content, **_describe_categories(column)}
    return content


def _describe_numbers(numbers: Sequence[float]) -> dict[str, object]:
    edges = bin_edges(numbers)
    return {"edges": edges, "shares": bin_shares(numbers, edges), "curve": _curve(numbers)}


def _describe_categories(column: pd.Series) -> dict[str, object]:
    counts = categories_of(column)
    total = sum(counts.values())
    kept = {
        name: count / total
        for name, count in counts.most_common(MOST_CATEGORIES)
        if count >= SMALLEST_CATEGORY_COUNT and count / total >= SMALLEST_CATEGORY_SHARE
    }
    named = sum(count for name, count in counts.items() if name in kept)
    return {"shares": kept, "other_share": (total - named) / total}


def bin_edges(numbers: Sequence[float]) -> list[float]:
    """The inner edges of bins that hold about as many of the sorted numbers each.

    A bin ends with its upper edge; the first and the last one are open. A number that fills
    several bins is one edge. A constant column has the bins below, at and above its number.
    """
    if numbers[0] == numbers[-1]:
        return [nextafter(numbers[0], -inf), numbers[0]]
    bins = max(2, min(MOST_BINS, len(numbers) // ROWS_PER_BIN))
    inner = {numbers[(len(numbers) * number - 1) // bins] for number in range(1, bins)}
    edges = sorted(edge for edge in inner if edge < numbers[-1])
    return edges or [numbers[bisect_left(numbers, numbers[-1]) - 1]]


def bin_shares(numbers: Sequence[float], edges: Sequence[float]) -> list[float]:
    """The share of the sorted numbers in each bin."""
    up_to = [0, *(bisect_right(numbers, edge) for edge in edges), len(numbers)]
    return [(high - low) / len(numbers) for low, high in zip(up_to, up_to[1:])]


def _curve(numbers: Sequence[float]) -> list[list[float]]:
    """Points of the distribution: a number, the share below it, and the share up to it.

    All numbers when they are few, else evenly chosen ones with the smallest and the largest.
    """
    distinct = sorted(set(numbers))
    if len(distinct) > MOST_CURVE_POINTS:
        last = len(numbers) - 1
        places = range(MOST_CURVE_POINTS)
        distinct = sorted({numbers[last * place // (MOST_CURVE_POINTS - 1)] for place in places})
    total = len(numbers)
    return [
        [number, bisect_left(numbers, number) / total, bisect_right(numbers, number) / total]
        for number in distinct
    ]
