"""Where batch scoring takes its model from."""

from __future__ import annotations

import pytest
from mloccli.batch_model.model_source import open_model, registry_selector
from mloccli.config import read_configuration
from mloccli.errors import FindingError, UsageError

from ..conftest import MakeRepository
from ..test_package import packaged


@pytest.mark.parametrize(
    ("source", "selector"),
    [
        ("models:/sums/3", "3"),
        ("models:/sums/Production", "production"),
        ("models:/sums/Staging", "candidate"),
        ("models:/sums@champion", "production"),
        ("models:/sums@challenger", "candidate"),
        ("models:/catalog.schema.sums/7", "7"),
    ],
)
def test_a_version_of_the_registry_is_named_as_mlflow_does(source: str, selector: str) -> None:
    assert registry_selector(source, "sums") == selector


@pytest.mark.parametrize(
    "source", ["models:/other/3", "models:/sums", "models:/sums/3/4", "models:3"]
)
def test_any_other_name_is_refused(source: str) -> None:
    with pytest.raises(UsageError, match="names no version of the model sums"):
        registry_selector(source, "sums")


def test_a_folder_is_a_package(make_repository: MakeRepository) -> None:
    repository = make_repository()
    folder = packaged(repository)

    with open_model(str(folder), read_configuration(repository, {}), {}) as (model, version):
        assert model.name == "sums"
        assert version == model.version


def test_a_folder_without_a_package_is_a_finding(make_repository: MakeRepository) -> None:
    configuration = read_configuration(make_repository(), {})

    with pytest.raises(FindingError, match="is not a model package"):
        with open_model("/nowhere", configuration, {}):
            pass
