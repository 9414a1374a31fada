"""The options that the commands for Databricks share."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])

environment_option = click.option(
    "--environment", help="Name of the environment; by default ENVIRONMENT, or else the first."
)
branch_option = click.option(
    "--branch", help="Branch whose folder in the workspace is meant; by default the current one."
)
dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Show what would be sent, and send nothing."
)


def timeout_option(minutes: int) -> Callable[[_Command], _Command]:
    """How long the command waits."""
    return click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        default=minutes,
        show_default=True,
        help="Minutes to wait.",
    )


def show_request(route: str, body: object) -> None:
    """Print a request as it would be sent; it holds no secret."""
    click.echo(f"{route}\n{json.dumps(body, indent=2, ensure_ascii=False)}")
