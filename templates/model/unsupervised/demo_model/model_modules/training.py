"""Training of the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sklearn.cluster import KMeans
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from .data import FEATURES


def train(data: pd.DataFrame, parameters: Mapping[str, Any]) -> Pipeline:
    """Clusters found in the data; the same data gives the same clusters."""
    clusters = KMeans(
        n_clusters=parameters["clusters"],
        n_init=parameters["starts"],
        random_state=parameters["seed"],
    )
    model = make_pipeline(StandardScaler(), clusters)
    model.fit(data[list(FEATURES)])
    return model
