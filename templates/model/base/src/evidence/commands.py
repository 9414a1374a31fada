"""``mloccli evidence …``."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..config import find_repository, read_configuration
from ..errors import ExitCode
from ..registry.version_type import selector

if TYPE_CHECKING:
    from .card import Card

CARD_FILE = "card.json"
MARKDOWN_FILE = "card.md"
_NEEDED = {
    "INFORMATION_MODEL_URL": "the address of the information model",
    "INFORMATION_MODEL_TOKEN": "its access token, as a secret variable",
}


@click.group()
def evidence() -> None:
    """Write the model card and publish it.

    The card says what a colleague or an auditor asks about a model: whose it is, which data and
    metrics it was judged by, who approved it, and where commit, run and version are.
    """


@evidence.command()
@click.option(
    "--output-folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for card.json and card.md; by default outputs/evidence of the repository.",
)
@click.option(
    "--package",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the package; by default outputs/package of the repository.",
)
@click.option(
    "--candidate",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder with the evaluation; by default outputs/candidate of the repository.",
)
@click.option(
    "--version",
    type=selector,
    metavar="VERSION",
    help="Registered version: candidate, production, previous or a number; "
    "by default the one that is this package, if a registry is configured.",
)
@click.option("--approver", help="Who approved the model, when nothing else says so.")
def card(
    output_folder: Path | None,
    package: Path | None,
    candidate: Path | None,
    version: str | None,
    approver: str | None,
) -> int:
    """Write the model card as JSON and as Markdown."""
    from .card import build_card
    from .sources import collect, find_version

    repository = find_repository()
    configuration = read_configuration(repository, os.environ)
    outputs = repository.root / "outputs"
    packaged = package or outputs / "package"
    registered = find_version(configuration, packaged, version, os.environ)
    found = collect(configuration, packaged, candidate or outputs / "candidate", registered)
    made = build_card(found, configuration.model, os.environ, approver)
    _write(made, output_folder or outputs / "evidence")
    return ExitCode.OK


def _write(made: Card, folder: Path) -> None:
    from ..model.files import write_json
    from ..utils.pipeline_log import upload_summary
    from .markdown import format_card

    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / CARD_FILE, made)
    (folder / MARKDOWN_FILE).write_text(format_card(made), encoding="utf-8")
    upload_summary(folder / MARKDOWN_FILE)
    click.echo(f"Wrote the card of {made['model']['name']} {made['model']['version']} to {folder}.")


@evidence.command()
@click.option(
    "--card",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The card; by default outputs/evidence/card.json of the repository.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing.")
def publish(path: Path | None, dry_run: bool) -> int:
    """Send the model card to the information model; the same card can be sent again.

    \b
    INFORMATION_MODEL_URL    its address; without it nothing is sent
    INFORMATION_MODEL_TOKEN  its access token, as a secret variable
    """
    from ..utils.variables import require, secret, variable
    from .publish import address_of, read_card
    from .publish import publish as send_card

    url = variable(os.environ, "INFORMATION_MODEL_URL")
    if url is None:
        click.echo("The card was not published: INFORMATION_MODEL_URL is not set.")
        return ExitCode.OK
    content = read_card(path or find_repository().root / "outputs" / "evidence" / CARD_FILE)
    address = address_of(content, url)
    if dry_run:
        request = {"method": "PUT", "url": address, "json": content}
        click.echo(json.dumps(request, indent=2, ensure_ascii=False))
        return ExitCode.OK
    require(os.environ, _NEEDED)
    token = secret(os.environ, "INFORMATION_MODEL_TOKEN")
    assert token is not None  # It is required above.
    send_card(content, url, token)
    click.echo(f"Published the card: {address}")
    return ExitCode.OK
