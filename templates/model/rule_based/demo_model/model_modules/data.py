"""The model's data. The demo uses payments that an analyst has looked at, in payments.csv.

Put your own source here: the platform only calls the ``load_…`` functions.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from .cleansing import kept_rows

LABEL = "suspicious"
COLUMNS = ("amount", "usual_amount", "account_age_days", "hour", "country")

_PAYMENTS = Path(__file__).with_name("payments.csv")


def load_raw_data() -> pd.DataFrame:
    """The payments as they arrived."""
    return pd.read_csv(_PAYMENTS, index_col="payment_id", keep_default_na=False)


def load_evaluation_data() -> pd.DataFrame:
    """Payments with the analyst's answer: 1 for a suspicious one, else 0."""
    return kept_rows(load_raw_data())


def load_scoring_data() -> pd.DataFrame:
    """Payments that nobody has looked at, as in production."""
    return load_evaluation_data().drop(columns=[LABEL])
