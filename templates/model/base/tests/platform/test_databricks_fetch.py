"""Fetching a candidate from an MLflow run: all of it and unchanged, or an error that helps."""

from __future__ import annotations

import json
import os
from pathlib import Path

import mlflow
import pytest
from mloccli.cli import main
from mloccli.config import Configuration, read_configuration
from mloccli.errors import FindingError, RemoteError, UsageError
from mloccli.model.candidate import read_candidate
from mloccli.model.fetch import fetch_candidate, run_id_of
from mloccli.model.tasks import evaluate_model

from .conftest import MakeRepository
from .http_service import Answer, running_service

RUN_ID = "0123456789abcdef0123456789abcdef"


@pytest.fixture(name="configuration")
def fixture_configuration(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> Configuration:
    """The configuration of a repository whose candidate was evaluated."""
    for name in ("MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_URI", "ENVIRONMENT"):
        monkeypatch.delenv(name, raising=False)
    repository = make_repository()
    configuration = read_configuration(repository, {})
    evaluate_model(repository, configuration.model, repository.root / "made")
    return configuration


@pytest.fixture(name="client")
def fixture_client(tmp_path: Path) -> mlflow.MlflowClient:
    """MLflow in a temporary folder."""
    return mlflow.MlflowClient(tracking_uri=f"sqlite:///{tmp_path}/mlflow.db")


def logged(client: mlflow.MlflowClient, folder: Path, artifacts: Path) -> str:
    """The id of a run that holds the folder as candidate."""
    experiment = client.create_experiment("x", artifact_location=artifacts.as_uri())
    run_id = str(client.create_run(experiment).info.run_id)
    client.log_artifacts(run_id, str(folder), "candidate")
    return run_id


def test_the_candidate_comes_as_it_was_logged(
    configuration: Configuration, client: mlflow.MlflowClient, tmp_path: Path
) -> None:
    made = configuration.repository.root / "made"
    run_id = logged(client, made, tmp_path / "artifacts")
    environ = {"MLFLOW_TRACKING_URI": client.tracking_uri}
    before = dict(os.environ)

    candidate = fetch_candidate(configuration, run_id, tmp_path / "fetched", environ)

    assert candidate == read_candidate(tmp_path / "fetched")
    names = {path.name for path in (tmp_path / "fetched").iterdir()}
    assert names == {path.name for path in made.iterdir()}
    assert dict(os.environ) == before


def test_the_command_takes_the_run_from_the_result_of_the_job(
    configuration: Configuration,
    client: mlflow.MlflowClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = configuration.repository.root
    run_id = logged(client, root / "made", tmp_path / "artifacts")
    result = tmp_path / "run.json"
    result.write_text(json.dumps({"run_id": 900, "result": {"run_id": run_id}}))
    monkeypatch.setenv("MLFLOW_TRACKING_URI", client.tracking_uri)
    monkeypatch.chdir(root)

    assert main(["model", "fetch", "--run", str(result)]) == 0
    assert (root / "outputs" / "candidate" / "evaluation.json").is_file()
    assert main(["model", "fetch"]) == 2
    assert main(["model", "fetch", "--run", str(result), "--run-id", run_id]) == 2


def test_a_candidate_that_changed_on_the_way_is_refused(
    configuration: Configuration, client: mlflow.MlflowClient, tmp_path: Path
) -> None:
    run_id = logged(client, configuration.repository.root / "made", tmp_path / "artifacts")
    [model] = (tmp_path / "artifacts").rglob("model.json")
    model.write_text("{}")
    environ = {"MLFLOW_TRACKING_URI": client.tracking_uri}

    with pytest.raises(FindingError, match="is not the file that was trained"):
        fetch_candidate(configuration, run_id, tmp_path / "fetched", environ)
    assert not (tmp_path / "fetched").exists()


def test_the_candidate_of_another_model_is_refused(
    configuration: Configuration, client: mlflow.MlflowClient, tmp_path: Path
) -> None:
    made = configuration.repository.root / "made"
    content = json.loads((made / "candidate.json").read_text())
    (made / "candidate.json").write_text(json.dumps({**content, "model_name": "other"}))
    run_id = logged(client, made, tmp_path / "artifacts")
    environ = {"MLFLOW_TRACKING_URI": client.tracking_uri}

    with pytest.raises(FindingError, match="trained another model: other"):
        fetch_candidate(configuration, run_id, tmp_path / "fetched", environ)


def test_a_run_without_a_candidate_is_a_finding(
    configuration: Configuration, client: mlflow.MlflowClient, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    run_id = logged(client, tmp_path / "empty", tmp_path / "artifacts")
    environ = {"MLFLOW_TRACKING_URI": client.tracking_uri}

    with pytest.raises(FindingError, match="holds no candidate"):
        fetch_candidate(configuration, run_id, tmp_path / "fetched", environ)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answer(401, b"no"), "did not accept the credential"),
        (Answer(403, b"no"), "lacks the permission"),
        (Answer(403, {"error_code": "PERMISSION_DENIED"}), "lacks the permission"),
        (Answer(404, {"error_code": "RESOURCE_DOES_NOT_EXIST"}), "does not know the run"),
        (Answer(400, {"error_code": "X", "message": "No"}), "cannot be fetched from MLflow"),
        (Answer(drop=True), "cannot be fetched from MLflow"),
    ],
)
def test_each_cause_has_its_own_words(
    configuration: Configuration,
    answer: Answer,
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "very-secret")
    with running_service(lambda _: answer) as service:
        environ = {"MLFLOW_TRACKING_URI": service.url}
        with pytest.raises(RemoteError, match=says) as raised:
            fetch_candidate(configuration, RUN_ID, tmp_path / "fetched", environ)
    assert "secret" not in raised.value.message + raised.value.hint


@pytest.mark.parametrize("run_id", ["", "x", "../../etc", RUN_ID.upper()])
def test_what_is_no_run_id_is_refused(
    configuration: Configuration, run_id: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="is not the id of an MLflow run"):
        fetch_candidate(configuration, run_id, tmp_path / "fetched", {})


@pytest.mark.parametrize("result", ["text", None, {}, {"run_id": 5}])
def test_a_result_without_a_run_is_a_finding(result: object, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps({"result": result}))

    with pytest.raises(FindingError, match="names no MLflow run"):
        run_id_of(tmp_path / "run.json")
