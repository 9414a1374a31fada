"""Training of the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from .data import FEATURES, LABEL


def train(data: pd.DataFrame, parameters: Mapping[str, Any]) -> Pipeline:
    """A classifier that learned from the data; the same data gives the same classifier."""
    classifier = LogisticRegression(
        C=parameters["inverse_regularisation"], max_iter=parameters["max_iterations"]
    )
    model = make_pipeline(StandardScaler(), classifier)
    model.fit(data[list(FEATURES)], data[LABEL])
    return model
