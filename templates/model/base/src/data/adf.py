"""Describes the Data Factory pipeline that runs the model on a schedule or on new data.

    python src/data/adf.py --help
    mloccli data adf
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click
from mloccli.cli import run_script
from mloccli.data.factory_options import STARTS, WHENS


@click.command("adf")
@click.option(
    "--start",
    type=click.Choice(STARTS),
    default="databricks-job",
    show_default=True,
    help="What the pipeline starts.",
)
@click.option(
    "--when",
    type=click.Choice(WHENS),
    default="schedule",
    show_default=True,
    help="When it starts: every day, or with each new file in a container.",
)
@click.option("--linked-service", help="The factory's linked service for Databricks.")
@click.option("--job-id", help="For databricks-job: the number of the job.")
@click.option("--notebook", help="For databricks-notebook: its path in the workspace.")
@click.option(
    "--project-url",
    help="For azure-devops: the project; in a pipeline by default its own.",
)
@click.option("--pipeline-id", help="For azure-devops: the number of the pipeline.")
@click.option("--at", help="For schedule: the time of day; by default 02:00.")
@click.option("--time-zone", help="For schedule: the zone as Windows names it; by default UTC.")
@click.option("--start-date", help="For schedule: the first day; by default today, in UTC.")
@click.option("--storage-account", help="For new-data: the account's id, /subscriptions/….")
@click.option("--container", help="For new-data: the container that the files arrive in.")
@click.option("--folder", help="For new-data: the folder of the container; by default all.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="JSON file for the definitions; without it they are shown.",
)
def adf(output: Path | None, **given: Any) -> int:
    """Describe the Data Factory pipeline ADF_JOB and its trigger as JSON.

    The definitions hold no secret and change nothing: bring them into the factory with its git
    repository, or with `az datafactory`. A trigger does nothing before it is started there.
    """
    from mloccli.data.tasks import describe_data_factory

    return int(describe_data_factory(given, output, os.environ))


if __name__ == "__main__":
    run_script(adf)
