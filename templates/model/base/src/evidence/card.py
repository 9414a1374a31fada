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
    metadata, tags = evidence.metadata, evidence.tags
    evaluation = _mapping(metadata.get("evaluation"))
    return {
        "card": {"format": CARD_FORMAT},
        "model": {
            "name": metadata.get("model_name"),
            "version": metadata.get("version"),
            "type": metadata.get("model_type"),
            "serving": metadata.get("serving"),
            "packaged_at": metadata.get("packaged_at"),
            "python": metadata.get("python"),
            "sha256": metadata.get("model_sha256"),
        },
        "business": {
            "financial_id": variables.financial_id,
            "category": variables.category,
            "team": variables.team_name,
        },
        "data": {
            "dataset": variables.dataset_name,
            "sha256": evaluation.get("data_sha256") or tags.get("data_sha256"),
            "rows": evaluation.get("rows"),
        },
        "metrics": {
            name: _number(value) for name, value in _mapping(metadata.get("metrics")).items()
        },
        "gate": _gate(evidence),
        "tests": {"status": tags.get("test_status")},
        "approval": _approval(evidence, environ, approver),
        "links": _links(evidence, environ),
    }


def _gate(evidence: Evidence) -> dict[str, Any]:
    """The verdict, and each metric beside the champion's."""
    gate = evidence.gate
    metrics, champion = _mapping(gate.get("metrics")), _mapping(gate.get("champion_metrics"))
    comparisons = gate.get("comparisons")
    return {
        "verdict": gate.get("verdict") or evidence.tags.get("gate.verdict"),
        "champion": gate.get("champion") or evidence.tags.get("gate.champion"),
        "reasons": gate.get("reasons") or [],
        "comparisons": [
            {
                "metric": item.get("metric"),
                "candidate": _number(metrics.get(str(item.get("metric")))),
                "champion": _number(champion.get(str(item.get("metric")))),
                "required": item.get("required"),
                "reason": item.get("reason"),
            }
            for item in (comparisons if isinstance(comparisons, list) else [])
            if isinstance(item, dict)
        ],
    }


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _number(value: object) -> float | None:
    """What is no finite number is no JSON either, and shows as unknown."""
    return value if isinstance(value, (int, float)) and math.isfinite(value) else None


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
    run = tags.get("training_run_url")
    if run is None and metadata.get("pipeline_run") == variable(environ, "BUILD_BUILDNUMBER"):
        run = run_url(environ)
    return {
        "commit": commit,
        "commit_url": _commit_url(str(commit), environ) if commit else None,
        "branch": metadata.get("git_branch"),
        "run": metadata.get("pipeline_run"),
        "run_url": run,
        "promotion_run_url": _address(tags.get("pipeline_run_url")),
        "registry_version": None if version is None else f"{version.name}/{version.number}",
        "registry_role": None if version is None else version.role,
        "scoring_uris": {
            name.removeprefix(_SCORING_URI): value
            for name, value in sorted(tags.items())
            if name.startswith(_SCORING_URI)
        },
    }


def _address(text: str | None) -> str | None:
    """Outside a pipeline the tag says that there was none."""
    return text if text and text.startswith("https://") else None


def _commit_url(commit: str, environ: Mapping[str, str]) -> str | None:
    """The commit's page; Azure Pipelines puts the organisation's name before the host."""
    parts = urlsplit(variable(environ, "BUILD_REPOSITORY_URI") or "")
    if parts.scheme != "https" or not parts.hostname:
        return None
    host = parts.netloc.rpartition("@")[2]
    return f"https://{host}{parts.path.rstrip('/')}/commit/{quote(commit, safe='')}"
