"""Running a job once, waiting for its end, and explaining a failure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from ..errors import FindingError, MlocError, ModelCodeError, RemoteError
from ..utils.databricks import remote_errors
from ..utils.pipeline_log import printable
from .run_verdict import TaskRun, Verdict, judge_run, progress_of
from .waiting import Patience, wait_for

if TYPE_CHECKING:
    from databricks.sdk import WorkspaceClient

_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_SHOWN_LINES = 80


@dataclass(frozen=True)
class FinishedRun:
    """A run that succeeded; ``result`` is what its notebook ended with, read as JSON if it is."""

    run_id: int
    run_page_url: str
    result: object


@dataclass(frozen=True)
class RunRequest:
    """A run of a job; the same token never starts a second one."""

    job_id: int
    parameters: Mapping[str, str]
    idempotency_token: str


def run_job(client: WorkspaceClient, request: RunRequest, patience: Patience) -> FinishedRun:
    """Run the job and wait; anything but the result SUCCESS is an error with the task's output."""
    with remote_errors("run the job"):
        started = client.jobs.run_now(
            request.job_id,
            idempotency_token=request.idempotency_token,
            job_parameters=dict(request.parameters),
        )
    watch = _Watch(client, int(started.bind()["run_id"]))
    try:
        verdict = wait_for(watch.look, patience)
    except KeyboardInterrupt:
        click.echo(f"\nThe run goes on without this command: {watch.url}", err=True)
        raise
    except RemoteError as error:
        raise RemoteError(error.message, f"The run goes on: {watch.url}") from error
    if verdict is None:
        raise RemoteError(
            f"The run {watch.run_id} is still {watch.progress} after "
            f"{patience.timeout_seconds / 60:g} minutes.",
            f"It goes on: {watch.url}",
        )
    if not verdict.succeeded:
        raise _failure(client, watch, verdict)
    return FinishedRun(watch.run_id, watch.url, _result(client, watch, verdict.tasks))


class _Watch:
    """One run while it goes on."""

    def __init__(self, client: WorkspaceClient, run_id: int) -> None:
        self._client = client
        self.run_id = run_id
        self.url = f"run {run_id}"
        self.progress = ""

    def look(self) -> Verdict | None:
        """The verdict once it ended; each new state is shown."""
        with remote_errors(f"look at the run {self.run_id}"):
            run: dict[str, Any] = self._client.jobs.get_run(self.run_id).as_dict()
        url = run.get("run_page_url")
        if url and url != self.url:
            self.url = str(url)
            click.echo(f"Run {self.run_id}: {printable(self.url)}")
        if progress_of(run) != self.progress:
            self.progress = progress_of(run)
            click.echo(f"Run {self.run_id} is {self.progress}.")
        return judge_run(run)


def _failure(client: WorkspaceClient, watch: _Watch, verdict: Verdict) -> MlocError:
    """The error that a failed run ends with: the model's fault when a notebook raised."""
    message = f"The run {watch.run_id} did not succeed: {verdict.reason}."
    traces = []
    for task in verdict.failed_tasks:
        error, trace = _task_error(client, task)
        if error:
            message += f"\nThe task {task.key}: {error}"
        if trace:
            traces.append(f"The output of the task {task.key}:\n{trace}\n")
    message += f"\nThe run: {watch.url}"
    if traces:
        return ModelCodeError(message, "\n".join(traces))
    return RemoteError(message, "The page of the run shows what happened.")


def _task_error(client: WorkspaceClient, task: TaskRun) -> tuple[str, str]:
    """The error and the trace of a task; what cannot be read must not hide the failure."""
    try:
        with remote_errors(f"read the output of the task {task.key}"):
            output = client.jobs.get_run_output(task.run_id)
    except RemoteError as error:
        return error.message, ""
    trace = _COLOURS.sub("", output.error_trace or "")
    lines = printable(trace).splitlines()[-_SHOWN_LINES:]
    return " ".join(_COLOURS.sub("", output.error or "").split()), "\n".join(lines)


def _result(client: WorkspaceClient, watch: _Watch, tasks: tuple[TaskRun, ...]) -> object:
    if not tasks:
        return None
    with remote_errors(f"read the result of the run {watch.run_id}"):
        output = client.jobs.get_run_output(tasks[-1].run_id).notebook_output
    if output is None or output.result is None:
        return None
    if output.truncated:
        raise FindingError(
            f"The result of the run {watch.run_id} is too long: Databricks cut it off.",
            "End the notebook with less; write large results to a table or to MLflow.",
        )
    try:
        return json.loads(output.result)
    except ValueError:
        return output.result
