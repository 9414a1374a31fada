"""The options that the commands of ``mloccli azureml`` share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])

version_option = click.option(
    "--version",
    help="Number of the version, or production, candidate or previous. By default the one in "
    "production, and before there is one the candidate.",
)
environment_option = click.option(
    "--environment", help="Name of the environment; by default ENVIRONMENT, or else the first."
)
rebuild_option = click.option(
    "--rebuild", is_flag=True, help="Build the image anew even if one passed its smoke test."
)
dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Show what would be run and sent, and change nothing."
)
keep_option = click.option("--keep", is_flag=True, help="Go on serving until Ctrl-C.")


def size_options(command: _Command) -> _Command:
    """What the instance gets, and how long to wait for it."""
    for option in (
        click.option(
            "--timeout",
            type=click.FloatRange(min=0, min_open=True),
            default=15,
            show_default=True,
            help="Minutes to wait for the instance.",
        ),
        click.option(
            "--memory",
            type=click.FloatRange(min=0.1, max=1024),
            default=2,
            show_default=True,
            help="Memory of the instance in gigabytes.",
        ),
        click.option(
            "--cpu",
            type=click.FloatRange(min=0.1, max=128),
            default=1,
            show_default=True,
            help="Processor cores of the instance.",
        ),
    ):
        command = option(command)
    return command
