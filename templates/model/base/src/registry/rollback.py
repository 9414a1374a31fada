"""Putting the version of before into production again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..config import Configuration
from ..errors import FindingError
from ..utils.pipeline_run import run_url, who
from .connection import open_registry
from .life_cycle import NO_VERSION, PROMOTED_AT, ROLLED_BACK_FROM
from .versions import ModelVersion, title

if TYPE_CHECKING:
    from .model_registry import Registry


@dataclass(frozen=True)
class Rollback:
    """What is in production, and what was there before."""

    version: ModelVersion
    replaced: str | None
    is_new: bool


def roll_back(
    configuration: Configuration,
    environ: Mapping[str, str],
    number: str | None,
    dry_run: bool = False,
) -> Rollback:
    """Go back to the champion of before, or to a version that was in production once.

    Again has the same end: without a number it goes back once, not further each time.
    """
    with open_registry(configuration, environ) as registry:
        champion = registry.find("production")
        came_from = champion.tags.get(ROLLED_BACK_FROM, NO_VERSION)
        if number == champion.number or (number is None and came_from != NO_VERSION):
            if not dry_run:
                _finish(registry, came_from)
            return Rollback(champion, None if came_from == NO_VERSION else came_from, False)
        version = registry.find(number or "previous")
        if PROMOTED_AT not in version.tags or version.role in ("candidate", "none"):
            raise FindingError(
                f"{title(version)} was never in production.",
                "Only `mloccli registry promote` puts a version there for the first time.",
            )
        if not dry_run:
            url = run_url(environ) or "none"
            registry.tag(version, {"rolled_back_by": who(environ), "rollback_run_url": url})
            registry.roll_back(version, champion)
            version = registry.find(version.number)
        return Rollback(version, champion.number, True)


def _finish(registry: Registry, came_from: str) -> None:
    """A rollback that was killed may have left the other version in production beside this one."""
    for version in registry.versions():
        if version.number == came_from and version.role == "production":
            registry.retire(version)
