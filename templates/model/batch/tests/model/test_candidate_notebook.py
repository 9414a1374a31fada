"""The notebook that makes the candidate, from the notebook's folder to what the agent fetches."""

from __future__ import annotations

import json
from pathlib import Path

import mlflow
import pytest
from mloccli.batch_model.workspace_files import notebook_language
from mloccli.config import Configuration, find_repository, read_configuration
from mloccli.model.candidate import read_candidate
from mloccli.model.fetch import fetch_candidate
from mloccli.model.files import read_json_object

from .notebook_run import Workspace

PARAMETERS = {"git_commit": "c0ffee", "branch": "main"}


@pytest.fixture(name="configuration")
def fixture_configuration(request: pytest.FixtureRequest) -> Configuration:
    """The configuration of this repository."""
    return read_configuration(find_repository(request.config.rootpath), {})


@pytest.fixture(name="notebook")
def fixture_notebook(configuration: Configuration) -> Path:
    """Rules are evaluated, every other model is trained."""
    name = "evaluate.py" if configuration.model.is_rule_based else "train.py"
    notebook: Path = configuration.repository.model_folder / "notebooks" / name
    return notebook


@pytest.fixture(name="tracking_uri")
def fixture_tracking_uri(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """MLflow in a temporary folder, for this test alone."""
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    client = mlflow.MlflowClient(tracking_uri=uri)
    experiment = client.create_experiment("notebook", artifact_location=(tmp_path / "a").as_uri())
    monkeypatch.setenv("MLFLOW_EXPERIMENT_ID", experiment)
    return uri


def test_databricks_recognises_it_as_a_notebook(notebook: Path) -> None:
    assert notebook_language(notebook) == "PYTHON"


def test_the_candidate_it_logs_is_the_one_the_agent_fetches(
    notebook: Path,
    configuration: Configuration,
    tracking_uri: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workspace = Workspace(dict(PARAMETERS), {})

    workspace.run(notebook, monkeypatch)

    result = json.loads(workspace.result)
    assert set(result) == {"run_id", "experiment_id"}
    environ = {"MLFLOW_TRACKING_URI": tracking_uri}
    folder = tmp_path / "fetched" / "candidate"
    candidate = fetch_candidate(configuration, result["run_id"], folder, environ)
    assert candidate == read_candidate(folder)
    run = mlflow.MlflowClient(tracking_uri).get_run(result["run_id"])
    assert run.data.tags["git_commit"] == "c0ffee"
    assert run.data.tags["model_sha256"] == candidate.model_sha256
    evaluation = read_json_object(folder / "evaluation.json")
    assert evaluation["accepted"] is True
    assert run.data.metrics == evaluation["metrics"]
    assert len(run.data.params) >= len(candidate.parameters) > 0
