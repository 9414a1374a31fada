"""``mloccli job run``: make the job of a notebook, run it, and wait for its result."""

from __future__ import annotations

import os
from typing import Any

import click
from mloccli.batch_model.options import (
    BRANCH,
    DRY_RUN,
    ENVIRONMENT,
    IDEMPOTENCY_TOKEN,
    NO_RUN,
    NOTEBOOK,
    OUTPUT,
    PARAMETER,
    timeout,
)
from mloccli.cli import run_script

_OPTIONS = [ENVIRONMENT, BRANCH, NOTEBOOK, PARAMETER, NO_RUN, IDEMPOTENCY_TOKEN, OUTPUT]


@click.command("run", params=[*_OPTIONS, timeout(240), DRY_RUN])
def create_start_job(**options: Any) -> int:
    """Create or update the job of a notebook, run it, and wait until it ends.

    The job is found by its name. It works on the cluster, a job cluster or serverless compute, as
    COMPUTE_MODE says. Only the result SUCCESS is one. Exit code 1: the notebook raised, and its
    traceback is shown. Exit code 3: Databricks could not run it.
    """
    from mloccli.batch_model.job_task import run_notebook_job

    return int(run_notebook_job(options, os.environ))


if __name__ == "__main__":
    run_script(create_start_job)
