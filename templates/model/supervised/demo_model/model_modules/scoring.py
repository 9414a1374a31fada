"""Scoring and evaluation of the model."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sklearn.metrics import accuracy_score, f1_score

from .data import FEATURES, LABEL


def score(model: Any, data: pd.DataFrame) -> pd.DataFrame:
    """The predicted class of each row and how probable the model takes it, in the row's order."""
    features = data[list(FEATURES)]
    probabilities = model.predict_proba(features)
    return pd.DataFrame(
        {
            "prediction": model.predict(features),
            "probability": probabilities.max(axis=1),
        },
        index=data.index,
    )


def evaluate(model: Any, data: pd.DataFrame) -> dict[str, float]:
    """How well the predictions agree with the labels."""
    predictions = score(model, data)["prediction"]
    return {
        "accuracy": float(accuracy_score(data[LABEL], predictions)),
        "f1_macro": float(f1_score(data[LABEL], predictions, average="macro")),
    }
