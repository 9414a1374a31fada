"""The Data Factory pipeline that runs the model on a schedule or on new data, and its trigger.

Only definitions are made here; somebody with the right to do so brings them into the factory.
They hold no secret: Databricks is reached through a linked service of the factory, and Azure
DevOps as the factory's own managed identity.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..config import ModelVariables
from ..errors import OptionsError, ProblemsError
from .factory_options import FactoryOptions, name_problems, option_problems

#: Azure DevOps, as Microsoft Entra names it; the same in every tenant.
AZURE_DEVOPS_RESOURCE = "499b84ac-1321-427f-aa17-267ca6975798"


def data_factory_definitions(
    variables: ModelVariables, options: FactoryOptions
) -> dict[str, object]:
    """The pipeline and the trigger, named after ADF_JOB; every problem is reported at once."""
    name, problems = name_problems(variables), option_problems(options)
    if problems:
        raise OptionsError("Data Factory cannot be described:", [*name, *problems])
    if name:
        raise ProblemsError("Data Factory cannot be described:", name)
    return {
        "pipeline": _pipeline(variables, options),
        "trigger": _trigger(variables.adf_job, options),
    }


def literal(text: str) -> str:
    """A text that Data Factory takes as it is, whatever is in it: no part is an expression."""
    escaped = text.replace("@{", "@@{")
    return f"@{escaped}" if escaped.startswith("@") and not text.startswith("@{") else escaped


def _pipeline(variables: ModelVariables, options: FactoryOptions) -> dict[str, object]:
    parameters = {
        "dataset_name": _text_parameter(variables.dataset_name),
        "dataset_template_file": _text_parameter(variables.dataset_template_file),
        **{name: {"type": "string", "defaultValue": ""} for name in _trigger_parameters(options)},
    }
    activity = _ACTIVITIES[options.start](options, list(parameters))
    return {
        "name": variables.adf_job,
        "properties": {
            "description": f"Runs {variables.model_name} on {variables.dataset_name}.",
            "activities": [activity],
            "parameters": parameters,
            "concurrency": 1,
            "annotations": [variables.model_name, variables.team_name],
        },
    }


def _job_activity(options: FactoryOptions, parameters: list[str]) -> dict[str, object]:
    return {
        **_databricks(options, "DatabricksJob"),
        "typeProperties": {
            "jobId": options.job_id,
            "jobParameters": {name: _parameter(name) for name in parameters},
        },
    }


def _notebook_activity(options: FactoryOptions, parameters: list[str]) -> dict[str, object]:
    return {
        **_databricks(options, "DatabricksNotebook"),
        "typeProperties": {
            "notebookPath": literal(options.notebook),
            "baseParameters": {name: _parameter(name) for name in parameters},
        },
    }


def _databricks(options: FactoryOptions, kind: str) -> dict[str, object]:
    return {
        "name": "Run_model",
        "type": kind,
        "linkedServiceName": {
            "referenceName": options.linked_service,
            "type": "LinkedServiceReference",
        },
        "policy": {"timeout": "0.12:00:00", "retry": 0},
    }


def _azure_devops_activity(options: FactoryOptions, _: list[str]) -> dict[str, object]:
    runs = f"{options.project_url.rstrip('/')}/_apis/pipelines/{options.pipeline_id}/runs"
    return {
        "name": "Run_model",
        "type": "WebActivity",
        "policy": {"timeout": "0.00:10:00", "retry": 0},
        "typeProperties": {
            "method": "POST",
            "url": literal(f"{runs}?api-version=7.1"),
            "headers": {"Content-Type": "application/json"},
            "body": {"resources": {}},
            "authentication": {"type": "MSI", "resource": AZURE_DEVOPS_RESOURCE},
        },
    }


_ACTIVITIES = {
    "databricks-job": _job_activity,
    "databricks-notebook": _notebook_activity,
    "azure-devops": _azure_devops_activity,
}


def _trigger(adf_job: str, options: FactoryOptions) -> dict[str, object]:
    kind, properties = (
        ("ScheduleTrigger", _schedule(options))
        if options.when == "schedule"
        else ("BlobEventsTrigger", _new_data(options))
    )
    reference = {"referenceName": adf_job, "type": "PipelineReference"}
    return {
        "name": f"{adf_job}-{options.when}",
        "properties": {
            "type": kind,
            "typeProperties": properties,
            "pipelines": [
                {"pipelineReference": reference, "parameters": _trigger_parameters(options)}
            ],
        },
    }


def _schedule(options: FactoryOptions) -> dict[str, object]:
    hour, minute = options.at.split(":")
    zone = "Z" if options.time_zone == "UTC" else ""  # Another zone takes a local time.
    return {
        "recurrence": {
            "frequency": "Day",
            "interval": 1,
            "startTime": f"{options.start_date}T00:00:00{zone}",
            "timeZone": options.time_zone,
            "schedule": {"hours": [int(hour)], "minutes": [int(minute)]},
        }
    }


def _new_data(options: FactoryOptions) -> dict[str, object]:
    folder = f"{options.folder.strip('/')}/" if options.folder.strip("/") else ""
    return {
        "blobPathBeginsWith": f"/{options.container}/blobs/{folder}",
        "ignoreEmptyBlobs": True,
        "scope": options.storage_account,
        "events": ["Microsoft.Storage.BlobCreated"],
    }


def _trigger_parameters(options: FactoryOptions) -> dict[str, str]:
    """What the trigger tells the pipeline of the run: its day, or the file that arrived."""
    if options.when == "schedule":
        return {"window": "@formatDateTime(trigger().scheduledTime, 'yyyy-MM-dd')"}
    return {"folder_path": "@triggerBody().folderPath", "file_name": "@triggerBody().fileName"}


def _parameter(name: str) -> dict[str, str]:
    return {"value": f"@pipeline().parameters.{name}", "type": "Expression"}


def _text_parameter(value: str) -> Mapping[str, str]:
    """A default value is taken as it is; Data Factory looks for expressions elsewhere."""
    return {"type": "string", "defaultValue": value}
