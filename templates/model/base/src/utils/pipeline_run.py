"""The run of Azure Pipelines that this process belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from .variables import variable


def run_url(environ: Mapping[str, str]) -> str | None:
    """The page of the run, or ``None`` outside a pipeline."""
    collection = variable(environ, "SYSTEM_COLLECTIONURI")
    project = variable(environ, "SYSTEM_TEAMPROJECT")
    build = variable(environ, "BUILD_BUILDID")
    if collection is None or project is None or build is None:
        return None
    return f"{collection.rstrip('/')}/{quote(project)}/_build/results?buildId={quote(build)}"
