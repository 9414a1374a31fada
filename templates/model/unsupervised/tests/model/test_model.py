"""Tests of a trained model as a whole: what it must know before it may be promoted.

They test the model that this code trains, or with ``--model-package FOLDER`` a packaged one.
"""

from __future__ import annotations

import pandas as pd
from mloccli.testing import ModelUnderTest
from model_modules.data import FEATURES, KNOWN_GROUP, load_evaluation_data

# Measurements of flowers that leave no doubt.
TYPICAL = pd.DataFrame(
    [[5.0, 3.4, 1.5, 0.2], [5.6, 2.6, 4.1, 1.2], [6.8, 3.1, 5.7, 2.2]],
    columns=list(FEATURES),
    index=["setosa", "versicolor", "virginica"],
)


def test_it_puts_typical_flowers_of_each_kind_into_clusters_of_their_own(
    model_under_test: ModelUnderTest,
) -> None:
    clusters = model_under_test.score(TYPICAL)["cluster"]

    assert clusters.nunique() == len(TYPICAL)


def test_no_cluster_is_next_to_empty(model_under_test: ModelUnderTest) -> None:
    shares = model_under_test.score(load_evaluation_data())["cluster"].value_counts(normalize=True)

    assert len(shares) == 3
    assert shares.min() > 0.15


def test_the_most_different_species_has_a_cluster_to_itself(
    model_under_test: ModelUnderTest,
) -> None:
    data = load_evaluation_data()
    clusters = model_under_test.score(data)["cluster"]

    of_setosa = set(clusters[data[KNOWN_GROUP] == "setosa"])

    assert len(of_setosa) == 1
    assert not of_setosa & set(clusters[data[KNOWN_GROUP] != "setosa"])


def test_an_outlier_is_further_from_its_centre_than_any_flower(
    model_under_test: ModelUnderTest,
) -> None:
    outlier = pd.DataFrame([[12.0, 0.5, 12.0, 0.1]], columns=list(FEATURES))

    distances = model_under_test.score(load_evaluation_data())["distance"]

    assert (distances >= 0).all()
    assert model_under_test.score(outlier)["distance"].iloc[0] > distances.max()
