"""The run of Azure Pipelines that this process belongs to, and who started it."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from urllib.parse import quote

from .variables import variable


def run_url(environ: Mapping[str, str]) -> str | None:
    """The page of the run; ``None`` outside a pipeline."""
    names = ("SYSTEM_COLLECTIONURI", "SYSTEM_TEAMPROJECT", "BUILD_BUILDID")
    collection, project, build = (variable(environ, name) for name in names)
    if not collection or not project or not build:
        return None
    return f"{collection.rstrip('/')}/{quote(project)}/_build/results?buildId={quote(build)}"


def who(environ: Mapping[str, str]) -> str:
    """The person or service that started the run; on a laptop, the user."""
    requested = variable(environ, "BUILD_REQUESTEDFOR")
    if requested:
        return requested
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
