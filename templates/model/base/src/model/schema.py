"""The columns a packaged model takes, and making data fit them or saying why it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from ..errors import DataError, FindingError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Column:
    """A column's name and its pandas type."""

    name: str
    dtype: str


def schema_of(data: pd.DataFrame) -> list[Column]:
    """The columns of the data, in order."""
    return [Column(str(name), str(dtype)) for name, dtype in data.dtypes.items()]


def schema_to_json(schema: Sequence[Column]) -> list[dict[str, str]]:
    """The schema as plain values."""
    return [asdict(column) for column in schema]


def schema_from_json(content: object) -> list[Column]:
    """The schema from plain values."""
    if not isinstance(content, list) or not all(isinstance(entry, dict) for entry in content):
        raise FindingError("The schema in the package's metadata cannot be read.")
    return [Column(str(entry.get("name")), str(entry.get("dtype"))) for entry in content]


def fitted(data: pd.DataFrame, schema: Sequence[Column]) -> pd.DataFrame:
    """Exactly the columns of the schema with their types; further columns are left out."""
    missing = [column.name for column in schema if column.name not in data.columns]
    if missing:
        raise DataError(
            f"The data has no column {', '.join(missing)}.",
            f"The model needs: {', '.join(column.name for column in schema)}.",
        )
    problems: list[str] = []
    result = data[[column.name for column in schema]].copy()
    for column in schema:
        try:
            result[column.name] = result[column.name].astype(column.dtype)  # type: ignore[call-overload]
        except (TypeError, ValueError) as error:
            problems.append(f"{column.name} is not {column.dtype}: {error}")
    if problems:
        raise DataError(f"The data does not have the model's types: {'; '.join(problems)}.")
    return result
