"""``mloccli cluster id``: the id of the environment's cluster."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from mloccli.cli import run_script
from mloccli.config import find_repository, read_configuration
from mloccli.errors import ExitCode, FindingError
from mloccli.utils.pipeline_log import set_output

if TYPE_CHECKING:
    from databricks.sdk import WorkspaceClient
    from databricks.sdk.service.compute import ClusterDetails


@click.command("id")
@click.option("--environment", help="Name of the environment; by default ENVIRONMENT or the first.")
def get_cluster_id(environment: str | None) -> int:
    """Print the id of the environment's cluster.

    The cluster has the name in DATABRICKS_CLUSTER_NAME_<ENVIRONMENT>. Exit code 1: there is none,
    or several have that name. In a pipeline the id is also the output variable cluster_id.
    """
    from mloccli.utils.databricks import choose_environment, workspace_client

    configuration = read_configuration(find_repository(), os.environ)
    chosen = choose_environment(configuration, environment, os.environ)
    client = workspace_client(configuration, chosen.name, os.environ)
    cluster_id = require_cluster(
        client, chosen.cluster_name, configuration.model.model_name
    ).cluster_id
    click.echo(cluster_id)
    set_output("cluster_id", str(cluster_id))
    return int(ExitCode.OK)


def find_cluster(client: WorkspaceClient, name: str, model_name: str) -> ClusterDetails | None:
    """The cluster of that name; where several have it, the one that was made for the model."""
    from mloccli.utils.databricks import remote_errors

    with remote_errors(f"look for the cluster {name}"):
        found = [cluster for cluster in client.clusters.list() if cluster.cluster_name == name]
    own = [cluster for cluster in found if (cluster.custom_tags or {}).get("model") == model_name]
    candidates = own or found
    if len(candidates) > 1:
        ids = ", ".join(sorted(str(cluster.cluster_id) for cluster in candidates))
        raise FindingError(
            f"{len(candidates)} clusters are named {name}: {ids}.",
            "Delete or rename all but one, or name another cluster in "
            "DATABRICKS_CLUSTER_NAME_<ENVIRONMENT>.",
        )
    return candidates[0] if candidates else None


def require_cluster(client: WorkspaceClient, name: str, model_name: str) -> ClusterDetails:
    """The same; no cluster is a finding."""
    cluster = find_cluster(client, name, model_name)
    if cluster is None:
        raise FindingError(f"There is no cluster {name}.", "Run `mloccli cluster start` first.")
    return cluster


if __name__ == "__main__":
    run_script(get_cluster_id)
