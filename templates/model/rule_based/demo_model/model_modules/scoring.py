"""Scoring and evaluation of the rules; the model is the limits of model_parameters.yml."""

from __future__ import annotations

import pandas as pd

from .data import LABEL
from .rules import RULES, Limits


def score(model: Limits, data: pd.DataFrame) -> pd.DataFrame:
    """For each payment whether any rule flags it, and which ones do, in the payments' order."""
    hits = pd.DataFrame(
        {name: rule(data, model).astype(bool) for name, rule in RULES.items()}, index=data.index
    )
    return pd.DataFrame(
        {
            "flagged": hits.any(axis=1).astype(int),
            "rules": [", ".join(hits.columns[row]) for row in hits.to_numpy()],
        },
        index=data.index,
    )


def evaluate(model: Limits, data: pd.DataFrame) -> dict[str, float]:
    """How many flags are right, and how many of the known cases are flagged."""
    flagged = score(model, data)["flagged"] == 1
    suspicious = data[LABEL] == 1
    right = int((flagged & suspicious).sum())
    return {
        "precision": _share(right, int(flagged.sum())),
        "recall": _share(right, int(suspicious.sum())),
    }


def _share(part: int, whole: int) -> float:
    """NaN where there is nothing to measure, so that the evaluation fails in place of guessing."""
    return part / whole if whole else float("nan")
