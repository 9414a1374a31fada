"""Tests of the rules as a whole, with the limits of model_parameters.yml.

They test the rules of this code, or with ``--model-package FOLDER`` packaged ones.
"""

from __future__ import annotations

import pandas as pd
from mloccli.testing import ModelUnderTest
from model_modules.data import LABEL, load_evaluation_data

HARMLESS = {
    "amount": 250.0,
    "usual_amount": 300.0,
    "account_age_days": 900,
    "hour": 12,
    "country": "SE",
}
CLEAR_CASES = {
    "an ordinary purchase": HARMLESS,
    "a hundred times what is usual": {**HARMLESS, "amount": 30000.0},
    "a fortune from an account of yesterday": {
        **HARMLESS,
        "amount": 40000.0,
        "usual_amount": 40000.0,
        "account_age_days": 1,
    },
    "to abroad at three in the morning": {
        **HARMLESS,
        "amount": 2500.0,
        "hour": 3,
        "country": "US",
    },
}


def test_it_flags_the_clear_cases_and_no_other(model_under_test: ModelUnderTest) -> None:
    data = pd.DataFrame.from_dict(CLEAR_CASES, orient="index")

    assert list(model_under_test.score(data)["flagged"]) == [0, 1, 1, 1]


def test_every_flag_has_a_reason(model_under_test: ModelUnderTest) -> None:
    scores = model_under_test.score(load_evaluation_data())

    assert ((scores["flagged"] == 1) == (scores["rules"] != "")).all()


def test_it_leaves_most_payments_alone(model_under_test: ModelUnderTest) -> None:
    data = load_evaluation_data()
    harmless = data[data[LABEL] == 0]

    assert model_under_test.score(harmless)["flagged"].mean() < 0.05


def test_the_answer_for_a_payment_does_not_depend_on_the_others(
    model_under_test: ModelUnderTest,
) -> None:
    data = load_evaluation_data()
    together = model_under_test.score(data)

    alone = pd.concat([model_under_test.score(data.iloc[[row]]) for row in range(len(data))])

    pd.testing.assert_frame_equal(alone, together)
