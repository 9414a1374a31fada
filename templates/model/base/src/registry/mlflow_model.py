"""Our package as an MLflow model, which loads wherever MLflow is, without this repository."""

from __future__ import annotations

import logging
import shutil
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import metadata as installed
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import FindingError
from ..model.files import read_json_object
from ..model.frames import frame_from_json
from ..model.package import EXPECTED_FILE, open_package
from ..model.schema import fitted
from ..model.serving import load_serving
from .model_registry import LOADER

if TYPE_CHECKING:
    import pandas as pd

_SOURCE = Path(__file__).resolve().parents[1]
# What loading and scoring need of this repository's code; the tasks of the pipelines stay here.
_LOADING = ("environment", "model", "monitoring", "registry", "utils")
_OF_REGISTRY = ("__init__.py", "pyfunc_loader.py")


def build_mlflow_model(package: Path, folder: Path) -> Path:
    """The MLflow model directory of a package, made below a folder of the caller's."""
    import mlflow.pyfunc

    example, metadata = _example(package)
    expected = frame_from_json(read_json_object(package / EXPECTED_FILE))
    data = folder / "package"
    shutil.copytree(package, data, ignore=shutil.ignore_patterns("__pycache__"))
    code = folder / "mloccli"  # The name that the source folder has once it is installed.
    shutil.copytree(_SOURCE, code, ignore=_not_for_loading)
    model = folder / "model"
    with _quiet():
        mlflow.pyfunc.save_model(
            str(model),
            loader_module=LOADER,
            data_path=str(data),
            code_paths=[str(code)],
            signature=mlflow.models.infer_signature(example, expected),
            input_example=example,
            pip_requirements=_requirements(metadata),
            metadata={"model_name": metadata["model_name"], "version": metadata["version"]},
        )
    return model


def _example(package: Path) -> tuple[pd.DataFrame, Mapping[str, object]]:
    """The example's rows with the types of the model's schema, and the package's metadata."""
    seen: list[pd.DataFrame] = []
    with open_package(package) as model:
        serving = load_serving(str(model.metadata["serving"]))

        def score(data: pd.DataFrame) -> pd.DataFrame:
            seen.append(fitted(data, model.schema))
            return model.score(data)

        serving.score_example(package / serving.EXAMPLE_FILE, score)
        return seen[0], model.metadata


def _not_for_loading(folder: str, names: list[str]) -> set[str]:
    """The names in a folder of the source that a registered version goes without."""
    here = Path(folder)
    if here == _SOURCE / "registry":
        return {name for name in names if name not in _OF_REGISTRY}
    left_out = {name for name in names if (here / name).is_dir() and name not in _LOADING}
    return left_out | {name for name in names if Path(name).suffix not in ("", ".py", ".typed")}


def _requirements(metadata: Mapping[str, object]) -> list[str]:
    """Exactly what the package was made with, MLflow, and what loads the model file."""
    packages = metadata.get("packages")
    if not isinstance(packages, dict):
        raise FindingError("The package's metadata does not say which packages it needs.")
    versions = {str(name): str(version) for name, version in packages.items()}
    needed = ["mlflow", "PyYAML"]
    if str(metadata.get("model_file", "")).endswith(".joblib"):
        needed.append("joblib")
    names = {name.lower() for name in versions}
    for name in needed:
        if name.lower() not in names:
            versions[name] = _version(name)
    return [f"{name}=={version}" for name, version in sorted(versions.items())]


def _version(name: str) -> str:
    """An agent has mlflow-skinny; whoever serves the model needs the whole of the same version."""
    try:
        return installed.version("mlflow-skinny" if name == "mlflow" else name)
    except installed.PackageNotFoundError:
        return installed.version(name)


@contextmanager
def _quiet() -> Iterator[None]:
    """MLflow's remarks on whole numbers and on its own files help nobody here."""
    logger = logging.getLogger("mlflow")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
