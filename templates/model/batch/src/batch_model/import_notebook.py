"""``mloccli notebooks import``: bring the notebooks and what they need into the workspace."""

from __future__ import annotations

import os
from typing import Any

import click
from mloccli.batch_model.options import BRANCH, DRY_RUN, ENVIRONMENT
from mloccli.cli import run_script


@click.command("import", params=[ENVIRONMENT, BRANCH, DRY_RUN])
def import_notebook(**options: Any) -> int:
    """Import the notebooks, the model folder and the wheel of src into the workspace.

    They go to NOTEBOOK_PATH/<branch>, by default /ml_apps/<model>/<branch>. Files that begin with
    the line `Databricks notebook source` become notebooks in Python, SQL, Scala or R. What is no
    longer in git is removed; what people made there stays.
    """
    from mloccli.batch_model.tasks import import_notebooks

    return int(import_notebooks(options, os.environ))


if __name__ == "__main__":
    run_script(import_notebook)
