"""Uploads the packaged model to Artifactory.

    python src/artifactory/upload_model.py --help
    mloccli artifactory upload
"""

from __future__ import annotations

import os
from pathlib import Path

import click
from mloccli.cli import run_script


@click.command("upload")
@click.option(
    "--package",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the package; by default outputs/package of the repository.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing.")
def upload_model(package: Path | None, dry_run: bool) -> int:
    """Upload the package as one file, verify it, and never overwrite another one.

    \b
    ARTIFACTORY_REPOSITORY_MODEL  in model_variables.yml; empty: nothing is uploaded
    ARTIFACTORY_URL               such as https://bank.example/artifactory
    ARTIFACTORY_TOKEN             an access token, as a secret variable
    """
    from mloccli.artifactory.task import upload_package

    exit_code: int = upload_package(package, dry_run, os.environ)
    return exit_code


if __name__ == "__main__":
    run_script(upload_model)
