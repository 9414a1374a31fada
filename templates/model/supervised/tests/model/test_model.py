"""Tests of a trained model as a whole: what it must know before it may be promoted.

They test the model that this code trains, or with ``--model-package FOLDER`` a packaged one.
"""

from __future__ import annotations

import pandas as pd
from mloccli.testing import ModelUnderTest
from model_modules.data import FEATURES, LABEL, load_evaluation_data

# Measurements of flowers that leave no doubt.
TYPICAL = pd.DataFrame(
    [[5.0, 3.4, 1.5, 0.2], [5.9, 2.8, 4.3, 1.3], [6.6, 3.0, 5.6, 2.1]],
    columns=list(FEATURES),
    index=["setosa", "versicolor", "virginica"],
)


def test_it_names_typical_flowers(model_under_test: ModelUnderTest) -> None:
    predictions = model_under_test.score(TYPICAL)["prediction"]

    assert list(predictions) == list(TYPICAL.index)


def test_it_is_surer_of_typical_flowers_than_of_one_between_two_species(
    model_under_test: ModelUnderTest,
) -> None:
    between = pd.DataFrame([TYPICAL.loc[["versicolor", "virginica"]].mean()])

    sure = model_under_test.score(TYPICAL)["probability"]
    unsure = model_under_test.score(between)["probability"]

    assert unsure.iloc[0] < sure.min()


def test_its_probabilities_are_those_of_the_likeliest_of_three_classes(
    model_under_test: ModelUnderTest,
) -> None:
    probabilities = model_under_test.score(load_evaluation_data())["probability"]

    assert probabilities.between(1 / 3, 1).all()


def test_no_species_is_neglected(model_under_test: ModelUnderTest) -> None:
    data = load_evaluation_data()
    right = model_under_test.score(data)["prediction"] == data[LABEL]

    recall_by_species = right.groupby(data[LABEL]).mean()

    assert recall_by_species.min() > 0.75


def test_it_is_better_than_a_single_measurement_of_the_petals(
    model_under_test: ModelUnderTest,
) -> None:
    data = load_evaluation_data()
    by_width = pd.cut(
        data["petal_width_cm"], [0, 0.8, 1.9, 9], labels=["setosa", "versicolor", "virginica"]
    )

    accuracy = (model_under_test.score(data)["prediction"] == data[LABEL]).mean()

    assert accuracy > (by_width.astype(str) == data[LABEL]).mean()
