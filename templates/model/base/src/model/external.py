"""A model that was made elsewhere and comes as an MLflow model directory.

The repository's ``score`` and ``evaluate`` receive what its library loads, a scikit-learn pipeline
for example; only for a model without such a library do they receive MLflow's own ``PyFuncModel``.
"""

from __future__ import annotations

import importlib
from pathlib import Path

from ..errors import FindingError
from ..utils.yaml_file import read_yaml_mapping

MODEL_FOLDER = "mlflow_model"
_LIBRARIES = (
    "sklearn",
    "xgboost",
    "lightgbm",
    "catboost",
    "statsmodels",
    "pytorch",
    "tensorflow",
    "keras",
)


def load_mlflow_model(folder: Path) -> object:
    """The model in a folder whose hash was verified; loading it runs what is in it."""
    flavors = read_yaml_mapping(folder / "MLmodel").get("flavors")
    if not isinstance(flavors, dict) or not flavors:
        raise FindingError(f"{folder / 'MLmodel'} names no flavor.", "It is no MLflow model.")
    flavor = next((name for name in _LIBRARIES if name in flavors), "pyfunc")
    try:
        loader = importlib.import_module(f"mlflow.{flavor}")
        model: object = loader.load_model(str(folder))
    except Exception as error:
        raise FindingError(
            f"The MLflow model cannot be loaded: {type(error).__name__}: {error}.",
            "The environment must have the packages that the model was made with.",
        ) from error
    return model
