"""Cleansing: which raw payments the rules are evaluated on, and why not the others."""

from __future__ import annotations

import pandas as pd

REASON = "reject_reason"
NUMBERS = ("amount", "usual_amount", "account_age_days", "hour")


def cleanse(data: pd.DataFrame) -> pd.DataFrame:
    """All payments in their order, each with the reason why it is left out, or an empty text."""
    numbers = data[list(NUMBERS)].apply(pd.to_numeric, errors="coerce")
    reasons = pd.Series("", index=data.index)
    reasons[~numbers["hour"].between(0, 23)] = "an hour that no day has"
    reasons[numbers["amount"] <= 0] = "an amount that is not above 0"
    reasons[data.index.duplicated()] = "a payment that arrived before"
    reasons[numbers.isna().any(axis=1) | (data["country"] == "")] = "a value is missing"
    return data.assign(**{name: numbers[name] for name in NUMBERS}, **{REASON: reasons})


def kept_rows(data: pd.DataFrame) -> pd.DataFrame:
    """The payments that cleansing keeps."""
    cleansed = cleanse(data)
    return cleansed[cleansed[REASON] == ""].drop(columns=REASON)
