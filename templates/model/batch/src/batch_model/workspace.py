"""The connection of one task to its workspace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from ..utils.databricks import SEND_ONCE, UnansweredError, workspace_client
from .target import Target

if TYPE_CHECKING:
    from databricks.sdk import WorkspaceClient

_Made = TypeVar("_Made")
_ATTEMPTS = 3


class Workspace:
    """Two clients of one workspace, each connected when it is first used."""

    def __init__(self, target: Target, environ: Mapping[str, str]) -> None:
        self._target = target
        self._environ = environ

    @cached_property
    def client(self) -> WorkspaceClient:
        """For every request that does no harm when it arrives twice: the SDK sends it again."""
        return workspace_client(
            self._target.configuration, self._target.environment.name, self._environ
        )

    @cached_property
    def once(self) -> WorkspaceClient:
        """For requests that make something each time they arrive."""
        return workspace_client(
            self._target.configuration,
            self._target.environment.name,
            self._environ,
            retry_seconds=SEND_ONCE,
        )


def create_once(create: Callable[[], _Made], find: Callable[[], _Made | None]) -> _Made:
    """What ``create`` makes; when its answer is lost, what was made is found, not made again."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return create()
        except UnansweredError:
            found = find()
            if found is not None:
                return found
    return create()
