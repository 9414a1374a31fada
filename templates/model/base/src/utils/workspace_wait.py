"""Waiting a short while for a Databricks workspace, and saying so.

The SDK would try for minutes without a word, once for its own settings and once for the request.
"""

from __future__ import annotations

import time

import click

from .addresses import is_on_this_machine

_PATH = "/.well-known/databricks-config"  # What the SDK itself asks for first, without credential.
_TIMEOUT_SECONDS = (5, 30)
_PAUSE_SECONDS = 2


def wait_for_workspace(host: str, seconds: float) -> None:
    """Return as soon as the workspace answers, whatever it says; else the error of requests."""
    import requests

    end = time.monotonic() + seconds
    is_said = False
    while True:
        try:
            return _ask(host)
        except requests.exceptions.SSLError:
            raise  # That does not pass with time.
        except requests.RequestException:
            if time.monotonic() >= end:
                raise
        if not is_said:
            click.echo(f"Waiting for the Databricks workspace {host}: no connection yet.", err=True)
            is_said = True
        time.sleep(_PAUSE_SECONDS)


def _ask(host: str) -> None:
    import requests

    with requests.Session() as session:
        session.trust_env = not is_on_this_machine(host)
        session.auth = lambda prepared: prepared  # No .netrc file adds a credential.
        session.get(f"{host}{_PATH}", timeout=_TIMEOUT_SECONDS, allow_redirects=False).close()
