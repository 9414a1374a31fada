"""``mloccli registry register``: register the package and make it the candidate."""

from __future__ import annotations

import os
from typing import Any

import click

from mloccli.cli import run_script
from mloccli.registry.options import DRY_RUN, folder


@click.command(
    "register",
    params=[folder("candidate", "candidate"), folder("package", "package"), DRY_RUN],
)
def register_model(**options: Any) -> int:
    """Register the package in the central model registry and make it the candidate.

    The candidate must have passed `mloccli model gate`. The same package again is the same
    version. In a pipeline its number is then the output variable model_version.
    """
    from mloccli.registry.tasks import register_task

    return int(register_task(options, os.environ))


if __name__ == "__main__":
    run_script(register_model)
