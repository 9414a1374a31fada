"""The model card: what an auditor or a colleague asks about a model, in one place.

It says what is recorded and nothing else: what nobody wrote down is ``None``. The same evidence
always makes the same card.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeAlias
from urllib.parse import quote, urlsplit

from ..config import ModelVariables
from ..utils.pipeline_run import run_url
from ..utils.variables import variable
from .sources import Evidence

Card: TypeAlias = dict[str, dict[str, Any]]

CARD_FORMAT = 1
_SCORING_URI = "scoring_uri."


def build_card(
    evidence: Evidence, variables: ModelVariables, environ: Mapping[str, str], approver: str | None
) -> Card:
    """The card of a packaged model."""
    metadata, evaluation, gate = evidence.metadata, evidence.evaluation, evidence.gate
    return {
        "card": {"format": CARD_FORMAT},
        "model": {
            "name": metadata.get("model_name"),
            "version": metadata.get("version"),
            "type": metadata.get("model_type"),
            "serving": metadata.get("serving"),
            "packaged_at": metadata.get("packaged_at"),
            "python": metadata.get("python"),
            "sha256": evidence.model_sha256,
        },
        "business": {
            "financial_id": variables.financial_id,
            "category": variables.category,
            "team": variables.team_name,
        },
        "data": {
            "dataset": variables.dataset_name,
            "sha256": evaluation.get("data_sha256") or evidence.tags.get("data_sha256"),
            "rows": evaluation.get("rows"),
        },
        "metrics": _metrics(metadata),
        "gate": {
            "verdict": gate.get("verdict") or evidence.tags.get("gate_verdict"),
            "champion": gate.get("champion"),
            "reasons": gate.get("reasons") or [],
            "comparisons": gate.get("comparisons") or [],
        },
        "tests": {"status": evidence.tags.get("test_status")},
        "approval": _approval(evidence, environ, approver),
        "links": _links(evidence, environ),
    }


def _metrics(metadata: Mapping[str, object]) -> dict[str, float | None]:
    """What is no finite number is no JSON either, and shows as unknown."""
    metrics = metadata.get("metrics")
    if not isinstance(metrics, dict):
        return {}
    return {
        str(name): value if isinstance(value, (int, float)) and math.isfinite(value) else None
        for name, value in metrics.items()
    }


def _approval(
    evidence: Evidence, environ: Mapping[str, str], approver: str | None
) -> dict[str, str | None]:
    """Who approved, and how that is known: who asked for a run need not be who approved it."""
    known = {
        "named for this card": approver,
        "recorded in the registry": evidence.tags.get("promoted_by"),
        "asked for the pipeline run": variable(environ, "BUILD_REQUESTEDFOR"),
    }
    for source, name in known.items():
        if name and name.strip():
            return {"approver": name.strip(), "source": source}
    return {"approver": None, "source": None}


def _links(evidence: Evidence, environ: Mapping[str, str]) -> dict[str, Any]:
    tags, metadata, version = evidence.tags, evidence.metadata, evidence.version
    commit = metadata.get("git_commit")
    run = tags.get("pipeline_run_url")
    if run is None and metadata.get("pipeline_run") == variable(environ, "BUILD_BUILDNUMBER"):
        run = run_url(environ)
    return {
        "commit": commit,
        "commit_url": _commit_url(str(commit), environ) if commit else None,
        "branch": metadata.get("git_branch"),
        "run": metadata.get("pipeline_run"),
        "run_url": run,
        "registry_version": None if version is None else f"{version.name}/{version.number}",
        "registry_role": None if version is None else version.role,
        "scoring_uris": {
            name.removeprefix(_SCORING_URI): value
            for name, value in sorted(tags.items())
            if name.startswith(_SCORING_URI)
        },
    }


def _commit_url(commit: str, environ: Mapping[str, str]) -> str | None:
    """The commit's page; Azure Pipelines puts the organisation's name before the host."""
    parts = urlsplit(variable(environ, "BUILD_REPOSITORY_URI") or "")
    if parts.scheme != "https" or not parts.hostname:
        return None
    host = parts.netloc.rpartition("@")[2]
    return f"https://{host}{parts.path.rstrip('/')}/commit/{quote(commit, safe='')}"
