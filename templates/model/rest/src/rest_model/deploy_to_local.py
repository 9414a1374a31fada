"""``mloccli azureml deploy-to-local``: serve a version of the model on this machine."""

from __future__ import annotations

import os

import click

from mloccli.cli import run_script
from mloccli.errors import ExitCode
from mloccli.rest_model.options import dry_run_option, keep_option, version_option


@click.command("deploy-to-local")
@version_option
@keep_option
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=5,
    show_default=True,
    help="Minutes to wait for the server.",
)
@dry_run_option
def deploy_to_local(version: str | None, keep: bool, timeout: float, dry_run: bool) -> int:
    """Serve a version of the model on this machine with `mlflow models serve`.

    The server scores the example of the package and is stopped again; --keep goes on serving. Its
    address goes into the registry's tag scoring_uri.local. The model's packages must be installed
    here.
    """
    from mloccli.rest_model.instance import Size
    from mloccli.rest_model.session import Order, deploy_locally, open_session

    session = open_session("local", None, os.environ)
    order = Order("local", Size(1, 1), timeout, dry_run)
    deploy_locally(session, session.choose(version), order, keep=keep)
    return ExitCode.OK


if __name__ == "__main__":
    run_script(deploy_to_local)
