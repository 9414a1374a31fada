"""Which libraries a cluster has to get, decided from what it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ..environment.requirements import read_requirements
from .target import Target

#: As the Libraries API writes one: ``{"pypi": {"package": "pandas>=2"}}`` or ``{"whl": "/…"}``.
Library: TypeAlias = dict[str, Any]
#: One entry of the answer of libraries/cluster-status.
Status: TypeAlias = Mapping[str, Any]

_ON_THE_WAY = frozenset({"PENDING", "RESOLVING", "INSTALLING", "RESTORED"})


@dataclass(frozen=True)
class LibraryPlan:
    """What to install, and which wheels of earlier commits to take off."""

    install: list[Library]
    uninstall: list[Library]


@dataclass(frozen=True)
class Failure:
    """A library that could not be installed, and why."""

    name: str
    messages: tuple[str, ...]


def wanted_libraries(target: Target) -> list[Library]:
    """What the model's environment file lists, and the wheel with the tasks."""
    requirements = read_requirements(target.configuration.repository.modules)
    wheel: Library = {"whl": f"/Workspace{target.wheel}"}
    return [*({"pypi": {"package": line}} for line in requirements.lines), wheel]


def plan_libraries(target: Target, statuses: Sequence[Status]) -> LibraryPlan:
    """Only what is missing or failed before; wheels of this branch's earlier commits go."""
    wanted = wanted_libraries(target)
    there = [status["library"] for status in statuses if _is_there(status)]
    wheels = f"/Workspace{target.folder}/wheels/"
    old = [
        status["library"]
        for status in statuses
        if str(status["library"].get("whl", "")).startswith(wheels)
        and status["library"] not in wanted
        and status.get("status") != "UNINSTALL_ON_RESTART"
    ]
    return LibraryPlan([library for library in wanted if library not in there], old)


def judge_libraries(
    wanted: Sequence[Library], statuses: Sequence[Status]
) -> tuple[list[str], list[Failure]]:
    """The names of those that are still on their way, and those that failed."""
    by_name = {library_name(status["library"]): status for status in statuses}
    waiting, failures = [], []
    for library in wanted:
        name = library_name(library)
        status = by_name.get(name, {})
        state = status.get("status", "PENDING")
        if state in _ON_THE_WAY:
            waiting.append(name)
        elif state != "INSTALLED":
            messages = tuple(map(str, status.get("messages") or [f"its state is {state}"]))
            failures.append(Failure(name, messages))
    return waiting, failures


def library_name(library: Library) -> str:
    """A library as a person names it."""
    package = library.get("pypi", {}).get("package")
    return str(package or library.get("whl") or dict(library))


def _is_there(status: Status) -> bool:
    return status.get("status") in {*_ON_THE_WAY, "INSTALLED"}
