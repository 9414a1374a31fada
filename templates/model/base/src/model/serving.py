"""How a model is served, as far as the platform's tasks need to know: batch or REST.

The repository holds the sub-package of its own kind only: ``batch_model`` or ``rest_model``.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast

from ..errors import FindingError

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    Score: TypeAlias = Callable[[pd.DataFrame], pd.DataFrame]


class Serving(Protocol):
    """What each kind of serving does in its own way."""

    EXAMPLE_FILE: str

    def write_example(self, path: Path, data: pd.DataFrame) -> None:
        """Write rows of data the way a caller of this kind provides them."""

    def score_example(self, path: Path, score: Score) -> pd.DataFrame:
        """Score such a file through the same code as in production."""


def load_serving(kind: str) -> Serving:
    """The serving of this repository."""
    name = f"..{kind}_model.serving"
    try:
        module = importlib.import_module(name, package=__package__)
    except ModuleNotFoundError as error:
        raise FindingError(
            f"SERVING is {kind}, but src/{kind}_model/serving.py is missing.",
            "Restore it from the git history, or correct SERVING in model_variables.yml.",
        ) from error
    return cast(Serving, module)
