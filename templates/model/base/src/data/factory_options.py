"""What can be said about the Data Factory pipeline, and what is wrong with what was said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from ..config import ModelVariables

Start: TypeAlias = Literal["databricks-job", "databricks-notebook", "azure-devops"]
When: TypeAlias = Literal["schedule", "new-data"]

STARTS: tuple[Start, ...] = ("databricks-job", "databricks-notebook", "azure-devops")
WHENS: tuple[When, ...] = ("schedule", "new-data")

_NAME = re.compile(r"[A-Za-z0-9_][^<>*#.%&:\\+?/@\n]{0,129}")
_STORAGE = re.compile(
    r"/subscriptions/[^/\s]+/resourceGroups/[^/\s]+/providers/Microsoft\.Storage"
    r"/storageAccounts/[a-z0-9]{3,24}",
    re.IGNORECASE,
)
_CONTAINER = re.compile(r"[a-z0-9][a-z0-9-]{1,62}")


@dataclass(frozen=True)
class FactoryOptions:  # pylint: disable=too-many-instance-attributes
    """How the model is started and when; which of the others are needed depends on these two."""

    start: Start
    when: When
    linked_service: str = ""
    job_id: str = ""
    notebook: str = ""
    project_url: str = ""
    pipeline_id: str = ""
    at: str = "02:00"
    time_zone: str = "UTC"
    start_date: str = ""
    storage_account: str = ""
    container: str = ""
    folder: str = ""


def name_problems(variables: ModelVariables) -> list[str]:
    """What is wrong with the name of the pipeline, a variable of the model."""
    if _NAME.fullmatch(variables.adf_job):
        return []
    return [f"ADF_JOB: {variables.adf_job!r} is no name that Data Factory takes."]


def option_problems(options: FactoryOptions) -> list[str]:
    """Every option that is missing or wrong, each with how to put it right."""
    return [*_start_problems(options), *_when_problems(options)]


def _start_problems(options: FactoryOptions) -> list[str]:
    problems = []
    if options.start == "azure-devops":
        if not re.fullmatch(r"https://[^\s@?#]+/[^\s@?#]+", options.project_url):
            problems.append(
                "--project-url: write the project's address, https://dev.azure.com/<org>/<project>."
            )
        if not re.fullmatch(r"[1-9][0-9]*", options.pipeline_id):
            problems.append("--pipeline-id: write the number of the pipeline to run.")
        return problems
    if not _NAME.fullmatch(options.linked_service):
        problems.append("--linked-service: write the factory's linked service for Databricks.")
    if options.start == "databricks-job" and not re.fullmatch(r"[1-9][0-9]*", options.job_id):
        problems.append("--job-id: write the number of the Databricks job.")
    if options.start == "databricks-notebook" and not options.notebook.startswith("/"):
        problems.append("--notebook: write the notebook's path in the workspace, /….")
    return problems


def _when_problems(options: FactoryOptions) -> list[str]:
    problems = []
    if options.when == "schedule":
        if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", options.at):
            problems.append("--at: write the time of day as 02:00.")
        if not _is_date(options.start_date):
            problems.append("--start-date: write the first day as 2026-01-31.")
        return problems
    if not _STORAGE.fullmatch(options.storage_account):
        problems.append("--storage-account: write its full id, /subscriptions/….")
    if not _CONTAINER.fullmatch(options.container):
        problems.append("--container: write the name of the container with the data.")
    return problems


def _is_date(text: str) -> bool:
    try:
        return datetime.strptime(text, "%Y-%m-%d").strftime("%Y-%m-%d") == text
    except ValueError:
        return False
