"""The model contract: how the platform calls the model's own code, and what it checks.

The code is the package ``model_modules``: that of the model folder while a model is developed,
and the copy inside a package once it is released.
"""

from __future__ import annotations

import importlib
import math
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..errors import FindingError, ModelCodeError

if TYPE_CHECKING:
    import pandas as pd

PACKAGE = "model_modules"

#: The column in which ``cleanse`` says why a row is left out.
REJECT_REASON = "reject_reason"


class ModelCode:
    """The functions of one ``model_modules``, each called with its contract checked."""

    def train(self, data: pd.DataFrame, parameters: Mapping[str, object]) -> object:
        """The trained model."""
        model: object = _call("training", "train", data, parameters)
        if model is None:
            raise FindingError("train returned None.", "Return the trained model.")
        return model

    def score(self, model: object, data: pd.DataFrame) -> pd.DataFrame:
        """One row of scores for each row of data, in the same order."""
        scores = _call("scoring", "score", model, data.copy())
        _check_scores(scores, data)
        checked: pd.DataFrame = scores
        return checked

    def evaluate(self, model: object, data: pd.DataFrame) -> dict[str, float]:
        """The metrics by name; NaN stays NaN and is judged later."""
        metrics = _call("scoring", "evaluate", model, data.copy())
        return _checked_metrics(metrics)

    def load(self, purpose: str, *, may_be_empty: bool = False) -> pd.DataFrame:
        """The data for ``training``, ``evaluation`` or ``scoring``, or the ``raw`` data."""
        import pandas as pd

        name = f"load_{purpose}_data"
        data = _call("data", name)
        if not isinstance(data, pd.DataFrame):
            raise FindingError(f"{name} returned {type(data).__name__}, not a DataFrame.")
        if data.empty and not may_be_empty:
            raise FindingError(f"{name} returned no rows.", "Check where the data comes from.")
        return data

    def cleanse(self, data: pd.DataFrame) -> pd.DataFrame:
        """Every row of the data in the same order, with why it is left out, or an empty text."""
        cleansed = _call("cleansing", "cleanse", data.copy())
        _check_cleansed(cleansed, data)
        checked: pd.DataFrame = cleansed
        return checked

    def save_clean_data(self, data: pd.DataFrame) -> bool:
        """Hand clean data to the team's ``save_clean_data``; false where data.py has none."""
        if not hasattr(importlib.import_module(f"{PACKAGE}.data"), "save_clean_data"):
            return False
        _call("data", "save_clean_data", data)
        return True


@contextmanager
def model_code(
    folder: Path, modules: dict[str, ModuleType] | None = None
) -> Iterator[ModelCode]:
    """The model code of a folder that holds ``model_modules``; imports are undone afterwards.

    ``modules`` keeps what was imported. Given again it is the same code and the same classes, so
    that several versions of a model can live in one process, one of them at a time.
    """
    before = _take_out_of_cache()
    writes_bytecode = sys.dont_write_bytecode
    sys.dont_write_bytecode = True  # A package must keep exactly the files it was hashed with.
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    sys.modules.update(modules or {})
    try:
        yield ModelCode()
    finally:
        sys.path.remove(str(folder))
        sys.dont_write_bytecode = writes_bytecode
        imported = _take_out_of_cache()
        if modules is not None:
            modules.update(imported)
        sys.modules.update(before)


def _take_out_of_cache() -> dict[str, ModuleType]:
    names = [name for name in sys.modules if name == PACKAGE or name.startswith(f"{PACKAGE}.")]
    return {name: sys.modules.pop(name) for name in names}


def _call(module: str, name: str, *arguments: object) -> Any:
    function = _function(module, name)
    try:
        return function(*arguments)
    except Exception as error:
        raise _code_error(f"{name} raised", error) from error


def _function(module: str, name: str) -> Callable[..., Any]:
    try:
        loaded = importlib.import_module(f"{PACKAGE}.{module}")
    except Exception as error:
        raise _code_error(f"{PACKAGE}/{module}.py cannot be imported:", error) from error
    function = getattr(loaded, name, None)
    if not callable(function):
        raise FindingError(
            f"{PACKAGE}/{module}.py defines no function {name}.",
            "docs/getting_started.md shows the contract.",
        )
    checked: Callable[..., Any] = function
    return checked


def _code_error(what: str, error: Exception) -> ModelCodeError:
    text = " ".join(str(error).split())
    return ModelCodeError(f"{what} {type(error).__name__}: {text}", traceback.format_exc())


def _check_scores(scores: object, data: pd.DataFrame) -> None:
    import pandas as pd

    if not isinstance(scores, pd.DataFrame):
        raise FindingError(f"score returned {type(scores).__name__}, not a DataFrame.")
    if len(scores) != len(data):
        raise FindingError(f"score returned {len(scores)} rows for {len(data)} rows of data.")
    if not scores.index.equals(data.index):
        raise FindingError(
            "score returned its rows under another index than the data's.",
            "Keep the order of the rows, and build the result with `index=data.index`.",
        )
    if scores.columns.empty or not scores.columns.is_unique:
        raise FindingError("score must return at least one column, and each name once.")


def _check_cleansed(cleansed: object, data: pd.DataFrame) -> None:
    import pandas as pd

    if not isinstance(cleansed, pd.DataFrame):
        raise FindingError(f"cleanse returned {type(cleansed).__name__}, not a DataFrame.")
    if REJECT_REASON not in cleansed.columns:
        raise FindingError(
            f"cleanse returned no column {REJECT_REASON}.",
            "Give each row the reason why it is left out, and an empty text where it is kept.",
        )
    if not cleansed.index.equals(data.index):
        raise FindingError(
            f"cleanse returned {len(cleansed)} rows for {len(data)}, or in another order.",
            f"Return every row, and write into {REJECT_REASON} which ones are left out.",
        )
    if not all(isinstance(reason, str) for reason in cleansed[REJECT_REASON]):
        raise FindingError(f"cleanse wrote something other than text into {REJECT_REASON}.")


def _checked_metrics(metrics: object) -> dict[str, float]:
    if not isinstance(metrics, Mapping) or not metrics:
        raise FindingError("evaluate must return a dictionary with at least one metric.")
    checked: dict[str, float] = {}
    for name, value in metrics.items():
        if value is None:
            checked[str(name)] = math.nan
            continue
        try:
            checked[str(name)] = float(value)
        except (TypeError, ValueError) as error:
            raise FindingError(f"The metric {name} is {value!r}, which is no number.") from error
    return checked
