"""Starting a training: once for each key, whatever is lost or repeated in between."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from mloccli.config import read_model_variables
from mloccli.errors import MlocError, RemoteError, UsageError
from mloccli.monitoring.training_pipeline import (
    TrainingPipeline,
    find_training_pipeline,
    run_body,
    training_pipeline_name,
)

from .azure_pipelines import FINAL_YAML, PROJECT, TOKEN, AzurePipelines
from .conftest import MakeRepository
from .http_service import Answer, Service, running_service

KEY = "drift:sums:3:2026-01-31"


@pytest.fixture(name="azure")
def fixture_azure() -> AzurePipelines:
    return AzurePipelines()


@pytest.fixture(name="service")
def fixture_service(azure: AzurePipelines) -> Iterator[Service]:
    with running_service(azure.answer) as service:
        yield service


@pytest.fixture(name="environ")
def fixture_environ(service: Service) -> dict[str, str]:
    return {
        "SYSTEM_COLLECTIONURI": f"{service.url}/org/",
        "SYSTEM_TEAMPROJECT": PROJECT,
        "SYSTEM_ACCESSTOKEN": TOKEN,
    }


@pytest.fixture(name="pipeline")
def fixture_pipeline(
    make_repository: MakeRepository, environ: Mapping[str, str]
) -> TrainingPipeline:
    return find_training_pipeline(read_model_variables(make_repository()), environ)


def starts(service: Service) -> list[Any]:
    return [asked.json() for asked in service.asked if asked.method == "POST"]


@pytest.mark.parametrize(
    ("model_type", "name"),
    [
        ("supervised", "sums-train-evaluate-pipeline"),
        ("unsupervised", "sums-train-evaluate-pipeline"),
        ("rule-based", "sums-score-evaluate-pipeline"),
    ],
)
def test_rules_are_scored_and_other_models_are_trained(
    make_repository: MakeRepository, model_type: str, name: str
) -> None:
    variables = read_model_variables(make_repository(variables={"MODEL_TYPE": model_type}))

    assert training_pipeline_name(variables) == name


@pytest.mark.parametrize(
    ("branch", "ref"),
    [("main", "refs/heads/main"), ("a/b", "refs/heads/a/b"), ("refs/tags/v1", "refs/tags/v1")],
)
def test_a_branch_is_sent_as_its_full_reference(branch: str, ref: str) -> None:
    assert run_body(KEY, branch) == {
        "templateParameters": {"trigger_key": KEY},
        "resources": {"repositories": {"self": {"refName": ref}}},
    }


def test_without_a_branch_the_pipeline_uses_its_own() -> None:
    assert run_body(KEY, None) == {"templateParameters": {"trigger_key": KEY}}


def test_a_run_is_started_with_its_key(service: Service, pipeline: TrainingPipeline) -> None:
    run = pipeline.start(KEY, "main")

    assert (run.number, run.address, run.is_new) == (1, "https://dev.azure.com/run/1", True)
    assert starts(service) == [run_body(KEY, "main")]


@pytest.mark.parametrize("lists_parameters", [True, False])
def test_a_key_never_starts_a_second_run(
    azure: AzurePipelines, service: Service, pipeline: TrainingPipeline, lists_parameters: bool
) -> None:
    azure.lists_parameters = lists_parameters
    azure.add_run("drift:sums:3:another")
    azure.add_run(KEY)
    azure.add_run(None)

    run = pipeline.start(KEY)

    assert (run.number, run.is_new) == (2, False)
    assert not starts(service)


def test_the_oldest_of_several_runs_with_the_key_counts(
    azure: AzurePipelines, pipeline: TrainingPipeline
) -> None:
    for number in (30, 10, 20):
        azure.add_run(KEY, number)

    assert pipeline.start(KEY).number == 10


def test_another_window_starts_another_run(
    azure: AzurePipelines, pipeline: TrainingPipeline
) -> None:
    azure.add_run(KEY)

    assert pipeline.start("drift:sums:3:2026-02-01").is_new


@pytest.mark.parametrize("fault", [Answer(drop=True), Answer(503, {}), Answer(200, b"<html>")])
def test_a_run_whose_answer_is_lost_is_found_and_not_started_again(
    azure: AzurePipelines, service: Service, pipeline: TrainingPipeline, fault: Answer
) -> None:
    azure.fault, azure.keeps_what_it_drops = lambda asked: fault, True

    run = pipeline.start(KEY)

    assert (run.number, run.is_new) == (1, True)
    assert len(azure.runs) == len(starts(service)) == 1


def test_a_request_that_did_not_arrive_is_an_error_and_can_be_repeated(
    azure: AzurePipelines, pipeline: TrainingPipeline
) -> None:
    azure.fault = lambda asked: Answer(drop=True)
    with pytest.raises(RemoteError, match="dropped"):
        pipeline.start(KEY)
    azure.fault = lambda asked: None

    assert pipeline.start(KEY).is_new
    assert len(azure.runs) == 1


def test_a_preview_starts_nothing_and_shows_what_would_run(
    azure: AzurePipelines, service: Service, pipeline: TrainingPipeline
) -> None:
    preview = pipeline.preview(KEY, "main")

    assert preview.final_yaml == FINAL_YAML
    assert preview.existing is None
    assert preview.url == f"{service.url}/org/The%20Project/_apis/pipelines/7/runs"
    assert starts(service) == [{**run_body(KEY, "main"), "previewRun": True}] == [preview.body]
    assert not azure.runs


def test_a_preview_says_that_the_run_is_there_already(
    azure: AzurePipelines, pipeline: TrainingPipeline
) -> None:
    azure.add_run(KEY)

    existing = pipeline.preview(KEY).existing

    assert existing is not None
    assert existing.number == 1


def test_a_personal_token_is_a_password(
    azure: AzurePipelines, make_repository: MakeRepository, environ: Mapping[str, str]
) -> None:
    azure.authorization = f"Basic {base64.b64encode(f':{TOKEN}'.encode()).decode()}"
    personal = {**environ, "SYSTEM_ACCESSTOKEN": "", "AZURE_DEVOPS_EXT_PAT": TOKEN}

    pipeline = find_training_pipeline(read_model_variables(make_repository()), personal)

    assert pipeline.start(KEY).is_new
    assert TOKEN not in repr(pipeline)
    assert azure.authorization not in repr(pipeline)


@pytest.mark.parametrize(
    ("without", "message"),
    [
        ("SYSTEM_COLLECTIONURI", "SYSTEM_COLLECTIONURI"),
        ("SYSTEM_TEAMPROJECT", "SYSTEM_TEAMPROJECT"),
        ("SYSTEM_ACCESSTOKEN", "no credential"),
    ],
)
def test_what_is_not_set_is_named(
    make_repository: MakeRepository, environ: dict[str, str], without: str, message: str
) -> None:
    environ[without] = f"$({without})"

    with pytest.raises(UsageError, match=message):
        find_training_pipeline(read_model_variables(make_repository()), environ)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "another"}, "no pipeline sums-score-evaluate-pipeline in the folder"),
        ({"folder": "\\"}, "no pipeline"),
        ({"authorization": "Bearer another"}, "did not accept the credential"),
        ({"parameters": ()}, "Unexpected parameter 'trigger_key'"),
        ({"fault": lambda asked: Answer(403, {"message": "TF401027"})}, "lacks the permission"),
        ({"fault": lambda asked: Answer(200, b"<html>")}, "other than JSON"),
        ({"fault": lambda asked: Answer(200, [])}, "other than was asked for"),
        ({"fault": lambda asked: Answer(200, {})}, "without the number"),
    ],
)
def test_each_refusal_is_explained_without_the_token(
    azure: AzurePipelines, pipeline: TrainingPipeline, change: dict[str, Any], message: str
) -> None:
    for name, value in change.items():
        setattr(azure, name, value)

    with pytest.raises(MlocError, match=message) as caught:
        pipeline.start(KEY)

    assert isinstance(caught.value, RemoteError)
    assert TOKEN not in f"{caught.value} {caught.value.hint}"
