"""A small model repository in a temporary folder, for the tests of the tasks."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from mloccli.config import Repository, find_repository, read_model_variables

from .registry_server import (  # pylint: disable=unused-import
    fixture_one_world,
    fixture_registry_folder,
    fixture_registry_url,
    fixture_world,
)

MakeRepository: TypeAlias = Callable[..., Repository]

VARIABLES = {
    "MODEL_NAME": "sums",
    "TEAM_NAME": "Mathematics",
    "MODEL_TYPE": "rule-based",
    "ENVIRONMENT_FILE": "pip",
    "DATASET_NAME": "numbers",
    "DATASET_TEMPLATE_FILE": "numbers.yml",
    "ADF_JOB": "numbers-landing",
    "CATEGORY": "arithmetic",
}

BASE_VARIABLES = {
    "MATURITY_LEVEL": 3,
    "ENVIRONMENTS": "tst, qa, prod",
    "WORKSPACE_URL_TST": "https://adb-1.1.azuredatabricks.net",
    "REGISTRY_LIFECYCLE": "stages",
}

FILES = {
    "README.md": "# sums\n",
    "pyproject.toml": "[project]\n",
    "docs/getting_started.md": "# Getting started\n",
    "tests/unit_test.py": '"""Tests."""\n',
    "tests/model/test_model.py": '"""Tests."""\n',
    "the_model/model_parameters.yml": "factor: 2\n",
    "the_model/evaluation_thresholds.yml": "accuracy: { minimum: 0.5 }\n",
    "the_model/notebooks/score.py": "# Databricks notebook source\n",
    "the_model/model_modules/__init__.py": "",
    "the_model/model_modules/requirements.txt": "pandas>=2\n",
    "the_model/model_modules/data.py": """
        import pandas as pd

        def load_scoring_data():
            return pd.DataFrame({"left": [1, 2, 3], "word": ["a", "b", "c"]}, index=[7, 5, 6])

        def load_evaluation_data():
            return load_scoring_data().assign(right=[2, 4, 7])
        """,
    "the_model/model_modules/scoring.py": """
        import pandas as pd

        def score(model, data):
            return pd.DataFrame({"double": model["factor"] * data["left"]}, index=data.index)

        def evaluate(model, data):
            return {"accuracy": float((score(model, data)["double"] == data["right"]).mean())}
        """,
}


# What a machine sets; everything else is of a pipeline, or of whoever runs the tests.
OF_THE_MACHINE = re.compile(
    r"PATH|HOME|USER|SHELL|LANG|LC_\w+|TZ|TE?MP|TMPDIR|XDG_\w+|SYSTEMROOT|JAVA_HOME|"
    r"(VIRTUAL_ENV|CONDA|PYTHON|PYTEST|COV|PIP|SSL|REQUESTS)\w*|\w+_PROXY",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True)
def fixture_plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of a pipeline: a test sets those that it is about."""
    for name in list(os.environ):
        if OF_THE_MACHINE.fullmatch(name) is None:
            monkeypatch.delenv(name)


@pytest.fixture(name="serving")
def fixture_serving(request: pytest.FixtureRequest) -> str:
    """How this repository serves; only that sub-package is there."""
    serving: str = read_model_variables(find_repository(request.config.rootpath)).serving
    return serving


@pytest.fixture(name="make_repository")
def fixture_make_repository(tmp_path: Path, serving: str) -> MakeRepository:
    """Makes a working repository with the given differences; ``None`` leaves a file out."""

    def make(
        files: dict[str, str | None] | None = None,
        variables: dict[str, object] | None = None,
        base_variables: dict[str, object] | None = None,
    ) -> Repository:
        root = tmp_path / "repository"
        content = {
            "the_model/model_variables.yml": _variables_file(
                {**VARIABLES, "SERVING": serving, **(variables or {})}
            ),
            "pipelines/base_variables.yml": _variables_file(
                {**BASE_VARIABLES, **(base_variables or {})}
            ),
            **FILES,
        }
        for name, text in {**content, **(files or {})}.items():
            if text is not None:
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(textwrap.dedent(text), encoding="utf-8")
        return find_repository(root)

    return make


def _variables_file(variables: dict[str, object]) -> str:
    lines = "".join(f"  {name}: {value}\n" for name, value in variables.items())
    return f"variables:\n{lines}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the MLflow server, so that ``-m "not server"`` leaves it out."""
    for item in items:
        if isinstance(item, pytest.Function) and "registry_url" in item.fixturenames:
            item.add_marker(pytest.mark.server)
