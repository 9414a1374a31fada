"""Batch serving of an example: a CSV file in, scores out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import DataError

if TYPE_CHECKING:
    import pandas as pd

    from ..model.serving import Score

EXAMPLE_FILE = "example_input.csv"


def write_example(path: Path, data: pd.DataFrame) -> None:
    """Write the rows as a CSV file, every number exact."""
    data.to_csv(path, index=False)


def score_example(path: Path, score: Score) -> pd.DataFrame:
    """Score a CSV file as a batch job scores a table."""
    import pandas as pd

    try:
        data = pd.read_csv(path, float_precision="round_trip")
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read as CSV: {error}.") from error
    if data.empty:
        raise DataError(f"{path} has no rows.")
    return score(data)
