"""Cleansing: which raw rows the model may learn from, and why not the others."""

from __future__ import annotations

import pandas as pd

REASON = "reject_reason"


def cleanse(data: pd.DataFrame) -> pd.DataFrame:
    """All rows in their order, each with the reason why it is left out; an empty text keeps it."""
    lengths = data.select_dtypes("number")
    reasons = pd.Series("", index=data.index)
    reasons[(lengths <= 0).any(axis=1)] = "a length that is not above 0"
    reasons[data.duplicated()] = "a flower that was measured before"
    reasons[data.isna().any(axis=1)] = "a value is missing"
    return data.assign(**{REASON: reasons})


def kept_rows(data: pd.DataFrame) -> pd.DataFrame:
    """The rows that cleansing keeps."""
    cleansed = cleanse(data)
    return cleansed[cleansed[REASON] == ""].drop(columns=REASON)
