"""Fetching the candidate that a training run logged in MLflow, with its parts verified."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ..config import Configuration
from ..errors import FindingError, MlocError, RemoteError, UsageError
from ..utils.databricks import choose_environment, workspace_url
from ..utils.process_environment import process_environment
from ..utils.variables import variable
from .candidate import CANDIDATE_FILE, Candidate, read_candidate
from .files import read_json_object, replaced_folder

#: Where in its run the training notebook logs the candidate.
ARTIFACT_PATH = "candidate"
_RUN_ID = re.compile(r"[0-9a-f]{32}")
_STATUS = re.compile(r"\b(?:code|status|Error)\W{0,2}(401|403|404)\b|\b(401|403|404) Client Error")
_STATUS_OF_CODE = {
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "RESOURCE_DOES_NOT_EXIST": 404,
    "NOT_FOUND": 404,
}
# A task waits seconds for a server that is away, not MLflow's own minutes.
_PATIENCE = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "1",
    "MLFLOW_DISABLE_TELEMETRY": "true",
}


def fetch_candidate(
    configuration: Configuration, run_id: str, folder: Path, environ: Mapping[str, str]
) -> Candidate:
    """The candidate of a run, now in the folder; all of it, as it was trained, or an error."""
    if _RUN_ID.fullmatch(run_id) is None:
        raise UsageError(f"{run_id!r} is not the id of an MLflow run.", "It has 32 hex digits.")
    uri = variable(environ, "MLFLOW_TRACKING_URI") or "databricks"
    settings = dict(_PATIENCE)
    if uri == "databricks":
        environment = choose_environment(configuration, None, environ)
        settings["DATABRICKS_HOST"] = workspace_url(environment, environ)
    with tempfile.TemporaryDirectory(prefix="candidate-") as temporary:
        with process_environment(settings):
            fetched = _download(uri, run_id, Path(temporary))
        candidate = read_candidate(fetched)
        name = read_json_object(fetched / CANDIDATE_FILE).get("model_name")
        if name != configuration.model.model_name:
            raise FindingError(f"The run {run_id} trained another model: {name}.")
        with replaced_folder(folder, CANDIDATE_FILE) as new:
            shutil.copytree(candidate.folder, new, dirs_exist_ok=True)
    return read_candidate(folder)


def run_id_of(path: Path) -> str:
    """The MLflow run in the result of `mloccli job run --output`."""
    result = read_json_object(path).get("result")
    run_id = result.get("run_id") if isinstance(result, dict) else None
    if not isinstance(run_id, str):
        raise FindingError(
            f"{path} names no MLflow run.",
            "The training notebook has to end with the JSON text {\"run_id\": …}.",
        )
    return run_id


def _download(uri: str, run_id: str, folder: Path) -> Path:
    import requests
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

    try:
        client = MlflowClient(tracking_uri=uri)
        if not client.list_artifacts(run_id, ARTIFACT_PATH):
            raise FindingError(
                f"The run {run_id} holds no candidate.",
                "The training notebook logs it; look at the run's artifacts in MLflow.",
            )
        return Path(client.download_artifacts(run_id, ARTIFACT_PATH, str(folder)))
    except (MlflowException, requests.RequestException, OSError) as error:
        raise _explained(error, run_id) from None  # The cause may show headers or a body.


def _explained(error: Exception, run_id: str) -> MlocError:
    text = str(error)
    status = _STATUS_OF_CODE.get(str(getattr(error, "error_code", "")))
    if status is None and (found := _STATUS.search(text)) is not None:
        status = int(found.group(1) or found.group(2))
    if status == 404:
        return RemoteError(
            f"MLflow does not know the run {run_id}, or its artifacts are gone.",
            "Check MLFLOW_TRACKING_URI: it has to be the server that the training logged to.",
        )
    if status == 401:
        return RemoteError(
            "MLflow did not accept the credential: it is missing, wrong or expired.",
            "Renew MLFLOW_TRACKING_TOKEN or the Databricks token, and map it in the step's env.",
        )
    if status == 403:
        return RemoteError(
            "MLflow knows the caller, who lacks the permission to read the run.",
            "Ask the owner of the experiment for it.",
        )
    return RemoteError(
        f"The candidate cannot be fetched from MLflow ({type(error).__name__}).",
        "Check MLFLOW_TRACKING_URI, the network and the proxy, and run the command again.",
    )
