"""The pytest plugin of this repository: ``model_under_test`` and ``--model-package``.

pyproject.toml loads it; pandas is imported only when a test asks for the model.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .config import find_repository, read_model_variables
from .model.contract import model_code
from .model.settings import read_parameters

if TYPE_CHECKING:
    import pandas as pd

    from .model.serving import Score


class ModelUnderTest:
    """A model together with the code that scores with it."""

    def __init__(self, score: Score) -> None:
        self._score = score

    def score(self, data: pd.DataFrame) -> pd.DataFrame:
        """One row of scores for each row of data, the contract checked."""
        return self._score(data)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds ``--model-package``."""
    parser.addoption("--model-package", type=Path, help="test this package, not a fresh model")


@pytest.fixture(name="model_under_test", scope="session")
def fixture_model_under_test(request: pytest.FixtureRequest) -> Iterator[ModelUnderTest]:
    """The model of --model-package, or else the one that this repository's code makes now."""
    package: Path | None = request.config.getoption("--model-package")
    if package is not None:
        from .model.package import open_package

        with open_package(package.resolve()) as packaged:
            yield ModelUnderTest(packaged.score)
        return
    repository = find_repository(request.config.rootpath)
    parameters = read_parameters(repository.model_folder)
    with model_code(repository.model_folder) as code:
        model: object = parameters
        if not read_model_variables(repository).is_rule_based:
            model = code.train(code.load("training"), parameters)
        yield ModelUnderTest(lambda data: code.score(model, data))
