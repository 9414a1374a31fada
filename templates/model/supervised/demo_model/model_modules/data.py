"""The model's data. The demo uses the iris measurements that come with scikit-learn.

Put your own source here: the platform only calls the ``load_…`` functions.
"""

from __future__ import annotations

import pandas as pd
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split

from .cleansing import kept_rows

LABEL = "species"
FEATURES = ("sepal_length_cm", "sepal_width_cm", "petal_length_cm", "petal_width_cm")

_EVALUATION_SHARE = 0.25
_SEED = 2024


def load_training_data() -> pd.DataFrame:
    """Features and label of the rows that the model learns from."""
    return _split()[0]


def load_evaluation_data() -> pd.DataFrame:
    """Features and label of the rows that the model never sees while it learns."""
    return _split()[1]


def load_scoring_data() -> pd.DataFrame:
    """Features of rows whose label is not known, as in production."""
    return load_evaluation_data().drop(columns=[LABEL])


def load_raw_data() -> pd.DataFrame:
    """The measurements as they arrived."""
    iris = load_iris()
    data = pd.DataFrame(iris.data, columns=list(FEATURES))
    data[LABEL] = [str(iris.target_names[code]) for code in iris.target]
    return data


def load_all_data() -> pd.DataFrame:
    """Every flower once; a flower that was measured twice would leak into the evaluation."""
    return kept_rows(load_raw_data())


def _split() -> tuple[pd.DataFrame, pd.DataFrame]:
    data = load_all_data()
    training, evaluation = train_test_split(
        data, test_size=_EVALUATION_SHARE, random_state=_SEED, stratify=data[LABEL]
    )
    return training, evaluation
