"""The notebook, run cell by cell with stand-ins for what only a Databricks workspace has."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from mloccli.config import find_repository, read_model_variables
from mloccli.model.candidate import read_candidate
from mloccli.model.contract import model_code
from mloccli.model.package import make_package
from mloccli.model.tasks import evaluate_model, train_model

TABLES = {"input_table": "main.raw", "output_table": "main.scores"}


class Workspace:
    """Tables and job parameters, as far as the notebook uses them."""

    def __init__(self, parameters: dict[str, str], tables: dict[str, pd.DataFrame]) -> None:
        self.parameters = parameters
        self.tables = tables
        self.modes: list[str] = []

    def text(self, name: str, default: str, _label: str) -> None:
        self.parameters.setdefault(name, default)

    def table(self, name: str) -> Any:
        return SimpleNamespace(toPandas=lambda: self.tables[name])

    def create_data_frame(self, data: pd.DataFrame) -> Any:
        def save(name: str) -> None:
            self.tables[name] = data

        def mode(value: str) -> Any:
            self.modes.append(value)
            return SimpleNamespace(saveAsTable=save)

        return SimpleNamespace(write=SimpleNamespace(mode=mode))


@pytest.fixture(name="package", scope="module")
def fixture_package(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A package of this repository's model."""
    repository = find_repository(request.config.rootpath)
    variables = read_model_variables(repository)
    folder: Path = tmp_path_factory.mktemp("model")
    if not variables.is_rule_based:
        train_model(repository, variables, folder / "candidate")
    evaluate_model(repository, variables, folder / "candidate")
    candidate = read_candidate(folder / "candidate")
    make_package(repository, variables, candidate, folder / "package")
    return folder / "package"


@pytest.fixture(name="notebook")
def fixture_notebook(request: pytest.FixtureRequest) -> Path:
    """The notebook that scores a table."""
    repository = find_repository(request.config.rootpath)
    path: Path = repository.model_folder / "notebooks" / "score_table.py"
    return path


@pytest.fixture(name="rows")
def fixture_rows(request: pytest.FixtureRequest) -> pd.DataFrame:
    """Rows as they come in production."""
    with model_code(find_repository(request.config.rootpath).model_folder) as code:
        rows: pd.DataFrame = code.load("scoring").reset_index(drop=True)
    return rows


def run(notebook: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = ModuleType("databricks.sdk.runtime")
    widgets = SimpleNamespace(text=workspace.text, get=workspace.parameters.__getitem__)
    spark = SimpleNamespace(table=workspace.table, createDataFrame=workspace.create_data_frame)
    vars(runtime).update(dbutils=SimpleNamespace(widgets=widgets), spark=spark)
    for name in ("databricks", "databricks.sdk"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, "databricks.sdk.runtime", runtime)
    runpy.run_path(str(notebook))


def test_databricks_recognises_it_as_a_notebook(notebook: Path) -> None:
    lines = notebook.read_text(encoding="utf-8").splitlines()

    assert lines[0] == "# Databricks notebook source"
    assert lines.count("# COMMAND ----------") >= 3


def test_it_appends_the_scores_of_every_row(
    notebook: Path, package: Path, rows: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace({"package": str(package), **TABLES}, {"main.raw": rows})

    run(notebook, workspace, monkeypatch)

    scored = workspace.tables["main.scores"]
    assert workspace.modes == ["append"]
    pd.testing.assert_frame_equal(scored[list(rows.columns)], rows)
    assert set(scored.columns) > {*rows.columns, "model_name", "model_version", "scored_at"}


def test_it_refuses_an_empty_table(
    notebook: Path, package: Path, rows: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace({"package": str(package), **TABLES}, {"main.raw": rows.head(0)})

    with pytest.raises(ValueError, match="main.raw has no rows"):
        run(notebook, workspace, monkeypatch)
    assert "main.scores" not in workspace.tables


@pytest.mark.parametrize("name", ["package", *TABLES])
def test_it_needs_every_parameter(
    notebook: Path, package: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace({"package": str(package), **TABLES, name: ""}, {})

    with pytest.raises(ValueError, match="Set the parameters"):
        run(notebook, workspace, monkeypatch)
