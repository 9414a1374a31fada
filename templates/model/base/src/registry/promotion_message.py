"""What people are told about a promotion or a rollback."""

from __future__ import annotations

from ..notifications.slack import Message
from .gate_run import METRIC_TAG
from .promotion import Promotion
from .rollback import Rollback

_NONE = "none"


def message_of(promotion: Promotion) -> Message:
    """The message about a promotion, or about tests that failed."""
    version, tags = promotion.version, dict(promotion.tags or {})
    is_promoted = promotion.outcome == "promoted"
    title = (
        f"{version.name}: version {version.number} is in production"
        if is_promoted
        else f"{version.name}: the tests of version {version.number} failed"
    )
    text = "" if is_promoted else "It is not promoted; production stays as it is."
    facts = {
        "Tests": tags.get("test_status", "-"),
        "Replaces": f"version {promotion.replaced}" if promotion.replaced else "-",
        "Commit": tags.get("tested_commit", "-"),
        "Branch": tags.get("tested_branch", "-"),
    }
    facts |= {
        name.removeprefix(METRIC_TAG): value
        for name, value in version.tags.items()
        if name.startswith(METRIC_TAG)
    }
    return Message(title, text, facts, _links(tags.get("pipeline_run_url", _NONE)))


def message_of_rollback(rollback: Rollback) -> Message:
    """The message about a rollback."""
    version = rollback.version
    facts = {
        "In production": f"version {version.number}",
        "Taken out": f"version {rollback.replaced}",
        "By": version.tags.get("rolled_back_by", "-"),
    }
    title = f"{version.name}: rolled back to version {version.number}"
    return Message(title, "", facts, _links(version.tags.get("rollback_run_url", _NONE)))


def _links(url: str) -> dict[str, str]:
    return {} if url == _NONE else {"Pipeline run": url}
