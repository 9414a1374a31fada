"""``mloccli notebooks …``, ``cluster …``, ``libraries …`` and ``job …``."""

from __future__ import annotations

import click

from ..utils.get_cluster_id import get_cluster_id
from .create_start_cluster import create_start_cluster
from .create_start_job import create_start_job
from .import_notebook import import_notebook
from .install_libraries import install_libraries


@click.group()
def notebooks() -> None:
    """Bring the notebooks into the Databricks workspace of an environment."""


@click.group()
def cluster() -> None:
    """Find, create and start the environment's cluster."""


@click.group()
def libraries() -> None:
    """Install libraries on the environment's cluster."""


@click.group()
def job() -> None:
    """Create, update and run the job of a notebook."""


notebooks.add_command(import_notebook)
cluster.add_command(create_start_cluster)
cluster.add_command(get_cluster_id)
libraries.add_command(install_libraries)
job.add_command(create_start_job)
