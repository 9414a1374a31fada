"""Cleanses the raw data and, when it is new, starts the training.

    python src/data/cleanse.py --help
    mloccli data cleanse
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click
from mloccli.cli import run_script


@click.command("cleanse")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV or Parquet file for the rows that are kept; by default outputs/data/clean.csv of "
    "the repository.",
)
@click.option("--trigger", is_flag=True, help="Start the training unless it ran on this data.")
@click.option("--branch", help="Branch to train; by default the pipeline's default branch.")
@click.option("--dry-run", is_flag=True, help="Show the result; write and start nothing.")
def cleanse(**given: Any) -> int:
    """Cleanse what load_raw_data returns with the team's cleanse function.

    It fails where no row is left. --trigger needs SYSTEM_ACCESSTOKEN, or on your machine
    AZURE_DEVOPS_EXT_PAT, beside SYSTEM_COLLECTIONURI and SYSTEM_TEAMPROJECT.
    """
    from mloccli.data.tasks import CleanseOptions, run_cleanse

    return int(run_cleanse(CleanseOptions(**given), os.environ))


if __name__ == "__main__":
    run_script(cleanse)
