"""``mloccli environment …``."""

from __future__ import annotations

import os
import shlex

import click

from ..config import find_repository


@click.group()
def environment() -> None:
    """Install what the model's environment file lists."""


@environment.command()
@click.option("--dry-run", is_flag=True, help="Show the command and run nothing.")
@click.option("--quiet", is_flag=True, help="Let the installer show only problems.")
def install(dry_run: bool, quiet: bool) -> int:
    """Install requirements.txt or environment.yml into the active environment.

    A conda file is installed by conda where a conda environment is active; elsewhere its
    dependencies, including its `pip:` list, are translated and installed by pip.
    """
    from .install import install as run_install
    from .install import plan_install
    from .requirements import read_requirements

    repository = find_repository()
    requirements = read_requirements(repository.modules)
    if requirements.python is not None:
        click.echo(f"The environment file asks for Python {requirements.python}.", err=True)
    if dry_run:
        click.echo(shlex.join(plan_install(requirements, os.environ, quiet=quiet)))
        return 0
    click.echo(f"Installing {', '.join(sorted(requirements.names))} …")
    run_install(requirements, quiet=quiet)
    click.echo(f"The environment of {repository.relative(requirements.file)} is installed.")
    return 0
