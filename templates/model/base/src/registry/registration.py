"""Registering a package: an MLflow model in the CMR, its evidence as tags, then candidate."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..config import Configuration
from ..errors import FindingError
from ..model.acceptance import passed_gate
from ..model.candidate import Candidate, read_candidate
from ..model.package import package_digest, verify_package
from ..utils.pipeline_run import run_url
from .connection import open_registry
from .life_cycle import NO_VERSION
from .gate_run import DATA_TAG, METRIC_TAG
from .mlflow_model import build_mlflow_model
from .model_registry import PACKAGE_HASH
from .versions import ModelVersion

GATE_VERDICT = "gate.verdict"
GATE_CHAMPION = "gate.champion"


@dataclass(frozen=True)
class Registration:
    """What is registered with a package."""

    tags: Mapping[str, str]
    metrics: Mapping[str, float]
    champion: str | None


def plan_registration(
    configuration: Configuration, environ: Mapping[str, str], candidate: Path, package: Path
) -> Registration:
    """What to register, from a candidate that passed the gate and the package made of it."""
    accepted = read_candidate(candidate)
    gate = passed_gate(accepted, has_registry=True)
    metadata = verify_package(package)
    _require_same(configuration, accepted, metadata)
    champion = gate.get("champion")
    return Registration(
        _tags(metadata, gate, environ),
        _numbers(gate.get("metrics")),
        None if champion is None else str(champion),
    )


def register_package(
    configuration: Configuration, environ: Mapping[str, str], candidate: Path, package: Path
) -> ModelVersion:
    """The registered version of the package, a candidate; again gives the same version."""
    plan = plan_registration(configuration, environ, candidate, package)
    with open_registry(configuration, environ) as registry:
        champion = registry.champion()
        if champion is not None and champion.tags.get(PACKAGE_HASH) == plan.tags[PACKAGE_HASH]:
            return champion  # Registered and promoted before; nothing is changed.
        number = champion.number if champion else None
        if number != plan.champion:
            raise FindingError(
                f"The gate compared with {_words(plan.champion)}, but now {_words(number)} is in "
                "production.",
                "Run `mloccli model gate` again.",
            )
        with tempfile.TemporaryDirectory() as folder:
            model = build_mlflow_model(package, Path(folder))
            version = registry.register(model, plan.tags, plan.metrics)
        registry.mark_candidate(version)
        return registry.find(version.number)


def _tags(
    metadata: Mapping[str, object], gate: Mapping[str, object], environ: Mapping[str, str]
) -> dict[str, str]:
    known = {
        PACKAGE_HASH: package_digest(metadata),
        "model_sha256": metadata.get("model_sha256"),
        "model_type": metadata.get("model_type"),
        "serving": metadata.get("serving"),
        "source": metadata.get("source"),
        "build": metadata.get("version"),
        "git_commit": metadata.get("git_commit"),
        "git_branch": metadata.get("git_branch"),
        "training_run_url": run_url(environ),
        DATA_TAG: gate.get("data_sha256"),
        "evaluation_rows": gate.get("rows"),
        GATE_VERDICT: gate.get("verdict"),
        GATE_CHAMPION: gate.get("champion") or NO_VERSION,
        "gate.decided_at": gate.get("decided_at"),
    }
    tags = {name: str(value) for name, value in known.items() if value is not None}
    metrics = _numbers(gate.get("metrics"))
    return tags | {f"{METRIC_TAG}{name}": repr(value) for name, value in metrics.items()}


def _require_same(
    configuration: Configuration, candidate: Candidate, metadata: Mapping[str, object]
) -> None:
    if metadata.get("model_name") != configuration.model.model_name:
        raise FindingError(
            f"The package is of the model {metadata.get('model_name')!r}, not of "
            f"{configuration.model.model_name!r}."
        )
    if metadata.get("model_sha256") != candidate.model_sha256:
        raise FindingError(
            "The package holds another model than the candidate that the gate let pass.",
            "Run `mloccli model package` again.",
        )


def _numbers(metrics: object) -> dict[str, float]:
    found = metrics.items() if isinstance(metrics, dict) else ()
    return {str(name): float(value) for name, value in found if isinstance(value, (int, float))}


def _words(number: str | None) -> str:
    return "no version" if number is None else f"version {number}"
