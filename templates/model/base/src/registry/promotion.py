"""Promoting a candidate: its tests run on exactly what is registered, and the role changes last."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..config import Configuration
from ..errors import FindingError
from ..model.gate import PASSING
from ..model.origin import read_origin
from ..model.package import package_digest, verify_package
from ..utils.pipeline_run import run_url, who
from .connection import open_registry
from .life_cycle import NO_VERSION
from .model_registry import PACKAGE_HASH
from .model_tests import TestRun, run_model_tests
from .registration import GATE_CHAMPION, GATE_VERDICT
from .versions import TEST_STATUS, ModelVersion, title

if TYPE_CHECKING:
    from .model_registry import Registry

TESTED_COMMIT = "tested_commit"
_UNKNOWN = "unknown"

Outcome: TypeAlias = Literal["promoted", "already in production", "tests failed", "planned"]


@dataclass(frozen=True)
class Promotion:
    """What became of the candidate."""

    outcome: Outcome
    version: ModelVersion
    replaced: str | None = None
    tests: TestRun | None = None
    tags: Mapping[str, str] | None = None
    #: Whether another version, or none, was in production before.
    is_new: bool = False


def plan_promotion(
    configuration: Configuration, environ: Mapping[str, str], number: str | None
) -> Promotion:
    """What ``promote_version`` would do if the tests pass; nothing is changed."""
    with open_registry(configuration, environ) as registry:
        version, is_done = _chosen(registry, number, _commit(configuration))
        champion = registry.champion()
    if is_done:
        return Promotion("already in production", version)
    tags = _tags(configuration, environ, True)
    return Promotion("planned", version, champion.number if champion else None, tags=tags)


def promote_version(
    configuration: Configuration, environ: Mapping[str, str], number: str | None, report: Path
) -> Promotion:
    """Test the candidate and, if its tests pass, put it into production.

    Tags come before the role: whatever is killed leaves a version that is tagged and not promoted,
    and the same command again ends as if nothing had happened.
    """
    with tempfile.TemporaryDirectory() as folder:
        with open_registry(configuration, environ) as registry:
            version, is_done = _chosen(registry, number, _commit(configuration))
            if is_done:
                registry.promote(version)
                return Promotion("already in production", version)
            package = _downloaded(registry, version, Path(folder))
        # The registry is closed meanwhile: the tests are the model's own code.
        tests = run_model_tests(configuration.repository.root, package, report, environ)
    tags = _tags(configuration, environ, tests.passed)
    with open_registry(configuration, environ) as registry:
        registry.tag(version, tags)
        if not tests.passed:
            return Promotion("tests failed", version, tests=tests, tags=tags)
        version = registry.find(version.number)
        champion = registry.champion()
        _require_promotable(version, champion)  # Another one may have come first meanwhile.
        registry.promote(version)
        is_new = champion is None or champion.number != version.number
        replaced = champion.number if champion and is_new else None
        version = registry.find(version.number)
        return Promotion("promoted", version, replaced, tests, tags, is_new)


def _chosen(
    registry: Registry, number: str | None, commit: str
) -> tuple[ModelVersion, bool]:
    """The version to promote, and whether that was done before with the same evidence."""
    champion = registry.champion()
    if number is not None:
        version = registry.find(number)
    elif champion is not None and not _has_candidate(registry) and _is_same(champion, commit):
        version = champion
    else:
        version = registry.find("candidate")
    is_champion = champion is not None and champion.number == version.number
    if is_champion and _is_same(version, commit):
        return version, True
    _require_promotable(version, champion)
    return version, False


def _has_candidate(registry: Registry) -> bool:
    return any(version.role == "candidate" for version in registry.versions())


def _is_same(version: ModelVersion, commit: str) -> bool:
    """Whether the version was tested with this commit and passed."""
    tags = version.tags
    return tags.get(TEST_STATUS) == "passed" and tags.get(TESTED_COMMIT) == commit


def _require_promotable(version: ModelVersion, champion: ModelVersion | None) -> None:
    """It passed the gate, and the gate compared it with what is in production now."""
    if champion is not None and champion.number == version.number:
        return
    if version.role != "candidate":
        raise FindingError(
            f"{title(version)} is no candidate; its role is {version.role}.",
            "A version that was in production before comes back with `mloccli registry rollback`.",
        )
    if version.tags.get(GATE_VERDICT) not in PASSING:
        raise FindingError(
            f"{title(version)} did not pass the gate.",
            "Only `mloccli registry register` makes candidates that can be promoted.",
        )
    compared = version.tags.get(GATE_CHAMPION)
    current = champion.number if champion else NO_VERSION
    if compared != current:
        raise FindingError(
            f"The gate compared {version} with {_words(compared)}, but now {_words(current)} "
            "is in production.",
            "Run `mloccli model gate` and `mloccli registry register` again.",
        )


def _downloaded(registry: Registry, version: ModelVersion, folder: Path) -> Path:
    package = registry.package_of(registry.download(version, folder))
    if package_digest(verify_package(package)) != version.tags.get(PACKAGE_HASH):
        raise FindingError(f"The package of {version} is not the one that was registered.")
    return package


def _tags(
    configuration: Configuration, environ: Mapping[str, str], passed: bool
) -> dict[str, str]:
    origin = read_origin(configuration.repository.root)
    tags = {
        TESTED_COMMIT: origin["git_commit"] or _UNKNOWN,
        "tested_branch": origin["git_branch"] or _UNKNOWN,
        "pipeline_run_url": run_url(environ) or "none",
        TEST_STATUS: "passed" if passed else "failed",
    }
    if passed:
        tags["promoted_by"] = who(environ)
    return {name: str(value) for name, value in tags.items()}


def _commit(configuration: Configuration) -> str:
    return str(read_origin(configuration.repository.root)["git_commit"] or _UNKNOWN)


def _words(number: str | None) -> str:
    return "no version" if number in (None, NO_VERSION) else f"version {number}"
