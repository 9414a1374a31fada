"""The package: a released model in one folder that needs nothing but its environment.

    metadata.json          what it is, where it comes from, its metrics, the hash of each file
    model.joblib|.json     the model; mlflow_model/ for one that was made elsewhere with MLflow
    model_modules/         the model's code and environment file, as they were
    example_input.*        rows as a caller sends them
    example_output.json    the scores of those rows when the package was made
    reference.json         how evaluation data and its scores were spread, to measure drift against

Hashes prove that a package is complete and unchanged, not who made it: load only packages that
come from your own pipeline, because loading a joblib file runs what is in it.
"""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata as installed
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from ..config import ModelVariables, Repository
from ..environment.requirements import read_requirements
from ..errors import FindingError
from ..monitoring.reference import REFERENCE_FILE, build_reference
from .acceptance import accepted_evaluation, passed_gate
from .candidate import Candidate, copy_model, load_model
from .contract import PACKAGE, ModelCode, model_code
from .files import read_json_object, replaced_folder, sha256_of, write_json
from .frames import frame_to_json
from .origin import read_origin
from .schema import Column, fitted, schema_from_json, schema_of, schema_to_json
from .serving import load_serving

if TYPE_CHECKING:
    import pandas as pd

METADATA_FILE = "metadata.json"
EXPECTED_FILE = "example_output.json"
_FORMAT = 1
_EXAMPLE_ROWS = 5


@dataclass(frozen=True)
class PackagedModel:
    """A loaded package, ready to score."""

    folder: Path
    metadata: Mapping[str, object]
    model: object
    code: ModelCode

    @property
    def name(self) -> str:
        """The model's name."""
        return str(self.metadata["model_name"])

    @property
    def version(self) -> str:
        """The build that made the package."""
        return str(self.metadata["version"])

    @property
    def schema(self) -> list[Column]:
        """The columns that the model takes."""
        return schema_from_json(self.metadata.get("input_schema"))

    def score(self, data: pd.DataFrame) -> pd.DataFrame:
        """One row of scores for each row of data, in the same order, under the same index."""
        return self.code.score(self.model, fitted(data, self.schema))


def make_package(
    repository: Repository,
    variables: ModelVariables,
    candidate: Candidate,
    folder: Path,
    *,
    has_registry: bool = False,
) -> Mapping[str, object]:
    """Package an accepted candidate and return the metadata; all of the package or none of it.

    With a central model registry, the candidate must have passed the gate as well.
    """
    evaluation = accepted_evaluation(candidate)
    passed_gate(candidate, has_registry)
    serving = load_serving(variables.serving)
    with replaced_folder(folder, METADATA_FILE) as new, model_code(repository.model_folder) as code:
        model = load_model(candidate.model_file)
        data = code.load("scoring").head(_EXAMPLE_ROWS)
        copy_model(candidate.model_file, new / candidate.model_file.name)
        shutil.copytree(
            repository.modules, new / PACKAGE, ignore=shutil.ignore_patterns("__pycache__", ".*")
        )
        serving.write_example(new / serving.EXAMPLE_FILE, data)
        write_json(new / EXPECTED_FILE, frame_to_json(code.score(model, data)))
        write_json(new / REFERENCE_FILE, _reference(code, model, schema_of(data)))
        content: dict[str, object] = {
            "format": _FORMAT,
            "model_name": variables.model_name,
            "model_type": variables.model_type,
            "serving": variables.serving,
            **read_origin(repository.root),
            "python": platform.python_version(),
            "packages": _package_versions(repository),
            "parameters": candidate.parameters,
            "source": candidate.source,
            "metrics": evaluation["metrics"],
            "evaluation": {name: evaluation.get(name) for name in ("rows", "data_sha256")},
            "input_schema": schema_to_json(schema_of(data)),
            "model_file": candidate.model_file.name,
            "model_sha256": candidate.model_sha256,
            "files": {name: sha256_of(new / name) for name in sorted(_file_names(new))},
        }
        write_json(new / METADATA_FILE, content)
    return content


def _reference(code: ModelCode, model: object, schema: Sequence[Column]) -> dict[str, object]:
    """Of the evaluation data: the model never saw it, so its scores are spread as in production."""
    data = fitted(code.load("evaluation"), schema)
    return build_reference(data, code.score(model, data))


def package_digest(metadata: Mapping[str, object]) -> str:
    """The SHA-256 of a package: the same for the same build, whenever it was packaged."""
    content = {name: value for name, value in metadata.items() if name != "packaged_at"}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@contextmanager
def open_package(
    folder: Path, modules: dict[str, ModuleType] | None = None
) -> Iterator[PackagedModel]:
    """A verified package, loaded; its own code is importable until the block ends.

    With ``modules`` that code can be made importable again, as ``model_code`` describes.
    """
    content = verify_package(folder)
    with model_code(folder, modules) as code:
        model = load_model(folder / str(content["model_file"]))
        yield PackagedModel(folder, content, model, code)


def verify_package(folder: Path) -> Mapping[str, object]:
    """The metadata of a package in which every file is as it was made; no code is loaded."""
    if not (folder / METADATA_FILE).is_file():
        raise FindingError(
            f"{folder} is not a model package: it has no {METADATA_FILE}.",
            "Run `mloccli model package` first, or name the folder of a downloaded package.",
        )
    content = read_json_object(folder / METADATA_FILE)
    files = content.get("files")
    if content.get("format") != _FORMAT or not isinstance(files, dict):
        raise FindingError(f"{folder / METADATA_FILE} is of another format than {_FORMAT}.")
    model_file = str(content.get("model_file"))
    if not any(name == model_file or name.startswith(f"{model_file}/") for name in files):
        raise FindingError(f"{folder / METADATA_FILE} does not list the model's file.")
    present = _file_names(folder)
    problems = [f"{name} is missing" for name in sorted(set(files) - present)]
    problems += [f"{name} is not part of it" for name in sorted(present - set(files))]
    problems += [
        f"{name} was changed"
        for name in sorted(present & set(files))
        if sha256_of(folder / name) != files[name]
    ]
    if problems:
        raise FindingError(
            f"The package {folder} is not as it was made: {'; '.join(problems)}.",
            "Download it again, or package the model anew.",
        )
    return content


def _package_versions(repository: Repository) -> dict[str, str]:
    versions: dict[str, str] = {}
    for name in sorted(read_requirements(repository.modules).names):
        try:
            versions[name] = installed.version(name)
        except installed.PackageNotFoundError as error:
            raise FindingError(
                f"{name} is required and not installed.", "Run `mloccli environment install`."
            ) from error
    return versions


def _file_names(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != METADATA_FILE and "__pycache__" not in path.parts
    }
