"""The options that the commands of ``mloccli azureml`` share."""

from __future__ import annotations

from typing import TypedDict

import click

from ..registry.version_type import selector

_MORE_THAN_0 = click.FloatRange(min=0, min_open=True)

VERSION = click.Option(
    ["--version"],
    type=selector,
    metavar="VERSION",
    help="Number of the version, or production, candidate or previous. By default the one in "
    "production, and before there is one the candidate.",
)
PREVIOUS_VERSION = click.Option(
    ["--version"],
    type=selector,
    metavar="VERSION",
    default="previous",
    show_default=True,
    help="Number of the version, or production, candidate or previous.",
)
ENVIRONMENT = click.Option(
    ["--environment"], help="Name of the environment; by default ENVIRONMENT, or else the first."
)
CPU = click.Option(
    ["--cpu"],
    type=click.FloatRange(min=0.1, max=128),
    default=1,
    show_default=True,
    help="Processor cores of the instance.",
)
MEMORY = click.Option(
    ["--memory"],
    type=click.FloatRange(min=0.1, max=1024),
    default=2,
    show_default=True,
    help="Memory of the instance in gigabytes.",
)
TIMEOUT = click.Option(
    ["--timeout"],
    type=_MORE_THAN_0,
    default=15,
    show_default=True,
    help="Minutes to wait for the instance.",
)
REBUILD = click.Option(
    ["--rebuild"], is_flag=True, help="Build the image anew even if one passed its smoke test."
)
KEEP = click.Option(["--keep"], is_flag=True, help="Go on serving until Ctrl-C.")
DRY_RUN = click.Option(
    ["--dry-run"], is_flag=True, help="Show what would be run and sent, and change nothing."
)

AZURE_OPTIONS = (VERSION, ENVIRONMENT, CPU, MEMORY, TIMEOUT, REBUILD, DRY_RUN)


class AzureOptions(TypedDict):
    """The values of AZURE_OPTIONS."""

    version: str | None
    environment: str | None
    cpu: float
    memory: float
    timeout: float
    rebuild: bool
    dry_run: bool
