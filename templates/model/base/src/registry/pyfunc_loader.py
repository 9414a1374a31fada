"""How MLflow loads a registered version: our package, with the code that came with it.

MLflow calls ``_load_pyfunc``; this module's name stands in the MLmodel file of every version, so
neither may be renamed.
"""

from __future__ import annotations

import threading
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from ..model.contract import model_code
from ..model.package import open_package

if TYPE_CHECKING:
    import pandas as pd

# Every version calls its code model_modules, so only one of them runs at any moment.
_ONE_AT_A_TIME = threading.RLock()


class RegisteredModel:
    """A loaded version; several of them in one process keep their code apart."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._modules: dict[str, ModuleType] = {}
        with _ONE_AT_A_TIME, open_package(folder, self._modules) as model:
            self._model = model

    def predict(self, data: pd.DataFrame, params: object = None) -> pd.DataFrame:
        """One row of scores for each row of data; there are no parameters."""
        del params
        with _ONE_AT_A_TIME, model_code(self._folder, self._modules):
            return self._model.score(data)


def _load_pyfunc(data_path: str) -> RegisteredModel:
    """What MLflow calls to load the version."""
    return RegisteredModel(Path(data_path).resolve())
