"""The options and the output that the registry's commands share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import click

from ..config import Configuration
from .version_type import number

DRY_RUN = click.Option(
    ["--dry-run"], is_flag=True, help="Show what would be changed, and change nothing."
)
VERSION = click.Option(
    ["--version"], type=number, metavar="NUMBER", help="Number of the version."
)
REPORT = click.Option(
    ["--report"],
    type=click.Path(dir_okay=False, path_type=Path),
    help="JUnit XML file; by default outputs/test-results/model-tests.xml of the repository.",
)
ARTIFACT = click.Option(
    ["--artifact"],
    required=True,
    type=click.Path(exists=True, path_type=Path),
    help="A joblib file, or the folder of an MLflow model.",
)


def folder(name: str, default: str) -> click.Option:
    """A folder that is below outputs, unless another one is named."""
    return click.Option(
        [f"--{name}"],
        type=click.Path(file_okay=False, path_type=Path),
        help=f"Folder of the {name}; by default outputs/{default} of the repository.",
    )


def output_path(given: Path | None, configuration: Configuration, name: str) -> Path:
    """The named path, or the one below outputs; always absolute."""
    return (given or configuration.repository.root / "outputs" / name).resolve()


def show_plan(plan: Mapping[str, object]) -> None:
    """Print as JSON what would be sent; it holds no secret."""
    click.echo(json.dumps(plan, indent=2, ensure_ascii=False))
