"""Serving a version: start its instance, prove that it scores rightly, and only then say where."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..errors import MlocError
from ..utils.pipeline_log import printable
from .instance import Instance
from .release import IMAGE, SCORING_URI, OpenVersions, served_tags
from .smoke import Patience, smoke_test
from .targets import Show, Target

_READY = Patience(seconds=600, between_seconds=3)


class ServingError(MlocError):
    """An instance that failed, and what became of it; the exit code is the cause's."""

    def __init__(self, cause: MlocError, outcome: str) -> None:
        super().__init__(f"{cause.message}\n{outcome}", cause.hint)
        self.exit_code = cause.exit_code


@dataclass(frozen=True)
class Served:
    """An instance in service."""

    scoring_uri: str
    rows: int


@dataclass(frozen=True)
class _Before:
    """The instance as it was: the image that was proven, and whether it is there."""

    image: str | None
    was_there: bool


@dataclass(frozen=True)
class Deployment:
    """Where instances are served, and where it is written down."""

    target: Target
    open_versions: OpenVersions
    show: Show
    patience: Patience = _READY

    def serve(self, instance: Instance, package: Path) -> Served:
        """The instance in service and its address in the registry; or neither, and an error."""
        before = _Before(self._forget_address(instance), self.target.exists(instance))
        try:
            served = self._start_and_test(instance, package)
        except MlocError as error:
            raise ServingError(error, self._clean_up(instance, before)) from error
        with self.open_versions() as versions:
            tags = served_tags(instance, self.target.kind, served.scoring_uri)
            versions.tag(versions.find(instance.version), tags)
        return served

    def _start_and_test(self, instance: Instance, package: Path) -> Served:
        self.show(f"Starting {instance.name} ({instance.title}).")
        self.target.start(instance)
        with self.target.reached(instance) as reachable:
            self.show(f"Smoke-testing {reachable.address}.")
            rows = smoke_test(reachable.address, package, self.patience)
        return Served(reachable.scoring_uri, rows)

    def _forget_address(self, instance: Instance) -> str | None:
        """An instance that is about to change has no address until it is proven again.

        Returns the image that was proven before.
        """
        tag = f"{SCORING_URI}.{instance.environment}"
        with self.open_versions() as versions:
            version = versions.find(instance.version)
            if tag in version.tags:
                versions.untag(version, [tag])
        return version.tags.get(f"{IMAGE}.{instance.environment}")

    def _clean_up(self, instance: Instance, before: _Before) -> str:
        """What became of the failed instance; a clean-up that fails hides nothing."""
        log = self._log(instance)
        if log:
            self.show(f"The end of its log:\n{printable(log)}")
        nowhere = f"The registry names no address for {instance.title}."
        if before.was_there:
            kept = f"{instance.name} was there before and is kept, untested. {nowhere}"
            if before.image in (None, instance.image):
                return kept
            return (
                f"{kept} `mloccli azureml rollback --version {instance.version} "
                f"--environment {instance.environment}` brings back the image that worked."
            )
        try:
            self.target.remove(instance)
        except MlocError as error:
            return f"{nowhere} {instance.name} could not be removed: {error.message}"
        return f"Nothing is left of {instance.name}. {nowhere}"

    def _log(self, instance: Instance) -> str:
        try:
            return self.target.log(instance)
        except MlocError:
            return ""
