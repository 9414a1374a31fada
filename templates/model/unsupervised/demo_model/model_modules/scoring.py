"""Scoring and evaluation of the model."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sklearn.metrics import adjusted_rand_score, silhouette_score

from .data import FEATURES, KNOWN_GROUP


def score(model: Any, data: pd.DataFrame) -> pd.DataFrame:
    """The cluster of each row and its distance to the cluster's centre, in the row's order."""
    features = data[list(FEATURES)]
    return pd.DataFrame(
        {
            "cluster": model.predict(features),
            "distance": model.transform(features).min(axis=1),
        },
        index=data.index,
    )


def evaluate(model: Any, data: pd.DataFrame) -> dict[str, float]:
    """How separate the clusters are, and how well they agree with the expert's groups.

    Silhouette is measured where the distances are: in the scaled features. Both are 1 at best.
    """
    clusters = score(model, data)["cluster"]
    if clusters.nunique() < 2:
        return {"silhouette": -1.0, "adjusted_rand": 0.0}
    scaled = model[:-1].transform(data[list(FEATURES)])
    return {
        "silhouette": float(silhouette_score(scaled, clusters)),
        "adjusted_rand": float(adjusted_rand_score(data[KNOWN_GROUP], clusters)),
    }
