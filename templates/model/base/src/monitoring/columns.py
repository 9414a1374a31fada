"""What monitoring reads from a table's column: its kind, its numbers, its categories."""

from __future__ import annotations

import math
from collections import Counter
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    import pandas as pd

#: ``empty`` holds no value at all; ``other`` holds times or lists, whose spread says nothing.
Kind: TypeAlias = Literal["numeric", "categorical", "empty", "other"]


def kind_of(column: pd.Series) -> Kind:
    """How a column is compared; numbers that came as objects, such as decimals, are numbers."""
    from pandas.api import types

    present = column.dropna()
    if present.empty:
        return "empty"
    if types.is_bool_dtype(column):
        return "categorical"
    if types.is_numeric_dtype(column):
        return "numeric"
    if all(_is_number(value) for value in present):
        return "numeric"
    if all(isinstance(value, (str, bool)) for value in present):
        return "categorical"
    return "other"


def numbers_of(column: pd.Series) -> list[float]:
    """The finite numbers of a column, sorted; whatever is no finite number counts as missing."""
    import pandas as pd

    numbers = pd.to_numeric(column, errors="coerce").dropna().astype(float).sort_values()
    return [number for number in numbers.tolist() if math.isfinite(number)]


def categories_of(column: pd.Series) -> Counter[str]:
    """How often each value of a column stands there, as text; missing ones do not count."""
    return Counter(str(value) for value in column.dropna())


def _is_number(value: object) -> bool:
    return isinstance(value, (Real, Decimal)) and not isinstance(value, bool)
