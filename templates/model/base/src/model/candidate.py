"""The candidate: a model that was trained and is not released yet.

A rule-based model has no training; its candidate is the limits in model_parameters.yml.
"""

from __future__ import annotations

import importlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ..config import ModelVariables
from ..errors import FindingError, UsageError
from .external import MODEL_FOLDER, load_mlflow_model
from .files import read_json_object, replaced_folder, sha256_of_all, write_json

CANDIDATE_FILE = "candidate.json"
EVALUATION_FILE = "evaluation.json"
GATE_FILE = "gate.json"


@dataclass(frozen=True)
class Candidate:
    """A model on disk together with what is known of its making.

    ``model_file`` is a folder when the model was made elsewhere as an MLflow model.
    """

    folder: Path
    model_file: Path
    model_sha256: str
    parameters: Mapping[str, object]
    source: str = "trained"


def save_candidate(
    folder: Path, model: object, parameters: Mapping[str, object], variables: ModelVariables
) -> Candidate:
    """Write the candidate; the folder holds all of it or what it held before."""
    file_name = "model.json" if variables.is_rule_based else "model.joblib"
    with replaced_folder(folder, CANDIDATE_FILE) as new:
        _save_model(new / file_name, model)
        source = "rules" if variables.is_rule_based else "trained"
        _write_record(new / file_name, parameters, variables, source)
    return read_candidate(folder)


def save_external(
    folder: Path, artifact: Path, parameters: Mapping[str, object], variables: ModelVariables
) -> Candidate:
    """Write a candidate of a model that was made elsewhere: a joblib file or an MLflow model."""
    is_mlflow = (artifact / "MLmodel").is_file()
    if not is_mlflow and not (artifact.is_file() and artifact.suffix == ".joblib"):
        raise UsageError(
            f"{artifact} is neither a joblib file nor the folder of an MLflow model.",
            "Name a file that ends in .joblib, or the folder with the file MLmodel in it.",
        )
    file_name = MODEL_FOLDER if is_mlflow else "model.joblib"
    with replaced_folder(folder, CANDIDATE_FILE) as new:
        copy_model(artifact, new / file_name)
        _write_record(new / file_name, parameters, variables, "external")
    return read_candidate(folder)


def copy_model(source: Path, target: Path) -> None:
    """Copy a model, be it a file or a folder."""
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copyfile(source, target)


def read_candidate(folder: Path) -> Candidate:
    """The candidate in a folder, its model file verified against the hash."""
    if not (folder / CANDIDATE_FILE).is_file():
        raise FindingError(
            f"{folder} holds no trained model.", "Run `mloccli model train` first."
        )
    content = read_json_object(folder / CANDIDATE_FILE)
    model_file = folder / Path(str(content.get("model_file"))).name
    parameters = content.get("parameters")
    digest = str(content.get("model_sha256"))
    if not model_file.exists() or sha256_of_all(model_file) != digest:
        raise FindingError(f"{model_file} is not the file that was trained.", "Train it again.")
    return Candidate(
        folder,
        model_file,
        digest,
        parameters if isinstance(parameters, dict) else {},
        str(content.get("source", "trained")),
    )


def load_model(path: Path) -> object:
    """The model of a file whose hash was verified; loading a joblib file runs what is in it."""
    if path.is_dir():
        return load_mlflow_model(path)
    if path.suffix == ".json":
        return read_json_object(path)
    joblib = _joblib()
    try:
        model: object = joblib.load(path)
    except Exception as error:
        raise FindingError(
            f"{path.name} cannot be loaded: {type(error).__name__}: {error}.",
            "The environment must be the one that the model was made with.",
        ) from error
    return model


def _write_record(
    model: Path, parameters: Mapping[str, object], variables: ModelVariables, source: str
) -> None:
    write_json(
        model.parent / CANDIDATE_FILE,
        {
            "model_name": variables.model_name,
            "model_file": model.name,
            "model_sha256": sha256_of_all(model),
            "source": source,
            "parameters": parameters,
            "created_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        },
    )


def _save_model(path: Path, model: object) -> None:
    if path.suffix == ".json":
        try:
            write_json(path, model)
        except (TypeError, ValueError) as error:
            raise FindingError(f"The rules' parameters are not plain values: {error}.") from error
        return
    joblib = _joblib()
    try:
        joblib.dump(model, path)
    except Exception as error:
        raise FindingError(
            f"The model cannot be saved: {type(error).__name__}: {error}.",
            "It must hold plain data and classes of importable modules, no lambda for example.",
        ) from error


def _joblib() -> Any:
    try:
        return importlib.import_module("joblib")
    except ModuleNotFoundError as error:
        raise FindingError(
            "joblib is not installed.", "Run `mloccli environment install`."
        ) from error
