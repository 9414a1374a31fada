"""The model's data. The demo uses the iris measurements that come with scikit-learn.

Put your own source here: the platform only calls the ``load_…`` functions.
"""

from __future__ import annotations

import pandas as pd
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split

from .cleansing import kept_rows

KNOWN_GROUP = "species"
FEATURES = ("sepal_length_cm", "sepal_width_cm", "petal_length_cm", "petal_width_cm")

_EVALUATION_SHARE = 0.4
_SEED = 20260101


def load_training_data() -> pd.DataFrame:
    """Features of the rows that the clusters are found in; nothing says which group they are of."""
    return _split()[0].drop(columns=[KNOWN_GROUP])


def load_evaluation_data() -> pd.DataFrame:
    """Rows that the model never saw, with the group that an expert put them into."""
    return _split()[1]


def load_scoring_data() -> pd.DataFrame:
    """Features of rows whose group is not known, as in production."""
    return load_evaluation_data().drop(columns=[KNOWN_GROUP])


def load_raw_data() -> pd.DataFrame:
    """The measurements as they arrived."""
    iris = load_iris()
    data = pd.DataFrame(iris.data, columns=list(FEATURES))
    data[KNOWN_GROUP] = [str(iris.target_names[code]) for code in iris.target]
    return data


def load_all_data() -> pd.DataFrame:
    """Every flower once; a flower that was measured twice would leak into the evaluation."""
    return kept_rows(load_raw_data())


def _split() -> tuple[pd.DataFrame, pd.DataFrame]:
    data = load_all_data()
    training, evaluation = train_test_split(
        data, test_size=_EVALUATION_SHARE, random_state=_SEED, stratify=data[KNOWN_GROUP]
    )
    return training, evaluation
