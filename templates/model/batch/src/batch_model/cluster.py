"""Finding, creating and starting the environment's cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..errors import RemoteError
from ..utils.databricks import remote_errors
from ..utils.get_cluster_id import find_cluster
from ..utils.pipeline_log import log_issue
from .cluster_request import cluster_differences, cluster_request
from .target import Target
from .waiting import Patience, wait_for
from .workspace import Workspace, create_once

if TYPE_CHECKING:
    from databricks.sdk import WorkspaceClient
    from databricks.sdk.service.compute import ClusterDetails


def start_cluster(workspace: Workspace, target: Target, patience: Patience) -> str:
    """The id of the running cluster: found by its name, made when there is none, and started."""
    request = cluster_request(target)
    found = find_cluster(workspace.client, target.environment.cluster_name, target.model_name)
    if found is not None:
        _warn_of_differences(request, found)
        start = _Start(workspace.client, found)
    else:
        start = _Start(workspace.client, _create(workspace, target, request), is_new=True)
    if wait_for(start.look, patience) is None:
        raise RemoteError(
            f"The cluster {start.name} is still {start.state} after "
            f"{patience.timeout_seconds / 60:g} minutes.",
            "It goes on starting; look at its event log in the workspace, then run this again.",
        )
    return start.cluster_id


def _create(workspace: Workspace, target: Target, request: dict[str, object]) -> ClusterDetails:
    from databricks.sdk.service.compute import ClusterDetails, ClusterSpec

    name = target.environment.cluster_name

    def create() -> ClusterDetails:
        with remote_errors(f"create the cluster {name}"):
            settings = ClusterSpec.from_dict(request).as_shallow_dict()
            made = workspace.once.clusters.create(**settings)
        return ClusterDetails(cluster_id=made.bind()["cluster_id"], cluster_name=name)

    made = create_once(create, lambda: find_cluster(workspace.client, name, target.model_name))
    click.echo(f"Created the cluster {name} ({made.cluster_id}).")
    return made


class _Start:
    """One cluster on its way to RUNNING."""

    def __init__(
        self, client: WorkspaceClient, cluster: ClusterDetails, *, is_new: bool = False
    ) -> None:
        self._client = client
        self._was_started = is_new
        self.cluster_id = str(cluster.cluster_id)
        self.name = str(cluster.cluster_name)
        self.state = ""

    def look(self) -> bool | None:
        """True when it runs, ``None`` while it may still come to it."""
        with remote_errors(f"look at the cluster {self.name}"):
            cluster = self._client.clusters.get(self.cluster_id)
        state = "UNKNOWN" if cluster.state is None else cluster.state.value
        if state != self.state:
            click.echo(f"The cluster {self.name} is {state}.")
            self.state = state
        if state == "RUNNING":
            return True
        if state == "ERROR" or (state == "TERMINATED" and self._was_started):
            raise _never_started(cluster)
        if state == "TERMINATED":
            self._start()
        return None

    def _start(self) -> None:
        from databricks.sdk.errors import BadRequest

        self._was_started = True
        with remote_errors(f"start the cluster {self.name}"):
            try:
                self._client.clusters.start(self.cluster_id)
            except BadRequest as error:
                if error.error_code != "INVALID_STATE":  # Somebody else has just started it.
                    raise


def _never_started(cluster: ClusterDetails) -> RemoteError:
    state = "UNKNOWN" if cluster.state is None else cluster.state.value
    said = f" {cluster.state_message}" if cluster.state_message else ""
    reason = cluster.termination_reason
    if reason is not None and reason.code is not None:
        details = "; ".join(str(value) for value in (reason.parameters or {}).values())
        said += f" ({reason.code.value}{f': {details}' if details else ''})"
    return RemoteError(
        f"The cluster {cluster.cluster_name} does not start; it is {state}.{said}",
        "Its event log in the workspace says more. Quotas, node types that the region lacks and "
        "the network are the usual causes.",
    )


def _warn_of_differences(request: dict[str, object], found: ClusterDetails) -> None:
    for difference in cluster_differences(request, found.as_dict()):
        message = f"The cluster {found.cluster_name} is used as it is: {difference}."
        click.echo(f"warning: {message}", err=True)
        log_issue("warning", message)
