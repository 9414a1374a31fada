"""Unit tests of the model's rules; yours to change together with them."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from model_modules.data import COLUMNS, LABEL, load_evaluation_data, load_scoring_data
from model_modules.rules import RULES, Limits
from model_modules.scoring import evaluate, score

LIMITS: Limits = {
    "home_country": "SE",
    "small_amount": 500,
    "large_amount": 10000,
    "usual_factor": 5,
    "new_account_days": 30,
    "night_begins": 0,
    "night_ends": 5,
}
ORDINARY: dict[str, object] = {
    "amount": 200.0,
    "usual_amount": 250.0,
    "account_age_days": 900,
    "hour": 14,
    "country": "SE",
}


def payments(*differences: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([{**ORDINARY, **difference} for difference in differences])


def flags(rule: str, **difference: object) -> bool:
    return bool(RULES[rule](payments(difference), LIMITS).iloc[0])


@pytest.mark.parametrize("rule", RULES)
def test_no_rule_flags_an_ordinary_payment(rule: str) -> None:
    assert not flags(rule)


@pytest.mark.parametrize(
    ("amount", "usual", "expected"),
    [
        (10000.0, 1999.0, True),
        (9999.99, 1000.0, False),
        (10000.0, 2000.0, False),
        (50000.0, 10000.0, False),
        (50000.01, 10000.0, True),
    ],
)
def test_far_above_usual(amount: float, usual: float, expected: bool) -> None:
    assert flags("far_above_usual", amount=amount, usual_amount=usual) is expected


@pytest.mark.parametrize(
    ("amount", "age", "expected"),
    [(10000.0, 29, True), (10000.0, 30, False), (9999.99, 29, False), (10000.0, 0, True)],
)
def test_large_from_new_account(amount: float, age: int, expected: bool) -> None:
    assert flags("large_from_new_account", amount=amount, account_age_days=age) is expected


@pytest.mark.parametrize(
    ("hour", "country", "amount", "expected"),
    [
        (0, "US", 500.0, True),
        (4, "US", 500.0, True),
        (5, "US", 500.0, False),
        (23, "US", 500.0, False),
        (2, "SE", 500.0, False),
        (2, "US", 499.99, False),
    ],
)
def test_at_night_to_abroad(hour: int, country: str, amount: float, expected: bool) -> None:
    found = flags("at_night_to_abroad", hour=hour, country=country, amount=amount)

    assert found is expected


def test_scores_say_which_rules_flag_a_payment() -> None:
    data = payments(
        {},
        {"amount": 20000.0, "account_age_days": 3},
        {"amount": 700.0, "hour": 2, "country": "US"},
    )

    scores = score(LIMITS, data)

    assert list(scores.columns) == ["flagged", "rules"]
    assert list(scores["flagged"]) == [0, 1, 1]
    assert list(scores["rules"]) == [
        "",
        "far_above_usual, large_from_new_account",
        "at_night_to_abroad",
    ]


def test_scores_keep_the_order_and_the_index_of_the_payments() -> None:
    data = load_scoring_data()
    backwards = data.iloc[::-1]

    scores = score(LIMITS, backwards)

    pd.testing.assert_index_equal(scores.index, backwards.index)
    pd.testing.assert_frame_equal(scores.iloc[::-1], score(LIMITS, data))


def test_the_metrics_of_known_answers() -> None:
    suspicious = {"amount": 700.0, "hour": 2, "country": "US"}
    data = payments(suspicious, suspicious, suspicious, {}, {}).assign(**{LABEL: [1, 1, 0, 1, 1]})

    metrics = evaluate(LIMITS, data)

    assert metrics["precision"] == pytest.approx(2 / 3)
    assert metrics["recall"] == pytest.approx(2 / 4)


def test_without_flags_there_is_no_precision() -> None:
    metrics = evaluate(LIMITS, payments({}).assign(**{LABEL: [1]}))

    assert math.isnan(metrics["precision"])
    assert metrics["recall"] == 0


def test_the_answers_of_the_analyst_are_not_in_the_scoring_data() -> None:
    assert list(load_scoring_data().columns) == list(COLUMNS)
    assert set(load_evaluation_data()[LABEL]) == {0, 1}


def test_every_payment_has_an_id_of_its_own() -> None:
    assert load_evaluation_data().index.is_unique
