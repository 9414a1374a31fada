"""``mloccli azureml deploy-to-local``: serve a version of the model on this machine."""

from __future__ import annotations

import os

import click

from mloccli.cli import run_script
from mloccli.rest_model.options import DRY_RUN, KEEP, TIMEOUT, VERSION


@click.command("deploy-to-local", params=[VERSION, KEEP, TIMEOUT, DRY_RUN])
def deploy_to_local(version: str | None, keep: bool, timeout: float, dry_run: bool) -> int:
    """Serve a version of the model on this machine with `mlflow models serve`.

    The server scores the example of the package and is stopped again; --keep goes on serving. Its
    address is in the registry's tag scoring_uri.local as long as it serves. The model's packages
    must be installed here.
    """
    from mloccli.rest_model.local_session import serve_version_locally
    from mloccli.rest_model.session import Wait

    return int(serve_version_locally(version, Wait(timeout, dry_run), os.environ, keep=keep))


if __name__ == "__main__":
    run_script(deploy_to_local)
