"""Unit tests of the cleansing; yours to change together with it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from model_modules.cleansing import cleanse, kept_rows
from model_modules.data import load_raw_data

GOOD = {
    "amount": 10.0,
    "usual_amount": 9.0,
    "account_age_days": 30,
    "hour": 12,
    "country": "SE",
    "suspicious": 0,
}


def payments(*changes: dict[str, Any]) -> pd.DataFrame:
    index = [f"P{number}" for number in range(len(changes))]
    return pd.DataFrame([{**GOOD, **change} for change in changes], index=index)


def test_every_payment_of_the_demo_is_good() -> None:
    pd.testing.assert_frame_equal(kept_rows(load_raw_data()), load_raw_data())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, ""),
        ({"hour": 0}, ""),
        ({"hour": 23}, ""),
        ({"hour": 24}, "an hour that no day has"),
        ({"hour": -1}, "an hour that no day has"),
        ({"amount": 0.01}, ""),
        ({"amount": 0}, "an amount that is not above 0"),
        ({"country": ""}, "a value is missing"),
        ({"usual_amount": ""}, "a value is missing"),
        ({"hour": None}, "a value is missing"),
    ],
)
def test_each_payment_is_kept_or_left_out_for_its_reason(
    change: dict[str, Any], reason: str
) -> None:
    cleansed = cleanse(payments({}, change))

    assert list(cleansed["reject_reason"]) == ["", reason]


def test_a_payment_that_arrives_twice_is_kept_once() -> None:
    twice = pd.concat([payments({}, {"amount": 20.0}), payments({})])

    assert list(kept_rows(twice)["amount"]) == [10, 20]


def test_numbers_that_arrive_as_text_become_numbers() -> None:
    assert list(kept_rows(payments({"amount": "12.50"}))["amount"]) == [12.5]
