"""Bring your own model: what was trained elsewhere goes the way of every candidate."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..config import Configuration
from ..errors import FindingError, UsageError
from ..model.candidate import read_candidate, save_external
from ..model.package import make_package
from ..model.tasks import Evaluation, evaluate_model
from .gate_run import Gate, run_gate
from .registration import register_package
from .versions import ModelVersion


def evaluate_external(
    configuration: Configuration, artifact: Path, folder: Path
) -> Evaluation:
    """Keep the artifact as candidate and judge it with the repository's evaluation data."""
    if configuration.model.is_rule_based:
        raise UsageError(
            "MODEL_TYPE is rule-based: the model is its rules, and no artifact can replace them."
        )
    save_external(folder, artifact, {}, configuration.model)
    return evaluate_model(configuration.repository, configuration.model, folder)


def register_external(
    configuration: Configuration, environ: Mapping[str, str], candidate: Path, package: Path
) -> tuple[Gate, ModelVersion]:
    """Gate, package and register the evaluated candidate."""
    gate = run_gate(configuration, environ, candidate)
    if not gate.decision.passes:
        raise FindingError(
            f"The gate did not let the model pass: {gate.decision.verdict}, "
            f"{'; '.join(gate.decision.reasons)}."
        )
    make_package(
        configuration.repository,
        configuration.model,
        read_candidate(candidate),
        package,
        has_registry=True,
    )
    return gate, register_package(configuration, environ, candidate, package)
