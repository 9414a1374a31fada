"""``mloccli azureml rollback``: serve an earlier version again, from the very image that worked."""

from __future__ import annotations

import os

import click

from mloccli.cli import run_script
from mloccli.rest_model.options import DRY_RUN, ENVIRONMENT, PREVIOUS_VERSION, TIMEOUT


@click.command("rollback", params=[PREVIOUS_VERSION, ENVIRONMENT, TIMEOUT, DRY_RUN])
def roll_back(version: str, environment: str | None, timeout: float, dry_run: bool) -> int:
    """Serve a version again as it once passed its smoke test: same image, target and size.

    Nothing is built. `mloccli registry rollback` says which version production uses; this command
    makes sure that the version is served.
    """
    from mloccli.rest_model.session import Wait, serve_version_again

    return int(serve_version_again(version, environment, Wait(timeout, dry_run), os.environ))


if __name__ == "__main__":
    run_script(roll_back)
