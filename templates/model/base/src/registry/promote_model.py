"""``mloccli registry promote``: test the candidate and put it into production."""

from __future__ import annotations

import os
from typing import Any

import click

from mloccli.cli import run_script
from mloccli.registry.options import DRY_RUN, REPORT, VERSION


@click.command("promote", params=[VERSION, REPORT, DRY_RUN])
def promote_model(**options: Any) -> int:
    """Run tests/model/test_model.py on the candidate and promote it when they pass.

    Without --version it is the only candidate. The tests run on what is registered. Failing tests
    are recorded with the version, exit code 1, and production stays as it is. The same command
    again has the same end. In a pipeline the output variable is_new says whether production
    changed.
    """
    from mloccli.registry.tasks import promote_task

    return int(promote_task(options, os.environ))


if __name__ == "__main__":
    run_script(promote_model)
