"""``mloccli registry …``."""

from __future__ import annotations

import os

import click

from ..config import find_repository, read_configuration
from ..errors import ExitCode
from .evaluate_version import evaluate_version
from .options import show_plan
from .promote_model import promote_model
from .register_external_model import register_external_model
from .register_model import register_model
from .rollback_model import rollback_model
from .version_type import number

_dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Show what would be changed, and change nothing."
)
_version_option = click.option(
    "--version", type=number, metavar="NUMBER", required=True, help="Number of the version."
)


@click.group()
def registry() -> None:
    """Register, promote and roll back versions of the model in the central model registry.

    CMR_URI names the registry: https://… of an MLflow server, databricks or databricks-uc.
    CMR_TOKEN, or CMR_USERNAME and CMR_PASSWORD, are this environment's own credential for it.
    """


@registry.command("list")
def list_versions() -> int:
    """Show the versions of the model, the newest first, with their roles."""
    from ..utils.table import format_table
    from .connection import open_registry

    configuration = read_configuration(find_repository(), os.environ)
    with open_registry(configuration, os.environ) as opened:
        versions = opened.versions()
        name = opened.name
    if not versions:
        click.echo(f"{name} has no version in the registry.")
        return ExitCode.OK
    header = ("version", "role", "registered", "tests", "commit")
    rows = [
        (
            version.number,
            version.role,
            version.created_at.isoformat(sep=" ", timespec="minutes"),
            version.tags.get("test_status", "-"),
            version.tags.get("git_commit", "-")[:12],
        )
        for version in versions
    ]
    click.echo(format_table(header, rows))
    return ExitCode.OK


@registry.command("tag")
@_version_option
@click.argument("tags", nargs=-1, required=True, metavar="NAME=VALUE...")
@_dry_run_option
def tag_version(version: str, tags: tuple[str, ...], dry_run: bool) -> int:
    """Set tags of a version; evidence that the platform records itself cannot be set by hand."""
    from .connection import open_registry
    from .tags import parse_tags

    wanted = parse_tags(tags)
    configuration = read_configuration(find_repository(), os.environ)
    if dry_run:
        show_plan({"version": version, "tags": wanted})
        return ExitCode.OK
    with open_registry(configuration, os.environ) as opened:
        opened.tag(opened.find(version), wanted)
    click.echo(f"Tagged version {version}: {', '.join(wanted)}.")
    return ExitCode.OK


@registry.command("retire")
@_version_option
@_dry_run_option
def retire_version(version: str, dry_run: bool) -> int:
    """Take a version out of every role: it is no candidate and not in production."""
    from .connection import open_registry

    configuration = read_configuration(find_repository(), os.environ)
    with open_registry(configuration, os.environ) as opened:
        found = opened.find(version)
        if dry_run:
            show_plan({"role": {found.number: "archived", "before": found.role}})
            return ExitCode.OK
        opened.retire(found)
        click.echo(f"{found} was {found.role} and is now {opened.find(found.number).role}.")
    return ExitCode.OK


for _command in (
    evaluate_version,
    register_model,
    register_external_model,
    promote_model,
    rollback_model,
):
    registry.add_command(_command)
