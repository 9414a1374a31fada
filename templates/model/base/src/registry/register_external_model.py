"""``mloccli registry register-external``: register a model that was trained elsewhere."""

from __future__ import annotations

import os
from typing import Any

import click

from mloccli.cli import run_script
from mloccli.registry.options import ARTIFACT, DRY_RUN, folder


@click.command(
    "register-external",
    params=[
        ARTIFACT,
        folder("candidate", "external_candidate"),
        folder("package", "external_package"),
        DRY_RUN,
    ],
)
def register_external_model(**options: Any) -> int:
    """Evaluate a model that was trained elsewhere, and register it as candidate.

    The score and evaluate of this repository must accept what the artifact holds. It goes the way
    of every candidate: thresholds, gate, package, registry. Loading it runs what is in it: take
    artifacts only from people you trust. With --dry-run it is evaluated and not registered.
    """
    from mloccli.registry.tasks import register_external_task

    return int(register_external_task(options, os.environ))


if __name__ == "__main__":
    run_script(register_external_model)
