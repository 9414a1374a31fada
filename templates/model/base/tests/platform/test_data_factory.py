"""The Data Factory definitions: complete, without secrets, and of what was asked for only."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mloccli.cli import main
from mloccli.config import ModelVariables, read_model_variables
from mloccli.data.data_factory import data_factory_definitions, literal
from mloccli.data.factory_options import FactoryOptions
from mloccli.errors import OptionsError, ProblemsError

from .conftest import MakeRepository

JOB = FactoryOptions(
    "databricks-job", "schedule", linked_service="databricks", job_id="17", start_date="2026-01-31"
)
NOTEBOOK = replace(JOB, start="databricks-notebook", notebook="/ml_apps/sums/main/score_table")
AZURE_DEVOPS = replace(
    JOB, start="azure-devops", project_url="https://dev.azure.com/org/A%20B", pipeline_id="9"
)
STORAGE = (
    "/subscriptions/1/resourceGroups/data/providers/Microsoft.Storage/storageAccounts/landing"
)
NEW_DATA = replace(JOB, when="new-data", storage_account=STORAGE, container="raw", folder="/in/")


@pytest.fixture(name="variables")
def fixture_variables(make_repository: MakeRepository) -> ModelVariables:
    return read_model_variables(make_repository())


def described(variables: ModelVariables, options: FactoryOptions) -> tuple[Any, Any]:
    """The properties of the pipeline and of the trigger."""
    content: Any = json.loads(json.dumps(data_factory_definitions(variables, options)))
    return content["pipeline"], content["trigger"]


def activity(variables: ModelVariables, options: FactoryOptions) -> Any:
    pipeline, _ = described(variables, options)
    (found,) = pipeline["properties"]["activities"]
    return found


def test_the_pipeline_has_the_name_and_the_data_of_the_variables(
    variables: ModelVariables,
) -> None:
    pipeline, trigger = described(variables, JOB)

    assert pipeline["name"] == "numbers-landing"
    parameters = pipeline["properties"]["parameters"]
    assert parameters["dataset_name"] == {"type": "string", "defaultValue": "numbers"}
    assert parameters["dataset_template_file"]["defaultValue"] == "numbers.yml"
    assert pipeline["properties"]["concurrency"] == 1
    assert trigger["properties"]["pipelines"][0]["pipelineReference"] == {
        "referenceName": "numbers-landing",
        "type": "PipelineReference",
    }


def test_a_job_is_started_through_a_linked_service(variables: ModelVariables) -> None:
    found = activity(variables, JOB)

    assert found["type"] == "DatabricksJob"
    assert found["linkedServiceName"] == {
        "referenceName": "databricks",
        "type": "LinkedServiceReference",
    }
    assert found["typeProperties"]["jobId"] == "17"
    assert found["typeProperties"]["jobParameters"]["dataset_name"] == {
        "value": "@pipeline().parameters.dataset_name",
        "type": "Expression",
    }


def test_a_notebook_is_started_by_its_path(variables: ModelVariables) -> None:
    found = activity(variables, NOTEBOOK)

    assert found["type"] == "DatabricksNotebook"
    assert found["typeProperties"]["notebookPath"] == "/ml_apps/sums/main/score_table"
    assert set(found["typeProperties"]["baseParameters"]) == {
        "dataset_name",
        "dataset_template_file",
        "window",
    }


def test_azure_devops_is_started_as_the_managed_identity_of_the_factory(
    variables: ModelVariables,
) -> None:
    found = activity(variables, AZURE_DEVOPS)

    assert found["type"] == "WebActivity"
    assert found["typeProperties"]["method"] == "POST"
    assert found["typeProperties"]["url"] == (
        "https://dev.azure.com/org/A%20B/_apis/pipelines/9/runs?api-version=7.1"
    )
    assert found["typeProperties"]["authentication"] == {
        "type": "MSI",
        "resource": "499b84ac-1321-427f-aa17-267ca6975798",
    }


def test_no_activity_is_repeated_by_itself(variables: ModelVariables) -> None:
    for options in (JOB, NOTEBOOK, AZURE_DEVOPS):
        assert activity(variables, options)["policy"]["retry"] == 0


@pytest.mark.parametrize(
    ("time_zone", "start"),
    [("UTC", "2026-01-31T00:00:00Z"), ("W. Europe Standard Time", "2026-01-31T00:00:00")],
)
def test_a_schedule_runs_every_day_at_its_time(
    variables: ModelVariables, time_zone: str, start: str
) -> None:
    _, trigger = described(variables, replace(JOB, at="04:30", time_zone=time_zone))

    assert trigger["name"] == "numbers-landing-schedule"
    assert trigger["properties"]["type"] == "ScheduleTrigger"
    assert trigger["properties"]["typeProperties"]["recurrence"] == {
        "frequency": "Day",
        "interval": 1,
        "startTime": start,
        "timeZone": time_zone,
        "schedule": {"hours": [4], "minutes": [30]},
    }


@pytest.mark.parametrize(
    ("folder", "begins"),
    [("/in/", "/raw/blobs/in/"), ("a/b", "/raw/blobs/a/b/"), ("", "/raw/blobs/")],
)
def test_new_data_is_a_new_file_below_the_folder(
    variables: ModelVariables, folder: str, begins: str
) -> None:
    _, trigger = described(variables, replace(NEW_DATA, folder=folder))

    assert trigger["name"] == "numbers-landing-new-data"
    assert trigger["properties"]["type"] == "BlobEventsTrigger"
    assert trigger["properties"]["typeProperties"] == {
        "blobPathBeginsWith": begins,
        "ignoreEmptyBlobs": True,
        "scope": STORAGE,
        "events": ["Microsoft.Storage.BlobCreated"],
    }


@pytest.mark.parametrize("options", [JOB, NOTEBOOK, NEW_DATA])
def test_what_the_trigger_gives_the_pipeline_takes_and_hands_on(
    variables: ModelVariables, options: FactoryOptions
) -> None:
    pipeline, trigger = described(variables, options)

    given = set(trigger["properties"]["pipelines"][0]["parameters"])
    taken = set(pipeline["properties"]["parameters"])
    properties = activity(variables, options)["typeProperties"]
    assert given < taken
    assert taken == set(properties.get("jobParameters") or properties["baseParameters"])


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain", "plain"),
        ("a@b", "a@b"),
        ("@pipeline().x", "@@pipeline().x"),
        ("a @{x} b", "a @@{x} b"),
        ("@{x}", "@@{x}"),
        ("@a@{x}", "@@a@@{x}"),
    ],
)
def test_no_text_is_taken_for_an_expression(text: str, escaped: str) -> None:
    assert literal(text) == escaped


@pytest.mark.parametrize(
    ("options", "problems"),
    [
        (replace(JOB, linked_service=""), ["--linked-service"]),
        (replace(JOB, linked_service="@x"), ["--linked-service"]),
        (replace(JOB, job_id="first"), ["--job-id"]),
        (replace(NOTEBOOK, notebook="score"), ["--notebook"]),
        (replace(AZURE_DEVOPS, pipeline_id="0"), ["--pipeline-id"]),
        (replace(AZURE_DEVOPS, project_url="http://dev.azure.com/org/p"), ["--project-url"]),
        (replace(AZURE_DEVOPS, project_url="https://u:p@dev.azure.com/o/p"), ["--project-url"]),
        (replace(JOB, at="24:00"), ["--at"]),
        (replace(JOB, start_date="31.01.2026"), ["--start-date"]),
        (replace(JOB, start_date="2026-02-30"), ["--start-date"]),
        (replace(NEW_DATA, storage_account="landing"), ["--storage-account"]),
        (replace(NEW_DATA, storage_account=f"{STORAGE}?sig=x"), ["--storage-account"]),
        (replace(NEW_DATA, container="A"), ["--container"]),
        (
            FactoryOptions("databricks-job", "schedule"),
            ["--linked-service", "--job-id", "--start-date"],
        ),
    ],
)
def test_what_is_missing_or_wrong_is_named_at_once(
    variables: ModelVariables, options: FactoryOptions, problems: list[str]
) -> None:
    with pytest.raises(OptionsError) as caught:
        data_factory_definitions(variables, options)

    assert [problem.split(":")[0] for problem in caught.value.problems] == problems


@pytest.mark.parametrize("name", ["@job", "a/b", "a.b", "-a", "a*"])
def test_a_name_that_data_factory_refuses_is_found(variables: ModelVariables, name: str) -> None:
    with pytest.raises(ProblemsError, match="ADF_JOB"):
        data_factory_definitions(replace(variables, adf_job=name), JOB)


def test_the_command_writes_the_definitions(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(make_repository().root)
    monkeypatch.setenv("SYSTEM_COLLECTIONURI", "https://dev.azure.com/org/")
    monkeypatch.setenv("SYSTEM_TEAMPROJECT", "A B")
    path = tmp_path / "new" / "adf.json"
    arguments = ["--start", "azure-devops", "--pipeline-id", "9", "--start-date", "2026-01-31"]

    assert main(["data", "adf", *arguments, "--output", str(path)]) == 0

    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["pipeline"]["properties"]["activities"][0]["typeProperties"]["url"] == (
        "https://dev.azure.com/org/A%20B/_apis/pipelines/9/runs?api-version=7.1"
    )
    assert set(content) == {"pipeline", "trigger"}


def test_the_command_shows_every_problem(
    make_repository: MakeRepository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(make_repository().root)

    assert main(["data", "adf"]) == 2
    assert "--job-id" in capsys.readouterr().err
