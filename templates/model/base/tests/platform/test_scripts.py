"""The scripts for setting up by hand: look first, quote everything, stop at the first failure."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mloccli.config import find_repository

BASH = shutil.which("bash")
TOKEN = "very-secret-token"
NAMES = ("create_repo", "create_team", "apply_branch_policies")
ORGANIZATION = ("--organization", "https://dev.azure.com/bank", "--project", "The Project")
MODEL = (*ORGANIZATION, "--model", "iris")

pytestmark = pytest.mark.skipif(
    BASH is None or os.name == "nt", reason="bash is needed, as on the machines that run these"
)


class Scripts:
    """Runs the scripts with a stand-in for az first on PATH."""

    def __init__(self, folder: Path, source: Path) -> None:
        self._source = source
        self._state = folder / "state.json"
        self._bin = folder / "bin"
        self._bin.mkdir()
        fake = Path(__file__).with_name("fake_az.py")
        az = self._bin / "az"
        az.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{fake}" "$@"\n', encoding="utf-8")
        az.chmod(0o755)
        self.change(repositories=[], pipelines=[], teams={}, policies=[], calls=[])

    @property
    def state(self) -> dict[str, Any]:
        """What Azure DevOps holds now."""
        content: dict[str, Any] = json.loads(self._state.read_text(encoding="utf-8"))
        return content

    def change(self, **values: Any) -> None:
        """Puts something there that nobody made with these scripts."""
        state = self.state if self._state.exists() else {}
        self._state.write_text(json.dumps({**state, **values}), encoding="utf-8")

    def remove_az(self) -> None:
        """Leaves bash and the tools that the scripts use, and no az."""
        for name in ("dirname", "tr", "cat"):
            tool = shutil.which(name)
            assert tool is not None
            (self._bin / name).symlink_to(tool)
        (self._bin / "az").unlink()

    def run(self, name: str, *options: str) -> subprocess.CompletedProcess[str]:
        """One script; the token is where az looks for it."""
        assert BASH is not None
        has_az = (self._bin / "az").exists()
        path = f"{self._bin}{os.pathsep}{os.environ['PATH']}" if has_az else str(self._bin)
        return subprocess.run(
            [BASH, str(self._source / f"{name}.sh"), *options],
            env={"PATH": path, "FAKE_AZ_STATE": str(self._state), "AZURE_DEVOPS_EXT_PAT": TOKEN},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def commands(self) -> list[str]:
        """What az was asked to do since the last time."""
        state = self.state
        calls = [call for call in state["calls"] if call["command"] != "extension show"]
        assert TOKEN not in json.dumps(calls)
        for call in calls:
            assert "--organization=https://dev.azure.com/bank" in call["arguments"]
        self.change(calls=[])
        return [call["command"] for call in calls]


@pytest.fixture(name="scripts")
def fixture_scripts(tmp_path: Path, request: pytest.FixtureRequest) -> Scripts:
    root = find_repository(request.config.rootpath).root
    return Scripts(tmp_path, root / "src" / "scripts")


def changes(commands: list[str]) -> list[str]:
    return [command for command in commands if command.split()[-1] in ("create", "update", "add")]


def test_a_repository_is_created_once(scripts: Scripts) -> None:
    first = scripts.run("create_repo", *MODEL)
    created = changes(scripts.commands())
    second = scripts.run("create_repo", *MODEL)

    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    assert "+ created repository iris" in first.stdout
    assert "git remote add origin 'https://dev.azure.com/bank/_git/repo-1'" in first.stdout
    assert "= repository iris is there already" in second.stdout
    assert created == ["repos create"]
    assert not changes(scripts.commands())
    assert scripts.state["repositories"] == ["iris"]


def test_a_repository_in_other_letter_case_is_the_same(scripts: Scripts) -> None:
    scripts.change(repositories=["Other", "IRIS"])

    assert "is there already" in scripts.run("create_repo", *MODEL).stdout
    assert not changes(scripts.commands())


def test_a_team_is_created_once_with_its_members(scripts: Scripts) -> None:
    options = (*MODEL, "--team", "Blue Team", "--member", "ada@bank.example")
    more = (*options, "--member=grace@bank.example")

    first = scripts.run("create_team", *options)
    created = changes(scripts.commands())
    second = scripts.run("create_team", *more)
    added = changes(scripts.commands())
    third = scripts.run("create_team", *more)

    assert [run.returncode for run in (first, second, third)] == [0, 0, 0]
    assert created == ["devops team create", "devops security group membership add"]
    assert added == ["devops security group membership add"]
    assert "= ada@bank.example is a member already" in second.stdout
    assert "+ added grace@bank.example" in second.stdout
    assert not changes(scripts.commands())
    assert scripts.state["teams"] == {"Blue Team": ["ada@bank.example", "grace@bank.example"]}


def test_policies_are_created_once(scripts: Scripts) -> None:
    scripts.change(
        repositories=["iris"], pipelines=["iris-pr-pipeline"], teams={"Platform": [], "Core": []}
    )
    options = (*MODEL, "--platform-team", "Platform", "--require-work-items")

    first = scripts.run("apply_branch_policies", *options)
    created = changes(scripts.commands())
    second = scripts.run("apply_branch_policies", *options)

    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    assert created == [
        "repos policy approver-count create",
        "repos policy comment-required create",
        "repos policy merge-strategy create",
        "repos policy build create",
        "repos policy required-reviewer create",
        "repos policy work-item-linking create",
    ]
    assert second.stdout.count("= is there already") == 6
    assert not changes(scripts.commands())
    settings = [policy["settings"] for policy in scripts.state["policies"]]
    assert all(item["blocking"] == item["enabled"] == "true" for item in settings)
    assert settings[0]["minimumApproverCount"] == "1"
    assert settings[3]["buildDefinitionId"] == "7"
    assert settings[3]["displayName"] == "iris-pr-pipeline"
    assert settings[4]["requiredReviewerIds"] == "team-Platform"
    assert "/src/*;" in settings[4]["filenamePatterns"]


def test_a_policy_that_differs_is_put_right_and_no_number_falls_back(scripts: Scripts) -> None:
    scripts.change(repositories=["iris"], pipelines=["iris-pr-pipeline"], teams={"A": [], "B": []})
    assert scripts.run("apply_branch_policies", *MODEL, "--platform-team=A").returncode == 0
    scripts.commands()

    raised = scripts.run("apply_branch_policies", *MODEL, "--minimum-reviewers", "2")
    again = scripts.run("apply_branch_policies", *MODEL, "--platform-team=B")

    assert "~ put right: reviewers, at least 2" in raised.stdout
    assert "= is there already: reviewers, at least 2" in again.stdout
    assert "~ put right: B reviews what the platform owns" in again.stdout
    assert changes(scripts.commands()) == [
        "repos policy approver-count update",
        "repos policy required-reviewer update",
    ]
    assert scripts.state["policies"][4]["settings"]["requiredReviewerIds"] == "team-B"


def test_policies_of_another_branch_or_repository_are_left_alone(scripts: Scripts) -> None:
    scripts.change(repositories=["other", "iris"], pipelines=["iris-pr-pipeline"])
    assert scripts.run("apply_branch_policies", *MODEL, "--branch", "release").returncode == 0
    before = scripts.state["policies"]
    scripts.commands()

    finished = scripts.run("apply_branch_policies", *MODEL)

    assert finished.stdout.count("+ created") == 4
    assert scripts.state["policies"][:4] == before
    assert {policy["scope"][1] for policy in scripts.state["policies"]} == {
        "refs/heads/main",
        "refs/heads/release",
    }


def test_names_are_never_anything_else(scripts: Scripts, tmp_path: Path) -> None:
    name = f"--name; touch {tmp_path}/hacked $(touch {tmp_path}/hacked) 'quoted' \\ \" *"

    finished = scripts.run("create_repo", *ORGANIZATION, "--model", name)

    assert finished.returncode == 0, finished.stderr
    assert scripts.state["repositories"] == [name]
    assert not (tmp_path / "hacked").exists()


@pytest.mark.parametrize("name", NAMES)
def test_help_names_every_option(name: str, scripts: Scripts) -> None:
    finished = scripts.run(name, "--help")

    assert finished.returncode == 0
    for option in ("--organization", "--project", "--model", "Exit codes"):
        assert option in finished.stdout
    assert not scripts.commands()


@pytest.mark.parametrize("name", NAMES)
def test_all_problems_of_the_command_line_are_named_at_once(name: str, scripts: Scripts) -> None:
    finished = scripts.run(
        name, "--organization", f"https://{TOKEN}@dev.azure.com/bank", "--nothing", "--project="
    )

    assert finished.returncode == 2
    assert "error: --nothing is not an option." in finished.stderr
    assert "error: --project has no value." in finished.stderr
    assert "error: --model is missing." in finished.stderr
    assert "error: --organization must be an address" in finished.stderr
    assert TOKEN not in finished.stderr
    assert not scripts.commands()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--model", "a", "--model", "b"), "--model is given twice."),
        (("--model",), "--model has no value."),
        (("--model", "a\nb"), "The value of --model is more than one line."),
        (("--model", "a", "model"), "model is not an option."),
        (("--model", "a", "--organization=http://bank.example"), "--organization is given twice."),
    ],
)
def test_options_that_cannot_be_meant_are_refused(
    options: tuple[str, ...], expected: str, scripts: Scripts
) -> None:
    finished = scripts.run("create_repo", *ORGANIZATION, *options)

    assert finished.returncode == 2
    assert expected in finished.stderr


@pytest.mark.parametrize("number", ["0", "-1", "two", "1.5"])
def test_reviewers_are_a_number(number: str, scripts: Scripts) -> None:
    finished = scripts.run("apply_branch_policies", *MODEL, f"--minimum-reviewers={number}")

    assert finished.returncode == 2
    assert f"--minimum-reviewers is {number}, not a whole number" in finished.stderr


@pytest.mark.parametrize("name", NAMES)
def test_without_az_nothing_is_tried(name: str, scripts: Scripts) -> None:
    scripts.remove_az()
    team = ("--team", "Blue Team") if name == "create_team" else ()

    finished = scripts.run(name, *MODEL, *team)

    assert finished.returncode == 3
    assert "error: The Azure CLI, az, is not installed." in finished.stderr


@pytest.mark.parametrize(
    ("name", "failing"),
    [
        ("create_repo", "extension show"),
        ("create_repo", "repos list"),
        ("create_repo", "repos create"),
        ("create_team", "devops team list"),
        ("create_team", "devops team list-member"),
        ("create_team", "devops security group list"),
        ("create_team", "devops security group membership add"),
        ("apply_branch_policies", "repos list"),
        ("apply_branch_policies", "pipelines list"),
        ("apply_branch_policies", "repos policy list"),
        ("apply_branch_policies", "devops team list"),
        ("apply_branch_policies", "repos policy merge-strategy create"),
    ],
)
def test_a_failure_of_az_stops_everything(name: str, failing: str, scripts: Scripts) -> None:
    """Above all, what could not be looked up is never created."""
    scripts.change(repositories=["iris"], pipelines=["iris-pr-pipeline"], fails=failing)
    if failing == "repos create":
        scripts.change(repositories=[])
    options = {
        "create_team": ("--team", "Blue Team", "--member", "ada@bank.example"),
        "apply_branch_policies": ("--platform-team", "Platform"),
    }

    finished = scripts.run(name, *MODEL, *options.get(name, ()))

    assert finished.returncode == 3
    commands = scripts.commands()
    assert not commands or commands[-1] == failing
    if failing != "extension show":
        assert "TF400813: You are not authorized." in finished.stderr
        assert f"error: az {failing} failed" in finished.stderr


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({}, "The project The Project has no repository iris."),
        ({"repositories": ["iris"]}, "The folder \\iris of the project The Project has no"),
    ],
)
def test_policies_need_a_repository_and_a_pipeline(
    state: dict[str, Any], expected: str, scripts: Scripts
) -> None:
    scripts.change(**state)

    finished = scripts.run("apply_branch_policies", *MODEL)

    assert finished.returncode == 3
    assert expected in finished.stderr
    assert not changes(scripts.commands())
