"""Keeping a candidate in an MLflow run, from where ``mloccli model fetch`` gets it.

Notebooks call this, so it works with the MLflow of every supported runtime, 2.13 and later.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..model.candidate import EVALUATION_FILE, read_candidate
from ..model.fetch import ARTIFACT_PATH
from ..model.files import read_json_object

_NOT_IN_NAMES = re.compile(r"[^\w./ -]")
_LONGEST_VALUE = 500  # What MLflow 2.13 keeps.
_MOST_PARAMETERS = 100


def log_candidate(folder: Path) -> dict[str, str]:
    """Log parameters, metrics and the candidate to the active run; what its notebook ends with."""
    import mlflow

    run = mlflow.active_run()
    if run is None:
        raise RuntimeError("Log a candidate inside `with mlflow.start_run():`.")
    candidate = read_candidate(folder)
    parameters = dict(list(_parameters(candidate.parameters))[:_MOST_PARAMETERS])
    mlflow.log_params(parameters)
    mlflow.log_metrics(_metrics(folder))
    mlflow.set_tag("model_sha256", candidate.model_sha256)
    mlflow.log_artifacts(str(folder), artifact_path=ARTIFACT_PATH)
    return {"run_id": run.info.run_id, "experiment_id": run.info.experiment_id}


def _parameters(values: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Nested parameters by their dotted names, each value as short text."""
    for name, value in values.items():
        key = f"{prefix}{_NOT_IN_NAMES.sub('_', str(name))}"
        if isinstance(value, Mapping) and value:
            yield from _parameters(value, f"{key}.")
        else:
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            yield key, text[:_LONGEST_VALUE]


def _metrics(folder: Path) -> dict[str, float]:
    """The finite metrics of the evaluation."""
    metrics = read_json_object(folder / EVALUATION_FILE).get("metrics")
    return {
        _NOT_IN_NAMES.sub("_", name): float(value)
        for name, value in (metrics.items() if isinstance(metrics, dict) else ())
        if value is not None
    }
