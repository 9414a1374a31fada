"""``mloccli libraries install``: install what the model needs on the environment's cluster."""

from __future__ import annotations

import os
from typing import Any

import click
from mloccli.batch_model.options import BRANCH, DRY_RUN, ENVIRONMENT, timeout
from mloccli.cli import run_script


@click.command("install", params=[ENVIRONMENT, BRANCH, timeout(30), DRY_RUN])
def install_libraries(**options: Any) -> int:
    """Install the model's libraries and the wheel of src on the running cluster.

    The libraries are those of the model's environment file. Only what is missing is installed,
    and the command ends when all of it is. Exit code 1: a library cannot be installed.
    """
    from mloccli.batch_model.tasks import install_model_libraries

    return int(install_model_libraries(options, os.environ))


if __name__ == "__main__":
    run_script(install_libraries)
