"""``mloccli registry evaluate``: judge a registered version on today's data."""

from __future__ import annotations

import os
from typing import Any

import click

from mloccli.cli import run_script
from mloccli.registry.options import folder
from mloccli.registry.version_type import selector


@click.command(
    "evaluate",
    params=[
        click.Option(
            ["--version"],
            type=selector,
            metavar="VERSION",
            default="production",
            show_default=True,
            help="Version in the registry: production, candidate, previous or a number.",
        ),
        folder("output", "evaluation"),
    ],
)
def evaluate_version(**options: Any) -> int:
    """Judge a registered version by the team's thresholds, on today's evaluation data.

    The version is evaluated with the code of its own package. Nothing is changed in the registry;
    exit code 1 says that it would not be accepted today.
    """
    from mloccli.registry.tasks import evaluate_task

    return int(evaluate_task(options, os.environ))


if __name__ == "__main__":
    run_script(evaluate_version)
