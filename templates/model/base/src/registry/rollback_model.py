"""``mloccli registry rollback``: put the version of before into production again."""

from __future__ import annotations

import os
from typing import Any

import click

from mloccli.cli import run_script
from mloccli.registry.options import DRY_RUN, VERSION


@click.command("rollback", params=[VERSION, DRY_RUN])
def rollback_model(**options: Any) -> int:
    """Put the champion of before into production again, or any version that was there once.

    It changes the registry; a deployed service follows when it is deployed again.
    """
    from mloccli.registry.tasks import rollback_task

    return int(rollback_task(options, os.environ))


if __name__ == "__main__":
    run_script(rollback_model)
