"""The notebook that scores a table: every row once, and nothing half done."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from mloccli.config import find_repository, read_model_variables
from mloccli.model.candidate import read_candidate
from mloccli.model.contract import model_code
from mloccli.model.package import make_package, open_package
from mloccli.model.tasks import evaluate_model, train_model

from .notebook_run import HEADER, Workspace

TABLES = {"input_table": "main.raw", "output_table": "main.scores"}


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


def test_databricks_recognises_it_as_a_notebook(notebook: Path) -> None:
    lines = notebook.read_text(encoding="utf-8").splitlines()

    assert lines[0] == HEADER
    assert lines.count("# COMMAND ----------") >= 3


def test_it_appends_the_scores_of_every_row(
    notebook: Path, package: Path, rows: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace({"model": str(package), **TABLES}, {"main.raw": rows})

    workspace.run(notebook, monkeypatch)

    scored = workspace.tables["main.scores"]
    assert workspace.modes == ["append"]
    pd.testing.assert_frame_equal(scored[list(rows.columns)], rows)
    assert set(scored.columns) > {*rows.columns, "model_name", "model_version", "scored_at"}
    with open_package(package) as model:
        assert set(scored["model_version"]) == {model.version}
        assert json.loads(workspace.result) == {"rows": len(rows), "model_version": model.version}


def test_without_an_input_table_it_scores_what_the_model_itself_loads(
    notebook: Path, package: Path, rows: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace({"model": str(package), **TABLES, "input_table": ""}, {})

    workspace.run(notebook, monkeypatch)

    assert len(workspace.tables["main.scores"]) == len(rows)


def test_it_refuses_an_empty_table(
    notebook: Path, package: Path, rows: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace({"model": str(package), **TABLES}, {"main.raw": rows.head(0)})

    with pytest.raises(ValueError, match="main.raw has no rows"):
        workspace.run(notebook, monkeypatch)
    assert "main.scores" not in workspace.tables


@pytest.mark.parametrize("name", ["model", "output_table"])
def test_it_needs_a_model_and_a_place_for_the_scores(
    notebook: Path, package: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace({"model": str(package), **TABLES, name: ""}, {})

    with pytest.raises(ValueError, match="Set the parameters"):
        workspace.run(notebook, monkeypatch)
