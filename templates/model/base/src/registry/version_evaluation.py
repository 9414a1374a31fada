"""Evaluating a registered version: the code of its package, today's data, today's thresholds."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import Configuration
from ..model.contract import model_code
from ..model.data_digest import digest_of
from ..model.evaluation import Verdict, format_summary, is_accepted, judge
from ..model.files import write_json
from ..model.package import open_package
from ..model.settings import read_thresholds
from ..model.tasks import json_number
from .connection import open_registry
from .versions import ModelVersion

if TYPE_CHECKING:
    import pandas as pd

EVALUATION_FILE = "evaluation.json"
SUMMARY_FILE = "evaluation.md"


@dataclass(frozen=True)
class VersionEvaluation:
    """The verdicts on a version, and the Markdown that shows them."""

    version: ModelVersion
    rows: int
    verdicts: Sequence[Verdict]
    summary_file: Path

    @property
    def accepted(self) -> bool:
        """Whether the version would be accepted today."""
        return is_accepted(self.verdicts)


def evaluate_registered(
    configuration: Configuration, environ: Mapping[str, str], selector: str, folder: Path
) -> VersionEvaluation:
    """Evaluate a version of the registry and write what was found into the folder."""
    thresholds = read_thresholds(configuration.repository.model_folder)
    version, data, metrics = _measure(configuration, environ, selector)
    verdicts = judge(thresholds, metrics)
    folder.mkdir(parents=True, exist_ok=True)
    summary = folder / SUMMARY_FILE
    name = f"{configuration.model.model_name}, version {version.number}"
    summary.write_text(format_summary(name, len(data), verdicts), encoding="utf-8")
    write_json(
        folder / EVALUATION_FILE,
        {
            "model_name": configuration.model.model_name,
            "version": version.number,
            "accepted": is_accepted(verdicts),
            "rows": len(data),
            "data_sha256": digest_of(data),
            "metrics": {verdict.metric: json_number(verdict.value) for verdict in verdicts},
            "failed": [verdict.metric for verdict in verdicts if not verdict.passed],
        },
    )
    return VersionEvaluation(version, len(data), verdicts, summary)


def _measure(
    configuration: Configuration, environ: Mapping[str, str], selector: str
) -> tuple[ModelVersion, pd.DataFrame, Mapping[str, float]]:
    """The version, today's evaluation data, and the metrics of the one on the other."""
    with tempfile.TemporaryDirectory(prefix="model-") as temporary:
        with open_registry(configuration, environ) as registry:
            version = registry.find(selector)
            package = registry.package_of(registry.download(version, Path(temporary)))
        # The registry is closed meanwhile: both are the model's own code.
        with model_code(configuration.repository.model_folder) as code:
            data = code.load("evaluation")
        with open_package(package) as model:
            model.score(data)  # A model that cannot score is broken, whatever its metrics say.
            return version, data, model.code.evaluate(model.model, data)
