"""The life of a model version: registered, candidate, in production, replaced.

MLflow knows two ways to say where a version stands: stages (None, Staging, Production, Archived)
and aliases (challenger, champion, previous_champion). Everything else in this repository speaks of
roles; only this module knows how a role is written down. A role is the last thing that changes:
whatever is killed before it has changed nothing that counts.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

from ..base_variables import LifeCycleName

Role: TypeAlias = Literal["none", "candidate", "production", "previous", "archived"]

#: When a version became the one in production; the latest one is the champion.
PROMOTED_AT = "promoted_at"
#: The champion that a version took the place of; where a rollback goes.
PREVIOUS_VERSION = "previous_version"
#: The champion that a rollback put this version in place of.
ROLLED_BACK_FROM = "rolled_back_from"
#: Several versions can be candidates, but an alias names one only, so a tag says it as well.
CANDIDATE = "candidate"
RETIRED = "retired"
#: What a tag says that names no version; not every registry takes an empty value.
NO_VERSION = "none"

CHALLENGER_ALIAS = "challenger"
CHAMPION_ALIAS = "champion"
PREVIOUS_ALIAS = "previous_champion"


@dataclass(frozen=True)
class StoredVersion:
    """A version as the registry keeps it."""

    number: str
    stage: str
    aliases: tuple[str, ...]
    tags: Mapping[str, str]


@dataclass(frozen=True)
class Target:
    """The registered model that a change is made to, and MLflow's client for it."""

    client: Any
    name: str


class LifeCycle(Protocol):
    """One way to write roles down. Every change can be repeated with the same end."""

    def champion(self, versions: Sequence[StoredVersion]) -> str | None:
        """The number of the version that production uses."""

    def role_without_champion(self, version: StoredVersion) -> Role:
        """The role of a version that is neither the champion nor the one before it."""

    def mark_candidate(self, target: Target, number: str) -> None:
        """Make the version a candidate for production."""

    def make_champion(self, target: Target, number: str, previous: str | None) -> None:
        """Put the version into production; ``previous`` is where a rollback goes from there."""

    def retire(self, target: Target, version: StoredVersion) -> None:
        """Take the version out of every role."""


def life_cycle_of(name: LifeCycleName, archive_existing_versions: bool) -> LifeCycle:
    """The life cycle that the configuration names."""
    return Stages(archive_existing_versions) if name == "stages" else Aliases()


def roles_of(life_cycle: LifeCycle, versions: Sequence[StoredVersion]) -> dict[str, Role]:
    """The role of each version by its number."""
    champion = life_cycle.champion(versions)
    tags = next((version.tags for version in versions if version.number == champion), {})
    roles: dict[str, Role] = {}
    for version in versions:
        role = life_cycle.role_without_champion(version)
        if version.number == champion:
            role = "production"
        elif version.number == tags.get(PREVIOUS_VERSION) and role in ("archived", "none"):
            role = "previous"
        roles[version.number] = role
    return roles


@dataclass(frozen=True)
class Stages:
    """Roles as stages; with ``archives`` a new version in production archives the older ones."""

    archives: bool

    def champion(self, versions: Sequence[StoredVersion]) -> str | None:
        """Of several versions in production, the one that came there last."""
        found = [version for version in versions if version.stage == "Production"]
        latest = max(found, key=_when_promoted, default=None)
        return latest.number if latest else None

    def role_without_champion(self, version: StoredVersion) -> Role:
        """The stage in our words."""
        roles: dict[str, Role] = {
            "Staging": "candidate",
            "Production": "production",
            "Archived": "archived",
        }
        return roles.get(version.stage, "none")

    def mark_candidate(self, target: Target, number: str) -> None:
        """Move it to Staging."""
        self._move(target, number, "Staging")

    def make_champion(self, target: Target, number: str, previous: str | None) -> None:
        """Move it to Production, and the others out of it in the same request if so configured."""
        del previous  # Its tags say it; there is no stage for it.
        self._move(target, number, "Production", self.archives)

    def retire(self, target: Target, version: StoredVersion) -> None:
        """Move it to Archived."""
        self._move(target, version.number, "Archived")

    @staticmethod
    def _move(target: Target, number: str, stage: str, archives: bool = False) -> None:
        with warnings.catch_warnings():  # MLflow advises against stages; they are chosen here.
            warnings.simplefilter("ignore", FutureWarning)
            target.client.transition_model_version_stage(
                target.name, number, stage, archive_existing_versions=archives
            )


class Aliases:
    """Roles as aliases."""

    def champion(self, versions: Sequence[StoredVersion]) -> str | None:
        """The version that bears the alias."""
        found = (version.number for version in versions if CHAMPION_ALIAS in version.aliases)
        return next(found, None)

    def role_without_champion(self, version: StoredVersion) -> Role:
        """A candidate by alias or tag; archived once it was in production or is retired."""
        if CHALLENGER_ALIAS in version.aliases or version.tags.get(CANDIDATE) == "true":
            return "candidate"
        if PROMOTED_AT in version.tags or version.tags.get(RETIRED) == "true":
            return "archived"
        return "none"

    def mark_candidate(self, target: Target, number: str) -> None:
        """Tag it; the alias goes to the latest candidate."""
        target.client.set_model_version_tag(target.name, number, CANDIDATE, "true")
        target.client.set_registered_model_alias(target.name, CHALLENGER_ALIAS, number)

    def make_champion(self, target: Target, number: str, previous: str | None) -> None:
        """Give it the alias; only then is it no candidate any more."""
        if previous is not None:
            target.client.set_registered_model_alias(target.name, PREVIOUS_ALIAS, previous)
        target.client.set_registered_model_alias(target.name, CHAMPION_ALIAS, number)
        if previous is None:
            target.client.delete_registered_model_alias(target.name, PREVIOUS_ALIAS)
        self._end_candidacy(target, number)

    def retire(self, target: Target, version: StoredVersion) -> None:
        """Take its aliases and mark it."""
        target.client.set_model_version_tag(target.name, version.number, RETIRED, "true")
        for alias in version.aliases:
            if alias in (CHAMPION_ALIAS, PREVIOUS_ALIAS):
                target.client.delete_registered_model_alias(target.name, alias)
        self._end_candidacy(target, version.number)

    @staticmethod
    def _end_candidacy(target: Target, number: str) -> None:
        aliases = target.client.get_registered_model(target.name).aliases
        if str(aliases.get(CHALLENGER_ALIAS)) == number:
            target.client.delete_registered_model_alias(target.name, CHALLENGER_ALIAS)
        target.client.set_model_version_tag(target.name, number, CANDIDATE, "false")


def _when_promoted(version: StoredVersion) -> tuple[str, int]:
    return version.tags.get(PROMOTED_AT, ""), int(version.number)
