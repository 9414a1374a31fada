"""``mloccli cluster start``: make sure that the environment's cluster runs."""

from __future__ import annotations

import os
from typing import Any

import click
from mloccli.batch_model.options import DRY_RUN, ENVIRONMENT, timeout
from mloccli.cli import run_script


@click.command("start", params=[ENVIRONMENT, timeout(30), DRY_RUN])
def create_start_cluster(**options: Any) -> int:
    """Start the environment's cluster, and create it first when there is none.

    The cluster is found by its name, DATABRICKS_CLUSTER_NAME_<ENVIRONMENT>. The command ends when
    the cluster runs; in a pipeline its id is then the output variable cluster_id.
    """
    from mloccli.batch_model.tasks import start_environment_cluster

    return int(start_environment_cluster(options, os.environ))


if __name__ == "__main__":
    run_script(create_start_cluster)
