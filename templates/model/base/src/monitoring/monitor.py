"""Measuring a version of the model on current data, and deciding on what was found."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config import Configuration
from ..errors import FindingError, UsageError
from ..model.files import read_json_object
from ..model.package import PackagedModel, open_package
from .decide import Decision, Moment, decide
from .drift import measure_drift
from .memory import Memory
from .reference import REFERENCE_FILE
from .settings import MonitoringSettings, read_settings, settings_problem

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Subject:
    """The version that is measured: its package, and its name in the history."""

    package: Path
    version: str


@contextmanager
def registered_version(
    configuration: Configuration, environ: Mapping[str, str], selector: str
) -> Iterator[Subject]:
    """A version of the registry, downloaded for as long as the block runs."""
    from ..registry.connection import open_registry

    with tempfile.TemporaryDirectory() as folder:
        with open_registry(configuration, environ) as registry:
            version = registry.find(selector)
            package = registry.package_of(registry.download(version, Path(folder)))
        yield Subject(package, version.number)


def detect(
    subject: Subject, memory: Memory, window: str, now: datetime, *, data_file: Path | None = None
) -> Decision:
    """Measure the current data and decide; nothing is remembered yet.

    The data is that of the file, or else what the version's own ``load_scoring_data`` returns.
    """
    configuration = memory.configuration
    settings = read_settings(configuration.repository.model_folder)
    reference = read_reference(subject.package)
    unknown = settings.unknown_columns([*reference["data"], *reference["scores"]])
    if unknown:
        raise settings_problem(unknown)
    with open_package(subject.package) as model:
        data = read_table(data_file) if data_file else _current_data(model)
        scores = _scores(model, data, reference, settings)
    report = measure_drift(reference, data, scores)
    moment = Moment(configuration.model.model_name, subject.version, window, now)
    return decide(settings, report, memory.read(), moment)


def read_reference(package: Path) -> Mapping[str, Any]:
    """The reference that was stored with the model."""
    path = package / REFERENCE_FILE
    if not path.is_file():
        raise FindingError(
            f"The package {package.name} has no {REFERENCE_FILE}: it was made before monitoring.",
            "Train and package the model anew; drift is measured against the new version.",
        )
    return read_json_object(path)


def read_table(path: Path) -> pd.DataFrame:
    """The rows of a CSV or Parquet file."""
    import pandas as pd

    if not path.is_file():
        raise UsageError(f"The file {path} does not exist.")
    try:
        if path.suffix == ".parquet":
            return pd.read_parquet(path)
        return pd.read_csv(path)
    except pd.errors.EmptyDataError:
        return pd.DataFrame()
    except (ValueError, ImportError) as error:
        hint = "Give it as CSV or Parquet."
        raise FindingError(f"{path} cannot be read: {error}.", hint) from error


def _current_data(model: PackagedModel) -> pd.DataFrame:
    return model.code.load("scoring", may_be_empty=True)


def _scores(
    model: PackagedModel,
    data: pd.DataFrame,
    reference: Mapping[str, Any],
    settings: MonitoringSettings,
) -> pd.DataFrame | None:
    """The scores of the data; ``None`` where it is too little or too broken to be scored."""
    is_whole = all(
        name in data.columns and data[name].notna().any()
        for name, column in reference["data"].items()
        if column["kind"] != "empty"
    )
    return model.score(data) if is_whole and len(data) >= settings.minimum_rows else None
