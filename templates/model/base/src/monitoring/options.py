"""The options that the commands of monitoring share."""

from __future__ import annotations

from pathlib import Path

import click

from ..registry.version_type import selector

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)

PACKAGE = click.Option(
    ["--package"],
    type=_FOLDER,
    help="Measure this package. By default the version in the registry is measured, and without "
    "a registry outputs/package of the repository.",
)
SAME_PACKAGE = click.Option(
    ["--package"], type=_FOLDER, help="As it was given to `mloccli monitor drift`."
)
VERSION = click.Option(
    ["--version"],
    type=selector,
    metavar="VERSION",
    default="production",
    show_default=True,
    help="Version in the registry: production, candidate, previous or a number.",
)
DATA = click.Option(
    ["--data"],
    type=_FILE,
    help="Current rows as CSV or Parquet; by default what load_scoring_data returns.",
)
WINDOW = click.Option(
    ["--window"], help="Name of the window of data; by default today's date, in UTC."
)
HISTORY = click.Option(
    ["--history"],
    type=_FILE,
    help="File with earlier windows; by default history.json in the output folder.",
)
OUTPUT = click.Option(
    ["--output"],
    type=_FOLDER,
    help="Folder for the decision; by default outputs/monitoring of the repository.",
)
BRANCH = click.Option(
    ["--branch"], help="Branch to train; by default the pipeline's default branch."
)
DRY_RUN = click.Option(
    ["--dry-run"], is_flag=True, help="Show what would be done; keep and start nothing."
)

DRIFT_OPTIONS = (PACKAGE, VERSION, DATA, WINDOW, HISTORY, OUTPUT, DRY_RUN)
TRIGGER_OPTIONS = (SAME_PACKAGE, HISTORY, OUTPUT, BRANCH, DRY_RUN)
RUN_OPTIONS = (PACKAGE, VERSION, DATA, WINDOW, HISTORY, OUTPUT, BRANCH, DRY_RUN)
