"""What a candidate must have passed before it is packaged and registered."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import FindingError
from .candidate import EVALUATION_FILE, GATE_FILE, Candidate
from .files import read_json_object
from .gate import PASSING


def evaluation_of(candidate: Candidate) -> Mapping[str, object]:
    """The evaluation of exactly this model, whatever it found."""
    if not (candidate.folder / EVALUATION_FILE).is_file():
        raise FindingError("The model was not evaluated.", "Run `mloccli model evaluate` first.")
    evaluation = read_json_object(candidate.folder / EVALUATION_FILE)
    if evaluation.get("model_sha256") != candidate.model_sha256:
        raise FindingError(
            "The evaluation is of another model than the one at hand.",
            "Run `mloccli model evaluate` again.",
        )
    return evaluation


def accepted_evaluation(candidate: Candidate) -> Mapping[str, object]:
    """The evaluation of exactly this model, which accepted it."""
    evaluation = evaluation_of(candidate)
    if evaluation.get("accepted") is not True:
        raise FindingError(
            "The evaluation did not accept the model, so it is not packaged.",
            "`mloccli model evaluate` shows which metric failed.",
        )
    return evaluation


def passed_gate(candidate: Candidate, has_registry: bool) -> Mapping[str, object]:
    """What the gate recorded of exactly this model, which it let pass.

    Without a central model registry there is no champion to compare with: then the thresholds of
    the evaluation decide, and a gate that was not run is no obstacle. One that was counts always.
    """
    if not (candidate.folder / GATE_FILE).is_file():
        if not has_registry:
            return {}
        raise FindingError(
            "The model did not go through the gate.",
            "Run `mloccli model gate`: it compares the model with the one in production.",
        )
    gate = read_json_object(candidate.folder / GATE_FILE)
    if gate.get("model_sha256") != candidate.model_sha256:
        raise FindingError(
            "The gate's record is of another model than the one at hand.",
            "Run `mloccli model gate` again.",
        )
    if gate.get("verdict") not in PASSING:
        raise FindingError(
            f"The gate did not let the model pass: {gate.get('verdict')}.",
            "`mloccli model gate` shows the comparison.",
        )
    if has_registry and gate.get("registry") is None:
        raise FindingError(
            "The gate compared the model with thresholds alone: it knew of no registry.",
            "Run `mloccli model gate` again, with the variable CMR_URI set.",
        )
    return gate
