"""Uploads the packaged model to Artifactory.

    python src/artifactory/upload_model.py --help
    mloccli artifactory upload
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import click
from mloccli.artifactory.archive import Archive, pack
from mloccli.artifactory.client import upload, upload_headers
from mloccli.artifactory.destination import Destination, destination_of
from mloccli.cli import run_script
from mloccli.config import find_repository, read_model_variables
from mloccli.errors import ExitCode, FindingError
from mloccli.utils.pipeline_run import run_url
from mloccli.utils.variables import Secret, require, secret, variable


_NEEDED = {
    "ARTIFACTORY_URL": "the address of Artifactory, such as https://bank.example/artifactory",
    "ARTIFACTORY_TOKEN": "an access token of Artifactory, as a secret variable",
}


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
    repository = find_repository()
    variables = read_model_variables(repository)
    target = variables.artifactory_repository_model
    if target is None:
        click.echo("Nothing to upload: ARTIFACTORY_REPOSITORY_MODEL of this model is empty.")
        return ExitCode.OK
    needed = _NEEDED if not dry_run else {"ARTIFACTORY_URL": _NEEDED["ARTIFACTORY_URL"]}
    url = require(os.environ, needed)["ARTIFACTORY_URL"]
    with tempfile.TemporaryDirectory() as folder:
        archive = pack(package or repository.root / "outputs" / "package", Path(folder))
        if archive.model_name != variables.model_name:
            raise FindingError(
                f"The package is of the model {archive.model_name!r}; this repository's is "
                f"{variables.model_name!r}."
            )
        properties = {
            "git.commit": archive.git_commit,
            "git.branch": variable(os.environ, "BUILD_SOURCEBRANCHNAME"),
            "build.url": run_url(os.environ),
        }
        destination = destination_of(archive, url, target, properties)
        token = secret(os.environ, "ARTIFACTORY_TOKEN")
        if dry_run or token is None:
            return _show(archive, destination)
        return _upload(archive, destination, token)


def _show(archive: Archive, destination: Destination) -> int:
    request = {
        "method": "PUT",
        "url": destination.upload_url,
        "headers": upload_headers(archive),
        "bytes": archive.size,
        "properties": dict(destination.properties),
    }
    click.echo(json.dumps(request, indent=2, ensure_ascii=False))
    return ExitCode.OK


def _upload(archive: Archive, destination: Destination, token: Secret) -> int:
    if upload(archive, destination, token):
        click.echo(f"Uploaded {destination.says}, {archive.size} bytes, and verified it.")
    else:
        click.echo(f"{destination.says} is there already, unchanged. Nothing to do.")
    click.echo(f"SHA-256 {archive.sha256}")
    return ExitCode.OK


if __name__ == "__main__":
    run_script(upload_model)
