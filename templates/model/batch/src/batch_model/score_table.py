"""Scoring a table in one batch; notebooks and jobs call this."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ..model.package import PackagedModel

if TYPE_CHECKING:
    import pandas as pd


def score_table(
    model: PackagedModel, data: pd.DataFrame, scored_at: datetime, version: str | None = None
) -> pd.DataFrame:
    """The data with its scores beside it, and which version of which model made them when.

    Every row of the data is there once, in its order; a score that has the name of a column of
    the data takes its place. Without a version it is that of the package.
    """
    import pandas as pd

    scores = model.score(data)
    kept = data[[name for name in data.columns if name not in scores.columns]]
    # Side by side, not joined: an index that repeats must not multiply rows.
    return pd.concat([kept, scores.set_axis(kept.index)], axis=1).assign(
        model_name=model.name, model_version=version or model.version, scored_at=scored_at
    )
