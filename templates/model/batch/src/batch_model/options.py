"""The options that the commands for Databricks share, and what they hold."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict

import click

_MORE_THAN_0 = click.FloatRange(min=0, min_open=True)

ENVIRONMENT = click.Option(
    ["--environment"], help="Name of the environment; by default ENVIRONMENT, or else the first."
)
BRANCH = click.Option(
    ["--branch"], help="Branch whose folder in the workspace is meant; by default the current one."
)
DRY_RUN = click.Option(["--dry-run"], is_flag=True, help="Show what would be sent; send nothing.")
NOTEBOOK = click.Option(
    ["--notebook"], help="Name of the notebook; by default train, or evaluate for rules."
)
PARAMETER = click.Option(
    ["--parameter", "parameters"],
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter of the notebook; may be given several times. Never a secret.",
)
NO_RUN = click.Option(["--no-run"], is_flag=True, help="Create or update the job; do not run it.")
IDEMPOTENCY_TOKEN = click.Option(
    ["--idempotency-token"], help="Only one run starts for a token; by default it is made."
)
OUTPUT = click.Option(
    ["--output"],
    type=click.Path(dir_okay=False, path_type=Path),
    help="JSON file for run_id, run_page_url, and result: what the notebook ended with.",
)


def timeout(minutes: int) -> click.Option:
    """How long a command waits."""
    return click.Option(
        ["--timeout"],
        type=_MORE_THAN_0,
        default=minutes,
        show_default=True,
        help="Minutes to wait.",
    )


class ClusterOptions(TypedDict):
    """The options of `cluster start`."""

    environment: str | None
    timeout: float
    dry_run: bool


class BranchOptions(TypedDict):
    """The options of `notebooks import`."""

    environment: str | None
    branch: str | None
    dry_run: bool


class LibraryOptions(BranchOptions):
    """The options of `libraries install`."""

    timeout: float


class JobOptions(LibraryOptions):
    """The options of `job run`."""

    notebook: str | None
    parameters: tuple[str, ...]
    no_run: bool
    idempotency_token: str | None
    output: Path | None
