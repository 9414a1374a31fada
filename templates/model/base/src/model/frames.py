"""Tables as plain JSON values and back, and telling whether two tables of scores agree."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Real
from typing import TYPE_CHECKING, TypedDict

from ..errors import DataError

if TYPE_CHECKING:
    import pandas as pd

_RELATIVE_TOLERANCE = 1e-6


class SplitFrame(TypedDict):
    """A table as pandas and MLflow write it with the orientation ``split``."""

    columns: list[str]
    index: list[object]
    data: list[list[object]]


def frame_to_json(data: pd.DataFrame) -> SplitFrame:
    """Columns, index and rows as plain values, every number exact; NaN becomes null."""
    return {
        "columns": [str(name) for name in data.columns],
        "index": [_plain(label) for label in data.index],
        "data": [[_plain(value) for value in row] for row in data.itertuples(index=False)],
    }


def frame_to_records(data: pd.DataFrame) -> list[dict[str, object]]:
    """Each row as a mapping from column to plain value."""
    content = frame_to_json(data)
    columns, rows = content["columns"], content["data"]
    return [dict(zip(columns, row)) for row in rows]


def frame_from_json(content: Mapping[str, object]) -> pd.DataFrame:
    """A table from columns, rows and, if given, an index; a row of another length is a finding."""
    import pandas as pd

    columns, rows, index = content.get("columns"), content.get("data"), content.get("index")
    if not isinstance(columns, list) or not isinstance(rows, list):
        raise DataError("The table needs a list of `columns` and a list of rows in `data`.")
    if len(set(map(str, columns))) != len(columns):
        raise DataError("The table names a column twice.")
    for number, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != len(columns):
            raise DataError(f"Row {number} does not have {len(columns)} values.")
    if index is not None and (not isinstance(index, list) or len(index) != len(rows)):
        raise DataError("The `index` of the table does not have one entry for each row.")
    return pd.DataFrame(rows, columns=[str(column) for column in columns], index=index)


def score_differences(expected: pd.DataFrame, actual: pd.DataFrame) -> list[str]:
    """What differs between the scores of the same rows; empty when they agree."""
    if list(expected.columns) != list(actual.columns):
        return [f"columns are {list(actual.columns)}, expected {list(expected.columns)}"]
    if len(expected) != len(actual):
        return [f"{len(actual)} rows, expected {len(expected)}"]
    differences: list[str] = []
    for name in expected.columns:
        pairs = zip(expected[name].tolist(), actual[name].tolist())
        for row, (wanted, found) in enumerate(pairs):
            problem = _difference(wanted, found)
            if problem:
                differences.append(f"{name}, row {row}: {problem}")
    return differences


def _plain(value: object) -> object:
    """A value as JSON knows it: numpy's scalars become Python's, times become ISO texts."""
    if hasattr(value, "isoformat"):
        text = str(value.isoformat())
        return None if text == "NaT" else text
    native = value.item() if hasattr(value, "item") else value
    if native is None or isinstance(native, (str, bool, int)):
        return native
    if isinstance(native, float):
        return native if math.isfinite(native) else None
    return None if type(native).__name__ == "NAType" else str(native)


def _difference(wanted: object, found: object) -> str:
    if isinstance(found, Real) and not math.isfinite(found):
        return f"{found} is not a finite number"
    if isinstance(wanted, Real) and isinstance(found, Real):
        same = math.isclose(
            wanted, found, rel_tol=_RELATIVE_TOLERANCE, abs_tol=_RELATIVE_TOLERANCE
        )
    else:
        same = wanted == found
    return "" if same else f"{found!r}, expected {wanted!r}"
