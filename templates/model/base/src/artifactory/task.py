"""The task ``mloccli artifactory upload``."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

import click

from ..config import ModelVariables, find_repository, read_model_variables
from ..errors import ExitCode, FindingError
from ..utils.pipeline_run import run_url
from ..utils.variables import Secret, require, secret, variable
from .archive import Archive, pack
from .client import upload, upload_headers
from .destination import Destination, destination_of

_ADDRESS = {"ARTIFACTORY_URL": "where Artifactory is, such as https://bank.example/artifactory"}
_TOKEN = {"ARTIFACTORY_TOKEN": "an access token of Artifactory, as a secret variable"}


def upload_package(package: Path | None, dry_run: bool, environ: Mapping[str, str]) -> int:
    """Upload the package if the model goes to Artifactory, or show what would be sent."""
    repository = find_repository()
    variables = read_model_variables(repository)
    if variables.artifactory_repository_model is None:
        click.echo("Nothing to upload: ARTIFACTORY_REPOSITORY_MODEL of this model is empty.")
        return ExitCode.OK
    url = require(environ, _ADDRESS if dry_run else {**_ADDRESS, **_TOKEN})["ARTIFACTORY_URL"]
    token = secret(environ, "ARTIFACTORY_TOKEN")
    with tempfile.TemporaryDirectory() as folder:
        archive = pack(package or repository.root / "outputs" / "package", Path(folder))
        destination = _destination(archive, variables, url, environ)
        if dry_run or token is None:
            _show(archive, destination)
        else:
            _upload(archive, destination, token)
    return ExitCode.OK


def _destination(
    archive: Archive, variables: ModelVariables, url: str, environ: Mapping[str, str]
) -> Destination:
    if archive.model_name != variables.model_name:
        raise FindingError(
            f"The package is of the model {archive.model_name!r}; this repository's is "
            f"{variables.model_name!r}."
        )
    properties = {
        "git.commit": archive.git_commit,
        "git.branch": variable(environ, "BUILD_SOURCEBRANCHNAME"),
        "build.url": run_url(environ),
    }
    return destination_of(archive, url, variables.artifactory_repository_model or "", properties)


def _show(archive: Archive, destination: Destination) -> None:
    request = {
        "method": "PUT",
        "url": destination.upload_url,
        "headers": upload_headers(archive),
        "bytes": archive.size,
        "properties": dict(destination.properties),
    }
    click.echo(json.dumps(request, indent=2, ensure_ascii=False))


def _upload(archive: Archive, destination: Destination, token: Secret) -> None:
    if upload(archive, destination, token):
        click.echo(f"Uploaded {destination.says}, {archive.size} bytes, and verified it.")
        click.echo(f"SHA-256 {archive.sha256}")
    else:
        click.echo(f"{destination.says} is there already. Nothing to do.")
