"""Serving a version on this machine: for its smoke test, or until somebody stops it."""

from __future__ import annotations

import json
import signal
import tempfile
from collections.abc import Mapping
from pathlib import Path

import click

from ..errors import ExitCode, MlocError, RemoteError
from ..utils.pipeline_log import log_issue
from .instance import Instance, Size
from .local import LocalTarget
from .release import withdraw_address
from .session import Session, Wait, open_session, serve
from .smoke import Patience

LOCAL = "local"


def serve_version_locally(
    selector: str | None, wait: Wait, environ: Mapping[str, str], *, keep: bool
) -> int:
    """Serve a version on this machine for the smoke test, and if it is kept until Ctrl-C."""
    session = open_session(environ, None, place=LOCAL)
    version = session.choose(selector)
    instance = session.instance(version, "", Size(1, 1))
    patience = Patience(wait.minutes * 60, between_seconds=1)
    if wait.dry_run:
        with LocalTarget(Path("<model>"), session.environ, patience) as target:
            click.echo(json.dumps(target.plan(instance), indent=2))
        return ExitCode.OK
    with tempfile.TemporaryDirectory(prefix="model-") as folder:
        model, package = session.download(version, Path(folder))
        with LocalTarget(model, session.environ, patience) as target:
            scoring_uri = serve(session, target, instance, package)
            try:
                if keep:
                    _serve_on(target)
            finally:
                _withdraw(session, instance, scoring_uri)
    if not keep:
        click.echo(
            "That was for the smoke test: it is stopped again, and the registry names no address "
            "of it. --keep goes on serving."
        )
    return ExitCode.OK


def _serve_on(target: LocalTarget) -> None:
    click.echo("Serving until Ctrl-C.")
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        target.wait()
    except KeyboardInterrupt:
        click.echo("Stopped.")
        return
    finally:
        signal.signal(signal.SIGTERM, before)
    raise RemoteError("The server ended by itself.", "Serve it again, and watch the memory.")


def _withdraw(session: Session, instance: Instance, scoring_uri: str) -> None:
    """An address of this machine leads nowhere once the server stops; whoever is on call knows."""
    try:
        with session.open_versions() as versions:
            withdraw_address(versions, instance, scoring_uri)
    except MlocError as error:
        log_issue("warning", f"The registry still names {scoring_uri}: {error.message}")
        click.echo(f"The registry still names {scoring_uri}: {error.message}", err=True)
