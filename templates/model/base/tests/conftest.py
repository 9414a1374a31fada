"""What the tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from mloccli.config import find_repository, read_model_variables
from mloccli.model.contract import model_code
from mloccli.model.package import open_package
from mloccli.model.settings import read_parameters


class ModelUnderTest:
    """A model together with the code that scores with it."""

    def __init__(self, score: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
        self.score = score


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--model-package", type=Path, help="test this package, not a fresh model")


@pytest.fixture(name="model_under_test", scope="session")
def fixture_model_under_test(request: pytest.FixtureRequest) -> Iterator[ModelUnderTest]:
    """The model of --model-package, or else the one that this repository's code makes now."""
    package: Path | None = request.config.getoption("--model-package")
    if package is not None:
        with open_package(package.resolve()) as packaged:
            yield ModelUnderTest(packaged.score)
        return
    repository = find_repository(Path(__file__).parent)
    parameters = read_parameters(repository.model_folder)
    with model_code(repository.model_folder) as code:
        model: object = parameters
        if not read_model_variables(repository).is_rule_based:
            model = code.train(code.load("training"), parameters)
        yield ModelUnderTest(lambda data: code.score(model, data))
