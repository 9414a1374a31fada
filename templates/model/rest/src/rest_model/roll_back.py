"""``mloccli azureml rollback``: serve an earlier version again, from the very image that worked."""

from __future__ import annotations

import os
from typing import cast

import click

from mloccli.cli import run_script
from mloccli.errors import ExitCode
from mloccli.rest_model.options import dry_run_option, environment_option


@click.command("rollback")
@click.option(
    "--version",
    default="previous",
    show_default=True,
    help="Number of the version, or production, candidate or previous.",
)
@environment_option
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=15,
    show_default=True,
    help="Minutes to wait for the instance.",
)
@dry_run_option
def roll_back(version: str, environment: str | None, timeout: float, dry_run: bool) -> int:
    """Serve a version again as it once passed its smoke test: same image, target and size.

    Nothing is built. `mloccli registry rollback` says which version production uses; this command
    makes sure that the version is served.
    """
    from mloccli.rest_model.release import earlier_service
    from mloccli.rest_model.session import Kind, Order, deploy, open_session

    session = open_session("aks", environment, os.environ)
    chosen = session.choose(version)
    image, target, size = earlier_service(chosen, session.environment)
    deploy(session, chosen, image, Order(cast(Kind, target), size, timeout, dry_run))
    return ExitCode.OK


if __name__ == "__main__":
    run_script(roll_back)
