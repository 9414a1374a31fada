"""The task of `job run`, from its options to its exit code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click

from ..errors import ExitCode, UsageError
from ..model.files import write_json
from ..utils.get_cluster_id import require_cluster
from .job import create_or_update_job
from .job_request import (
    JobPlan,
    idempotency_token,
    job_settings,
    require_notebook,
)
from .options import JobOptions
from .run import FinishedRun, RunRequest, run_job
from .secret_scope import keep_secrets
from .target import read_target
from .tasks import show_request
from .waiting import Patience
from .workspace import Workspace

#: For a run that waits in a queue before its own time begins.
_QUEUE_SECONDS = 600


def run_notebook_job(options: JobOptions, environ: Mapping[str, str]) -> int:
    """`job run`."""
    plan = _plan(options, environ)
    if options["dry_run"]:
        show_request("POST /api/2.2/jobs/create, or reset", job_settings(plan))
        return ExitCode.OK
    output = options["output"]
    if output is not None:
        output.unlink(missing_ok=True)  # What an earlier run wrote is not this run's.
    workspace = Workspace(plan.target, environ)
    keep_secrets(workspace.client, plan.target, environ)
    plan = _with_cluster(workspace, plan)
    job_id = create_or_update_job(workspace, plan)
    if options["no_run"]:
        return ExitCode.OK
    token = options["idempotency_token"] or idempotency_token(plan, environ)
    request = RunRequest(job_id, plan.all_parameters, token)
    finished = run_job(workspace.client, request, Patience(plan.timeout_seconds + _QUEUE_SECONDS))
    click.echo(f"The run {finished.run_id} succeeded: {finished.run_page_url}")
    if output is not None:
        _write(output, finished)
    return ExitCode.OK


def parse_parameters(given: Sequence[str]) -> dict[str, str]:
    """The values by name of ``--parameter NAME=VALUE``."""
    parameters: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.isidentifier() or name in parameters:
            raise UsageError(
                f"--parameter {text!r} is not one NAME=VALUE, with each name once.",
                "Write for example --parameter input_table=main.raw.iris.",
            )
        parameters[name] = value
    return parameters


def _plan(options: JobOptions, environ: Mapping[str, str]) -> JobPlan:
    target = read_target(options["environment"], options["branch"], environ)
    notebook = require_notebook(target, options["notebook"])
    seconds = max(1, round(options["timeout"] * 60))
    return JobPlan(target, notebook, parse_parameters(options["parameters"]), seconds)


def _with_cluster(workspace: Workspace, plan: JobPlan) -> JobPlan:
    """The plan with the id of the cluster, where the job needs one that exists."""
    target = plan.target
    if target.configuration.base.compute_mode != "all_purpose":
        return plan
    name = target.environment.cluster_name
    cluster = require_cluster(workspace.client, name, target.model_name)
    return replace(plan, cluster_id=str(cluster.cluster_id))


def _write(path: Path, finished: FinishedRun) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_json(
        path,
        {
            "run_id": finished.run_id,
            "run_page_url": finished.run_page_url,
            "result": finished.result,
        },
    )
