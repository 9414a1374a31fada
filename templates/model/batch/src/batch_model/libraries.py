"""Installing libraries on the environment's running cluster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from ..errors import FindingError, ProblemsError, RemoteError, UsageError
from ..utils.databricks import remote_errors
from ..utils.get_cluster_id import require_cluster
from .library_plan import (
    Failure,
    Library,
    judge_libraries,
    library_name,
    plan_libraries,
    wanted_libraries,
)
from .target import Target
from .waiting import Patience, wait_for

if TYPE_CHECKING:
    from databricks.sdk import WorkspaceClient


def install_on_cluster(client: WorkspaceClient, target: Target, patience: Patience) -> list[str]:
    """Install what is missing and wait until all is there; the names of what was missing."""
    from databricks.sdk.service.compute import Library as SdkLibrary

    name = target.environment.cluster_name
    cluster_id = str(require_cluster(client, name, target.model_name).cluster_id)
    _require_running(client, cluster_id, name)
    plan = plan_libraries(target, _statuses(client, cluster_id))
    with remote_errors(f"install libraries on the cluster {name}"):
        if plan.uninstall:
            old = [SdkLibrary.from_dict(library) for library in plan.uninstall]
            client.libraries.uninstall(cluster_id, old)
        if plan.install:
            new = [SdkLibrary.from_dict(library) for library in plan.install]
            client.libraries.install(cluster_id, new)
    _wait(client, (cluster_id, name), wanted_libraries(target), patience)
    return [library_name(library) for library in plan.install]


def _wait(
    client: WorkspaceClient, cluster: tuple[str, str], wanted: Sequence[Library], patience: Patience
) -> None:
    cluster_id, name = cluster
    shown: list[str] = []

    def look() -> bool | None:
        # A cluster that stops keeps its libraries PENDING for ever.
        _require_running(client, cluster_id, name)
        waiting, failures = judge_libraries(wanted, _statuses(client, cluster_id))
        if failures and not waiting:
            raise _failed(name, failures)
        if waiting and waiting != shown:
            click.echo(f"Waiting for {', '.join(waiting)} …")
            shown[:] = waiting
        return None if waiting else True

    if wait_for(look, patience) is None:
        raise RemoteError(
            f"After {patience.timeout_seconds / 60:g} minutes these libraries are still not "
            f"installed on the cluster {name}: {', '.join(shown)}.",
            "The page of the cluster shows their progress; run the command again to go on.",
        )


def _require_running(client: WorkspaceClient, cluster_id: str, name: str) -> None:
    with remote_errors(f"look at the cluster {name}"):
        state = client.clusters.get(cluster_id).state
    if state is None or state.value not in {"RUNNING", "RESIZING"}:
        raise UsageError(
            f"The cluster {name} is {'UNKNOWN' if state is None else state.value}, "
            "and libraries install on a running one only.",
            "Run `mloccli cluster start` first.",
        )


def _statuses(client: WorkspaceClient, cluster_id: str) -> list[dict[str, Any]]:
    with remote_errors("look at the libraries of the cluster"):
        return [status.as_dict() for status in client.libraries.cluster_status(cluster_id)]


def _failed(name: str, failures: Sequence[Failure]) -> FindingError:
    return ProblemsError(
        f"Libraries cannot be installed on the cluster {name}:",
        [f"{failure.name}: {' '.join(failure.messages)}" for failure in failures],
        "Correct the model's environment file; `mloccli check requirements` compares it with "
        "the runtime.",
    )
