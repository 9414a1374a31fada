"""Unit tests of the model's own code; yours to change together with it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from model_modules.data import (
    FEATURES,
    KNOWN_GROUP,
    load_all_data,
    load_evaluation_data,
    load_scoring_data,
    load_training_data,
)
from model_modules.scoring import evaluate, score
from model_modules.training import train

PARAMETERS = {"clusters": 3, "starts": 10, "seed": 7}


@pytest.fixture(name="model", scope="module")
def trained_model() -> Any:
    return train(load_training_data(), PARAMETERS)


def flowers(lengths: list[float], groups: list[str] | None = None) -> pd.DataFrame:
    data = pd.DataFrame({name: lengths for name in FEATURES})
    return data if groups is None else data.assign(**{KNOWN_GROUP: groups})


def test_every_row_is_either_for_training_or_for_evaluation() -> None:
    training, evaluation = load_training_data(), load_evaluation_data()

    assert not set(training.index) & set(evaluation.index)
    assert set(training.index) | set(evaluation.index) == set(load_all_data().index)


def test_no_flower_is_in_both_halves() -> None:
    in_both = load_training_data().merge(load_evaluation_data(), on=list(FEATURES), how="inner")

    assert in_both.empty


def test_the_split_is_the_same_every_time() -> None:
    pd.testing.assert_frame_equal(load_training_data(), load_training_data())


def test_the_known_groups_are_only_in_the_evaluation_data() -> None:
    assert list(load_training_data().columns) == list(FEATURES)
    assert list(load_scoring_data().columns) == list(FEATURES)
    assert list(load_evaluation_data().columns) == [*FEATURES, KNOWN_GROUP]


def test_training_finds_the_groups_in_the_data() -> None:
    data = flowers([1.0, 1.1, 1.2, 5.0, 5.1, 5.2])

    clusters = score(train(data, {**PARAMETERS, "clusters": 2}), data)["cluster"]

    assert clusters.iloc[:3].nunique() == 1
    assert clusters.iloc[3:].nunique() == 1
    assert clusters.nunique() == 2


@pytest.mark.parametrize("clusters", [2, 4])
def test_training_uses_its_parameters(clusters: int) -> None:
    data = load_training_data()

    model = train(data, {**PARAMETERS, "clusters": clusters})

    assert score(model, data)["cluster"].nunique() == clusters


def test_training_gives_the_same_clusters_every_time(model: Any) -> None:
    again = train(load_training_data(), PARAMETERS)

    data = load_scoring_data()
    pd.testing.assert_frame_equal(score(model, data), score(again, data))


def test_every_measurement_counts_whatever_its_unit(model: Any) -> None:
    data = load_training_data()
    in_millimetres = data.assign(sepal_width_cm=data["sepal_width_cm"] * 10)

    clusters = score(train(in_millimetres, PARAMETERS), in_millimetres)["cluster"]

    assert pd.crosstab(clusters, score(model, data)["cluster"]).astype(bool).sum().max() == 1


def test_scores_keep_the_order_and_the_index_of_the_rows(model: Any) -> None:
    data = load_scoring_data()
    backwards = data.iloc[::-1]

    scores = score(model, backwards)

    pd.testing.assert_index_equal(scores.index, backwards.index)
    pd.testing.assert_frame_equal(scores.iloc[::-1], score(model, data))


def test_scores_are_a_cluster_and_the_distance_to_its_centre() -> None:
    data = flowers([1.0, 1.0, 5.0, 5.0])
    model = train(data, {**PARAMETERS, "clusters": 2})

    scores = score(model, flowers([1.0, 2.0]))

    assert list(scores.columns) == ["cluster", "distance"]
    # Scaled by the deviation 2, one centimetre in each of four measurements is the distance 1.
    assert list(scores["distance"]) == pytest.approx([0.0, 1.0])


def test_the_metrics_of_clusters_that_are_the_known_groups() -> None:
    data = flowers([1.0, 1.1, 5.0, 5.1], ["a", "a", "b", "b"])

    metrics = evaluate(train(data, {**PARAMETERS, "clusters": 2}), data)

    # Silhouette of each row by hand: 1 - 0.1 / distance to the other group, on average.
    assert metrics["adjusted_rand"] == 1
    assert metrics["silhouette"] == pytest.approx(1 - 0.1 * (1 / 3.95 + 1 / 4.05) / 2)


def test_the_metrics_of_clusters_that_cut_across_the_known_groups() -> None:
    data = flowers([1.0, 1.1, 5.0, 5.1], ["a", "b", "a", "b"])

    metrics = evaluate(train(data, {**PARAMETERS, "clusters": 2}), data)

    assert metrics["adjusted_rand"] < 0


def test_a_single_cluster_gets_the_worst_metrics() -> None:
    data = flowers([1.0, 2.0, 3.0], ["a", "a", "b"])

    metrics = evaluate(train(data, {**PARAMETERS, "clusters": 1}), data)

    assert metrics == {"silhouette": -1.0, "adjusted_rand": 0.0}
