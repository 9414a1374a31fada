"""Libraries: only what is missing, waited for to the end, and failures by name."""

from __future__ import annotations

import pytest

from .conftest import MakeMloccli, with_cluster
from .databricks_stub import TOKEN, Workspace

CLUSTER = "0101-000000-own"
LIBRARIES = {"the_model/model_modules/requirements.txt": "pandas>=2\nscikit-learn==1.5\n"}
PANDAS = {"pypi": {"package": "pandas>=2"}}
LEARN = {"pypi": {"package": "scikit-learn==1.5"}}


def wheel_of(workspace: Workspace) -> str:
    return str(workspace.bodies("libraries/install")[0]["libraries"][-1]["whl"])


def test_what_the_environment_file_lists_and_the_wheel_are_installed(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    with_cluster(workspace)

    assert mloccli(LIBRARIES)("libraries", "install") == 0

    [request] = workspace.bodies("libraries/install")
    assert request["cluster_id"] == CLUSTER
    assert request["libraries"][:2] == [PANDAS, LEARN]
    assert wheel_of(workspace).startswith("/Workspace/ml_apps/sums/main/wheels/sums-0.1.0+")
    states = [status["status"] for status in workspace.libraries[CLUSTER]]
    assert states == ["INSTALLED"] * 3
    assert "Installed pandas>=2, scikit-learn==1.5, /Workspace" in capsys.readouterr().out


def test_a_second_run_installs_nothing(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    with_cluster(workspace)
    run = mloccli(LIBRARIES)

    assert run("libraries", "install") == 0
    assert run("libraries", "install") == 0

    assert len(workspace.bodies("libraries/install")) == 1
    assert "Everything was installed." in capsys.readouterr().out


def test_only_what_is_missing_is_installed(mloccli: MakeMloccli, workspace: Workspace) -> None:
    with_cluster(workspace)
    workspace.libraries[CLUSTER] = [{"library": PANDAS, "status": "INSTALLED"}]

    assert mloccli(LIBRARIES)("libraries", "install") == 0

    assert workspace.bodies("libraries/install")[0]["libraries"][0] == LEARN


def test_the_wheel_of_an_earlier_commit_is_taken_off(
    mloccli: MakeMloccli, workspace: Workspace
) -> None:
    with_cluster(workspace)
    old = {"whl": "/Workspace/ml_apps/sums/main/wheels/sums-0.1.0+old-py3-none-any.whl"}
    theirs = {"whl": "/Workspace/ml_apps/other/main/wheels/other-0.1.0-py3-none-any.whl"}
    workspace.libraries[CLUSTER] = [
        {"library": library, "status": "INSTALLED"} for library in (old, theirs)
    ]
    run = mloccli(LIBRARIES)

    assert run("libraries", "install") == 0
    assert run("libraries", "install") == 0

    assert workspace.bodies("libraries/uninstall") == [{"cluster_id": CLUSTER, "libraries": [old]}]


def test_each_library_that_fails_is_named_with_its_messages(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    with_cluster(workspace)
    workspace.library_failures = {
        "pandas>=2": ["pip exited with 1.", "No matching distribution."],
        "scikit-learn==1.5": ["It conflicts with numpy."],
    }

    assert mloccli(LIBRARIES)("libraries", "install") == 1

    errors = capsys.readouterr().err
    assert "Libraries cannot be installed on the cluster sums-tst:" in errors
    assert "pandas>=2: pip exited with 1. No matching distribution." in errors
    assert "scikit-learn==1.5: It conflicts with numpy." in errors


def test_a_library_that_failed_before_is_tried_again(
    mloccli: MakeMloccli, workspace: Workspace
) -> None:
    with_cluster(workspace)
    workspace.libraries[CLUSTER] = [{"library": PANDAS, "status": "FAILED", "messages": ["x"]}]

    assert mloccli(LIBRARIES)("libraries", "install") == 0
    assert PANDAS in workspace.bodies("libraries/install")[0]["libraries"]


@pytest.mark.parametrize("state", ["TERMINATED", "PENDING", "ERROR"])
def test_a_cluster_that_does_not_run_is_refused_at_once(
    mloccli: MakeMloccli, workspace: Workspace, state: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with_cluster(workspace, states=[state])

    assert mloccli(LIBRARIES)("libraries", "install") == 2

    assert f"The cluster sums-tst is {state}" in capsys.readouterr().err
    assert not workspace.bodies("libraries/install")


def test_a_cluster_that_stops_meanwhile_is_not_waited_for(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    with_cluster(workspace, states=["RUNNING", "RUNNING", "TERMINATING"])

    assert mloccli(LIBRARIES)("libraries", "install") == 2
    assert "sums-tst is TERMINATING" in capsys.readouterr().err


def test_waiting_ends_and_names_what_is_missing(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    with_cluster(workspace)

    assert mloccli(LIBRARIES)("libraries", "install", "--timeout", 1) == 3
    assert "After 1 minutes these libraries are still not installed" in capsys.readouterr().err


def test_without_a_cluster_the_next_step_is_named(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mloccli(LIBRARIES)("libraries", "install") == 1
    assert "Run `mloccli cluster start` first." in capsys.readouterr().err
    assert not workspace.clusters


def test_a_dry_run_shows_the_libraries_and_sends_nothing(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mloccli(LIBRARIES)("libraries", "install", "--dry-run") == 0

    output = capsys.readouterr().out
    assert '"package": "scikit-learn==1.5"' in output
    assert TOKEN not in output
    assert not workspace.asked
