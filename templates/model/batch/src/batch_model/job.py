"""Creating and updating the job of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..errors import FindingError
from ..utils.databricks import remote_errors
from .job_request import JobPlan, job_settings
from .workspace import Workspace, create_once

if TYPE_CHECKING:
    from databricks.sdk import WorkspaceClient


def create_or_update_job(workspace: Workspace, plan: JobPlan) -> int:
    """The id of the one job of that name, with exactly the planned settings."""
    from databricks.sdk.service.jobs import JobSettings

    settings = JobSettings.from_dict(job_settings(plan))

    def create() -> int:
        with remote_errors(f"create the job {plan.name}"):
            made = workspace.once.jobs.create(**settings.as_shallow_dict())
        return int(str(made.job_id))

    job_id = _find(workspace.client, plan.name)
    if job_id is None:
        job_id = create_once(create, lambda: _find(workspace.client, plan.name))
        click.echo(f"Created the job {plan.name} ({job_id}).")
        return job_id
    with remote_errors(f"update the job {plan.name}"):
        workspace.client.jobs.reset(job_id, settings)
    click.echo(f"Updated the job {plan.name} ({job_id}).")
    return job_id


def _find(client: WorkspaceClient, name: str) -> int | None:
    with remote_errors(f"look for the job {name}"):
        found = [
            int(str(job.job_id))
            for job in client.jobs.list(name=name)
            if job.settings is not None and job.settings.name == name
        ]
    if len(found) > 1:
        ids = ", ".join(map(str, sorted(found)))
        raise FindingError(
            f"{len(found)} jobs are named {name}: {ids}.", "Delete or rename all but one."
        )
    return found[0] if found else None
