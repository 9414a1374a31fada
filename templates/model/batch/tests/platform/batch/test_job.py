"""The job: made and run once, and each way in which a run does not succeed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from mloccli.batch_model import waiting

from ..http_service import Answer
from .conftest import MakeMloccli, with_cluster
from .databricks_stub import (
    ADDRESS,
    GOING_ON,
    TOKEN,
    Fault,
    Json,
    Workspace,
    a_cluster,
)

URL = f"{ADDRESS}/#job/100/run/900"
FAILED: Json = {
    "life_cycle_state": "TERMINATED",
    "result_state": "FAILED",
    "state_message": "Task evaluate failed with message: Workload failed.",
}


def ends_with(workspace: Workspace, state: Json, output: Json | None = None) -> None:
    workspace.run_states = [*GOING_ON, state]
    workspace.task_state = state
    workspace.run_output = output or {}


def test_a_run_that_succeeds_ends_with_zero_and_its_result(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace.run_output = {"notebook_output": {"result": '{"run_id": "abc"}'}}

    assert mloccli()("job", "run", "--output", "outputs/run.json", "--parameter", "rows=5") == 0

    assert json.loads(Path("outputs/run.json").read_text(encoding="utf-8")) == {
        "run_id": 900,
        "run_page_url": URL,
        "result": {"run_id": "abc"},
    }
    [request] = workspace.bodies("jobs/run-now")
    assert request["job_parameters"] == {"rows": "5", "git_commit": "c0ffee", "branch": "main"}
    output = capsys.readouterr().out
    assert f"Run 900: {URL}" in output
    assert "Run 900 is RUNNING." in output


def test_a_second_run_makes_no_second_job(mloccli: MakeMloccli, workspace: Workspace) -> None:
    run = mloccli()

    assert run("job", "run") == 0
    assert run("job", "run", "--parameter", "rows=5") == 0

    assert len(workspace.jobs) == 1
    assert {"name": "rows", "default": "5"} in workspace.jobs[100]["parameters"]
    assert len(workspace.runs) == 2


def test_the_job_can_be_made_without_a_run(mloccli: MakeMloccli, workspace: Workspace) -> None:
    assert mloccli()("job", "run", "--no-run") == 0

    assert workspace.jobs[100]["name"] == "sums-evaluate-main"
    assert not workspace.runs


def test_each_branch_has_a_job_of_its_own(mloccli: MakeMloccli, workspace: Workspace) -> None:
    run = mloccli()
    for branch in ("main", "other"):
        assert run("job", "run", "--no-run", "--branch", branch) == 0

    names = [job["name"] for job in workspace.jobs.values()]
    assert names == ["sums-evaluate-main", "sums-evaluate-other"]


def test_a_job_of_another_letter_case_is_another_job(
    mloccli: MakeMloccli, workspace: Workspace
) -> None:
    workspace.jobs[7] = {"name": "SUMS-evaluate-main"}

    assert mloccli()("job", "run", "--no-run") == 0
    assert len(workspace.jobs) == 2


def test_two_jobs_of_one_name_are_a_finding(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace.jobs = {7: {"name": "sums-evaluate-main"}, 9: {"name": "sums-evaluate-main"}}

    assert mloccli()("job", "run") == 1
    assert "2 jobs are named sums-evaluate-main: 7, 9." in capsys.readouterr().err


def test_a_notebook_that_raises_ends_with_one_and_shows_its_traceback(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    trace = "\x1b[0;31mValueError\x1b[0m: no rows\n##vso[task.complete result=Succeeded]"
    ends_with(workspace, FAILED, {"error": "ValueError: no rows", "error_trace": trace})

    assert mloccli()("job", "run", "--output", "run.json") == 1

    errors = capsys.readouterr().err
    assert "The run 900 did not succeed: it failed: Task evaluate failed" in errors
    assert "The task evaluate: ValueError: no rows" in errors
    assert f"The run: {URL}" in errors
    assert "ValueError: no rows\n## vso[task.complete" in errors
    assert "\x1b" not in errors
    assert not Path("run.json").exists()


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"life_cycle_state": "SKIPPED"}, "it was skipped"),
        ({"life_cycle_state": "INTERNAL_ERROR"}, "the Jobs service itself failed"),
        (
            {"life_cycle_state": "TERMINATED", "result_state": "TIMEDOUT"},
            "it took longer than its timeout",
        ),
        (
            {"life_cycle_state": "TERMINATED", "result_state": "SUCCESS_WITH_FAILURES"},
            "some of its tasks failed",
        ),
        ({"life_cycle_state": "TERMINATED"}, "it ended without a result"),
    ],
)
def test_every_other_end_ends_with_three(
    mloccli: MakeMloccli,
    workspace: Workspace,
    state: Json,
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ends_with(workspace, state)

    assert mloccli()("job", "run") == 3

    errors = capsys.readouterr().err
    assert f"The run 900 did not succeed: {message}" in errors
    assert URL in errors


def test_a_failure_is_told_even_if_its_output_cannot_be_read(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    ends_with(workspace, FAILED)
    denied = Answer(403, {"error_code": "PERMISSION_DENIED", "message": "No."})
    workspace.faults.append(Fault("jobs/runs/get-output", denied))

    assert mloccli()("job", "run") == 3

    errors = capsys.readouterr().err
    assert "did not succeed: it failed" in errors
    assert "Could not read the output of the task evaluate" in errors


@pytest.mark.parametrize("arrives", [True, False])
def test_a_connection_that_drops_in_run_now_runs_nothing_twice(
    mloccli: MakeMloccli, workspace: Workspace, arrives: bool
) -> None:
    workspace.faults += [Fault("jobs/run-now", arrives=arrives)] * 2

    assert mloccli()("job", "run") == 0

    assert len(workspace.runs) == 1
    assert len(workspace.run_of_token) == 1


def test_the_same_step_of_a_pipeline_runs_once(
    mloccli: MakeMloccli, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUILD_BUILDID", "77")
    run = mloccli()

    assert run("job", "run") == 0
    assert run("job", "run") == 0

    assert len(workspace.runs) == 1


def test_an_answer_that_is_lost_makes_no_second_job(
    mloccli: MakeMloccli, workspace: Workspace
) -> None:
    workspace.faults.append(Fault("jobs/create", arrives=True))

    assert mloccli()("job", "run") == 0
    assert len(workspace.jobs) == 1


def test_waiting_ends_and_the_run_goes_on(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace.run_states = [{"life_cycle_state": "RUNNING"}]

    assert mloccli()("job", "run", "--timeout", 5) == 3

    errors = capsys.readouterr().err
    assert "The run 900 is still RUNNING after 15 minutes." in errors
    assert f"It goes on: {URL}" in errors
    assert workspace.jobs[100]["timeout_seconds"] == 300


def test_an_interrupt_says_that_the_run_goes_on(
    mloccli: MakeMloccli,
    workspace: Workspace,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    workspace.run_states = [{"life_cycle_state": "RUNNING"}]
    monkeypatch.setattr(waiting.time, "sleep", interrupt)

    assert mloccli()("job", "run") == 130
    assert f"The run goes on without this command: {URL}" in capsys.readouterr().err


def test_a_token_that_expires_while_it_waits_does_not_hide_the_run(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    expired = Answer(401, {"error_code": "UNAUTHENTICATED", "message": "Token expired."})
    workspace.faults.append(Fault("jobs/runs/get", expired))

    assert mloccli()("job", "run") == 3

    errors = capsys.readouterr().err
    assert "did not accept the token: it is expired" in errors
    assert "hint: The run goes on: run 900" in errors


@pytest.mark.parametrize(
    ("output", "result"),
    [
        ({"notebook_output": {"result": "plain text"}}, "plain text"),
        ({"notebook_output": {}}, None),
        ({}, None),
    ],
)
def test_a_result_that_is_no_json_stays_as_it_is(
    mloccli: MakeMloccli, workspace: Workspace, output: Json, result: Any
) -> None:
    workspace.run_output = output

    assert mloccli()("job", "run", "--output", "run.json") == 0
    assert json.loads(Path("run.json").read_text(encoding="utf-8"))["result"] == result


def test_a_result_that_was_cut_off_is_a_finding(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace.run_output = {"notebook_output": {"result": '{"a', "truncated": True}}

    assert mloccli()("job", "run") == 1
    assert "is too long" in capsys.readouterr().err


def test_an_older_result_never_stays(mloccli: MakeMloccli, workspace: Workspace) -> None:
    run = mloccli()
    assert run("job", "run", "--output", "run.json") == 0
    ends_with(workspace, FAILED)

    assert run("job", "run", "--output", "run.json") == 3
    assert not Path("run.json").exists()


def test_an_all_purpose_cluster_is_found_by_its_name(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace.clusters["theirs"] = a_cluster("another")
    run = mloccli(base_variables={"COMPUTE_MODE": "all_purpose"})

    assert run("job", "run") == 1
    assert "There is no cluster sums-tst." in capsys.readouterr().err
    with_cluster(workspace)
    assert run("job", "run") == 0
    assert workspace.jobs[100]["tasks"][0]["existing_cluster_id"] == "0101-000000-own"


def test_a_dry_run_shows_the_job_and_sends_nothing(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mloccli()("job", "run", "--dry-run") == 0

    output = capsys.readouterr().out
    assert '"name": "sums-evaluate-main"' in output
    assert TOKEN not in output
    assert not workspace.asked


@pytest.mark.parametrize("parameter", ["rows", "=5", "a-b=5", "1=2"])
def test_a_parameter_has_a_name_and_a_value(
    mloccli: MakeMloccli, workspace: Workspace, parameter: str
) -> None:
    assert mloccli()("job", "run", "--parameter", parameter) == 2
    assert not workspace.asked


def test_a_notebook_that_is_not_there_is_wrong_use_if_it_was_named_and_else_a_finding(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    run = mloccli()

    assert run("job", "run", "--notebook", "train") == 2
    assert "notebooks holds these: evaluate." in capsys.readouterr().err
    Path("the_model/notebooks/evaluate.py").unlink()
    assert run("job", "run") == 1
    assert not workspace.asked
