"""The request of a job, exactly, for each compute mode; and what the verdict on a run is."""

from __future__ import annotations

from typing import Any

import pytest
from databricks.sdk.service.compute import ClusterSpec
from databricks.sdk.service.jobs import JobSettings
from mloccli.batch_model.cluster_request import cluster_request
from mloccli.batch_model.job_request import (
    JobPlan,
    default_notebook,
    idempotency_token,
    job_settings,
    require_notebook,
)
from mloccli.batch_model.run_verdict import judge_run
from mloccli.batch_model.target import Target, read_target
from mloccli.errors import UsageError

from ..conftest import MakeRepository
from .conftest import PROJECT

NOTEBOOK = "/ml_apps/sums/main/the_model/notebooks/evaluate"
FINISHED = "TERMINATED"


@pytest.fixture(name="plan")
def fixture_plan(make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes a plan under variables of the environment."""
    repository = make_repository(PROJECT)
    monkeypatch.chdir(repository.root)

    def make(cluster_id: str | None = None, **variables: str) -> JobPlan:
        environ = {"BUILD_SOURCEVERSION": "c0ffee", **variables}
        monkeypatch.setenv("BUILD_SOURCEVERSION", "c0ffee")
        target = read_target("tst", "main", environ)
        return JobPlan(target, "evaluate", {"rows": "10"}, 3600, cluster_id)

    return make


def expected(compute: dict[str, Any], task: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": "sums-evaluate-main",
        "tags": {"model": "sums", "environment": "tst"},
        "max_concurrent_runs": 1,
        "queue": {"enabled": True},
        "timeout_seconds": 3600,
        "parameters": [
            {"name": "branch", "default": "main"},
            {"name": "git_commit", "default": "c0ffee"},
            {"name": "rows", "default": "10"},
        ],
        "tasks": [
            {
                "task_key": "evaluate",
                "notebook_task": {"notebook_path": NOTEBOOK, "source": "WORKSPACE"},
                **task,
            }
        ],
        **compute,
    }


def wheel(target: Target) -> str:
    return f"/Workspace{target.wheel}"


def test_a_job_cluster_is_made_for_the_run(plan: Any) -> None:
    made = plan()

    libraries = [{"pypi": {"package": "pandas>=2"}}, {"whl": wheel(made.target)}]
    cluster = {
        "job_cluster_key": "model",
        "new_cluster": {
            "spark_version": "17.3.x-cpu-ml-scala2.13",
            "node_type_id": "Standard_DS3_v2",
            "driver_node_type_id": "Standard_DS3_v2",
            "num_workers": 0,
            "data_security_mode": "SINGLE_USER",
            "custom_tags": {"model": "sums", "team": "Mathematics", "ResourceClass": "SingleNode"},
            "spark_conf": {
                "spark.databricks.cluster.profile": "singleNode",
                "spark.master": "local[*]",
            },
            "spark_env_vars": {"ENVIRONMENT": "tst"},
        },
    }
    assert job_settings(made) == expected(
        {"job_clusters": [cluster]}, {"job_cluster_key": "model", "libraries": libraries}
    )


def test_an_all_purpose_cluster_has_its_libraries_already(plan: Any) -> None:
    made = plan("0101-cluster", COMPUTE_MODE="all_purpose")

    assert job_settings(made) == expected({}, {"existing_cluster_id": "0101-cluster"})


def test_serverless_compute_takes_its_dependencies_by_environment(plan: Any) -> None:
    made = plan(COMPUTE_MODE="serverless")

    environment = {
        "environment_key": "model",
        "spec": {
            "environment_version": "5",
            "dependencies": ["pandas>=2", wheel(made.target)],
        },
    }
    assert job_settings(made) == expected(
        {"environments": [environment]}, {"environment_key": "model"}
    )


@pytest.mark.parametrize("access", ["sas_token", "credential_passthrough"])
def test_serverless_compute_refuses_what_it_cannot_do(plan: Any, access: str) -> None:
    with pytest.raises(UsageError, match=f"cannot work with DATA_ACCESS {access}"):
        job_settings(plan(COMPUTE_MODE="serverless", DATA_ACCESS=access))


@pytest.mark.parametrize("mode", ["all_purpose", "job_cluster", "serverless"])
def test_the_sdk_knows_every_setting(plan: Any, mode: str) -> None:
    settings = job_settings(plan("0101-cluster", COMPUTE_MODE=mode))

    sent = JobSettings.from_dict(settings).as_dict()

    # A single node has num_workers 0, which the SDK sends too.
    assert sent == settings


def test_the_sdk_knows_every_setting_of_a_cluster(plan: Any) -> None:
    request = cluster_request(plan().target)

    assert ClusterSpec.from_dict(request).as_dict() == request


def test_the_token_is_the_same_for_one_attempt_of_a_pipeline_job(plan: Any) -> None:
    made = plan()
    build = {"BUILD_BUILDID": "7", "SYSTEM_JOBATTEMPT": "1", "SYSTEM_JOBID": "a"}

    token = idempotency_token(made, build)

    assert idempotency_token(made, build) == token
    assert len(token) <= 64
    for change in ({"BUILD_BUILDID": "8"}, {"SYSTEM_JOBATTEMPT": "2"}, {"SYSTEM_JOBID": "b"}):
        assert idempotency_token(made, {**build, **change}) != token
    other = JobPlan(made.target, "evaluate", {"rows": "11"}, 3600)
    assert idempotency_token(other, build) != token


def test_outside_a_pipeline_each_token_is_new(plan: Any) -> None:
    made = plan()

    assert idempotency_token(made, {}) != idempotency_token(made, {})


def test_a_notebook_has_to_exist_and_to_be_one(plan: Any) -> None:
    target = plan().target
    folder = target.configuration.repository.model_folder / "notebooks"
    (folder / "plain.py").write_text("print(1)\n")

    require_notebook(target, "evaluate")
    for name in ("train", "plain"):
        with pytest.raises(UsageError, match=f"no notebook {name!r}"):
            require_notebook(target, name)


def test_rules_are_evaluated_and_models_are_trained(plan: Any) -> None:
    assert default_notebook(plan().target) == "evaluate"


def run_in(life_cycle: str, result: str | None = None, message: str = "") -> dict[str, Any]:
    state = {"life_cycle_state": life_cycle, "state_message": message}
    return {"state": {**state, "result_state": result} if result else state, "tasks": []}


@pytest.mark.parametrize(
    "life_cycle", ["QUEUED", "PENDING", "RUNNING", "TERMINATING", "BLOCKED", "WAITING_FOR_RETRY"]
)
def test_a_run_goes_on(life_cycle: str) -> None:
    assert judge_run(run_in(life_cycle)) is None


def test_a_state_that_is_new_goes_on() -> None:
    assert judge_run({"tasks": []}) is None


def test_only_the_result_success_is_one() -> None:
    verdict = judge_run(run_in(FINISHED, "SUCCESS"))

    assert verdict is not None
    assert verdict.succeeded


@pytest.mark.parametrize(
    ("life_cycle", "result", "reason"),
    [
        (FINISHED, "FAILED", "it failed: Task x failed"),
        (FINISHED, "SUCCESS_WITH_FAILURES", "some of its tasks failed"),
        (FINISHED, "TIMEDOUT", "it took longer than its timeout"),
        (FINISHED, "CANCELED", "it was cancelled"),
        (FINISHED, "MAXIMUM_CONCURRENT_RUNS_REACHED", "another run of the job was active"),
        (FINISHED, "UPSTREAM_FAILED", "a task before it failed"),
        (FINISHED, None, "it ended without a result"),
        ("SKIPPED", None, "it was skipped"),
        ("INTERNAL_ERROR", None, "the Jobs service itself failed"),
        ("INTERNAL_ERROR", "FAILED", "it failed"),
        ("INTERNAL_ERROR", "SUCCESS", "the Jobs service itself failed"),
    ],
)
def test_every_other_end_is_a_failure(life_cycle: str, result: str | None, reason: str) -> None:
    verdict = judge_run(run_in(life_cycle, result, "Task x failed."))

    assert verdict is not None
    assert not verdict.succeeded
    assert verdict.reason.startswith(reason)


def test_the_last_attempt_of_a_task_counts() -> None:
    failed, succeeded = {"result_state": "FAILED"}, {"result_state": "SUCCESS"}
    run = run_in(FINISHED, "FAILED")
    run["tasks"] = [
        {"task_key": "a", "run_id": 3, "attempt_number": 1, "state": succeeded},
        {"task_key": "a", "run_id": 1, "attempt_number": 0, "state": failed},
        {"task_key": "b", "run_id": 2, "state": failed},
        {"task_key": "c", "run_id": 4, "state": {"result_state": "UPSTREAM_FAILED"}},
    ]

    verdict = judge_run(run)

    assert verdict is not None
    assert [(task.key, task.run_id) for task in verdict.failed_tasks] == [("b", 2)]
