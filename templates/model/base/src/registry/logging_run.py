"""Putting a model's files into the central model registry's own tracking.

A version whose files lie with another tracking server loads only as long as that server runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .client import ExistsError, RegistryClient

_ARTIFACT = "model"


def log_model(
    client: RegistryClient, name: str, model: Path, metrics: Mapping[str, float]
) -> tuple[str, str]:
    """The address of the logged MLflow model directory, and the run that it belongs to."""
    try:
        client.create_registered_model(name)
    except ExistsError:
        pass
    run = client.create_run(_experiment(client, name), run_name=f"register {name}").info
    try:
        for metric, value in metrics.items():
            client.log_metric(run.run_id, metric, value)
        client.log_artifacts(run.run_id, str(model), _ARTIFACT)
    except BaseException:
        client.update_run(run.run_id, "FAILED")
        raise
    client.update_run(run.run_id, "FINISHED")
    return f"{run.artifact_uri}/{_ARTIFACT}", run.run_id


def _experiment(client: RegistryClient, name: str) -> str:
    """The model's experiment; in a workspace of Databricks its name must be a path."""
    path = f"/Shared/registered-{name}"
    found: Any = client.get_experiment_by_name(path)
    if found is None:
        try:
            return str(client.create_experiment(path))
        except ExistsError:  # Somebody else made it in this moment.
            found = client.get_experiment_by_name(path)
    return str(found.experiment_id)
