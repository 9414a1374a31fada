"""A version of the model in the central model registry, as tasks see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..errors import FindingError
from .life_cycle import PREVIOUS_VERSION, Role

TEST_STATUS = "test_status"


@dataclass(frozen=True)
class ModelVersion:
    """A registered version; ``number`` is text, because MLflow's is."""

    name: str
    number: str
    role: Role
    tags: Mapping[str, str]
    created_at: datetime
    is_ready: bool = True

    def __str__(self) -> str:
        return f"version {self.number} of {self.name}"


def title(version: ModelVersion) -> str:
    """The version at the beginning of a sentence."""
    return f"V{str(version)[1:]}"


def select(versions: Sequence[ModelVersion], selector: str, champion: str | None) -> ModelVersion:
    """The version of a role or a number; a finding says why there is not exactly one."""
    if selector == "candidate":
        return _candidate(versions)
    if selector == "production":
        return _numbered(versions, champion, "No version is in production.")
    if selector == "previous":
        current = _numbered(versions, champion, "No version is in production.")
        previous = current.tags.get(PREVIOUS_VERSION)
        return _numbered(versions, previous, f"Nothing is known to have come before {current}.")
    return _numbered(versions, selector, f"There is no version {selector!r} of the model.")


def _candidate(versions: Sequence[ModelVersion]) -> ModelVersion:
    """The only candidate; one whose tests failed stands in nobody's way."""
    candidates = [version for version in versions if version.role == "candidate"]
    untested = [item for item in candidates if item.tags.get(TEST_STATUS) != "failed"]
    found = untested or candidates
    if not found:
        raise FindingError(
            "The registry has no candidate of the model.",
            "`mloccli registry register` registers a package and makes it the candidate.",
        )
    if len(found) > 1:
        numbers = " and ".join(sorted((version.number for version in found), key=int))
        raise FindingError(
            f"Versions {numbers} are both candidates."
            if len(found) == 2
            else f"Versions {numbers} are all candidates.",
            "Name the one you mean with --version, or take one out with "
            "`mloccli registry retire --version`.",
        )
    return found[0]


def _numbered(
    versions: Sequence[ModelVersion], number: str | None, otherwise: str
) -> ModelVersion:
    for version in versions:
        if version.number == number:
            return version
    known = ", ".join(version.number for version in versions) or "none"
    raise FindingError(otherwise, f"The registry's versions: {known}.")
