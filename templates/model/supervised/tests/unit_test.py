"""Unit tests of the model's own code; yours to change together with it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from model_modules.data import (
    FEATURES,
    LABEL,
    load_all_data,
    load_evaluation_data,
    load_scoring_data,
    load_training_data,
)
from model_modules.scoring import evaluate, score
from model_modules.training import train

PARAMETERS = {"inverse_regularisation": 1.0, "max_iterations": 500}


@pytest.fixture(name="model", scope="module")
def trained_model() -> Any:
    return train(load_training_data(), PARAMETERS)


class ModelThatKnows:
    """Stands in for a model: predicts what it was told, row by row, by sepal length."""

    def __init__(self, answers: dict[float, str]) -> None:
        self.answers = answers

    def predict(self, features: pd.DataFrame) -> list[str]:
        return [self.answers[length] for length in features["sepal_length_cm"]]

    def predict_proba(self, features: pd.DataFrame) -> Any:
        return pd.DataFrame({"yes": [0.75] * len(features), "no": 0.25}).to_numpy()


def flowers(labels: dict[float, str]) -> pd.DataFrame:
    data = pd.DataFrame({name: list(labels) for name in FEATURES})
    data[LABEL] = list(labels.values())
    return data


def test_every_row_is_either_for_training_or_for_evaluation() -> None:
    training, evaluation = load_training_data(), load_evaluation_data()

    assert not set(training.index) & set(evaluation.index)
    assert set(training.index) | set(evaluation.index) == set(load_all_data().index)


def test_no_flower_is_in_both_halves() -> None:
    in_both = load_training_data().merge(load_evaluation_data(), how="inner")

    assert in_both.empty


def test_the_split_is_the_same_every_time() -> None:
    pd.testing.assert_frame_equal(load_training_data(), load_training_data())


def test_both_halves_hold_every_class_in_the_same_share() -> None:
    shares = load_training_data()[LABEL].value_counts(normalize=True).sort_index()
    evaluation_shares = load_evaluation_data()[LABEL].value_counts(normalize=True).sort_index()

    pd.testing.assert_series_equal(shares, evaluation_shares, atol=0.02)


def test_the_label_is_not_in_the_scoring_data() -> None:
    assert list(load_scoring_data().columns) == list(FEATURES)


def test_training_learns_the_labels_that_it_is_given() -> None:
    swapped = load_training_data()
    swapped[LABEL] = swapped[LABEL].replace({"setosa": "virginica", "virginica": "setosa"})

    model = train(swapped, PARAMETERS)

    setosa = load_evaluation_data().query(f"{LABEL} == 'setosa'")
    assert set(score(model, setosa)["prediction"]) == {"virginica"}


def test_training_uses_its_parameters() -> None:
    data = load_training_data()

    loose = score(train(data, PARAMETERS), data)["probability"].mean()
    tight = score(train(data, {**PARAMETERS, "inverse_regularisation": 0.001}), data)

    assert tight["probability"].mean() < loose - 0.2


def test_training_leaves_its_data_unchanged() -> None:
    data = load_training_data()
    before = data.copy()

    train(data, PARAMETERS)

    pd.testing.assert_frame_equal(data, before)


def test_scores_keep_the_order_and_the_index_of_the_rows(model: Any) -> None:
    data = load_scoring_data()
    backwards = data.iloc[::-1]

    scores = score(model, backwards)

    pd.testing.assert_index_equal(scores.index, backwards.index)
    pd.testing.assert_frame_equal(scores.iloc[::-1], score(model, data))


def test_scores_are_a_class_and_its_probability() -> None:
    labels = {5.0: "setosa", 6.0: "virginica", 7.0: "versicolor"}

    scores = score(ModelThatKnows(labels), flowers(labels))

    assert list(scores.columns) == ["prediction", "probability"]
    assert list(scores["prediction"]) == list(labels.values())
    assert list(scores["probability"]) == [0.75, 0.75, 0.75]


def test_the_metrics_of_known_answers() -> None:
    labels = {4.0: "setosa", 5.0: "setosa", 6.0: "virginica", 7.0: "virginica"}
    answers = {**labels, 5.0: "virginica"}

    metrics = evaluate(ModelThatKnows(answers), flowers(labels))

    # setosa: precision 1, recall 1/2; virginica: precision 2/3, recall 1.
    assert metrics["accuracy"] == pytest.approx(3 / 4)
    assert metrics["f1_macro"] == pytest.approx((2 / 3 + 4 / 5) / 2)
