"""The import: which files become what, and what the workspace holds afterwards."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from mloccli.batch_model.importing import ImportPlan, Imported, import_to_workspace
from mloccli.batch_model.target import read_target, safe_segment
from mloccli.batch_model.workspace_files import WorkspaceItem, plan_import
from mloccli.config import Repository
from mloccli.errors import FindingError, ProblemsError, RemoteError
from mloccli.utils.databricks import workspace_client

from ..conftest import MakeRepository
from ..http_service import Answer
from .conftest import PROJECT, MakeMloccli
from .databricks_stub import TOKEN, Fault, Workspace

FOLDER = "/ml_apps/sums/main"
HEADERS = {
    "python.py": ("# Databricks notebook source\n", "PYTHON"),
    "query.sql": ("-- Databricks notebook source\r\n", "SQL"),
    "jvm.scala": ("// Databricks notebook source\n", "SCALA"),
    "statistics.r": ("# Databricks notebook source\n", "R"),
    "capital.R": ("# Databricks notebook source\n", "R"),
}


def planned(repository: Repository) -> dict[str, tuple[str, str | None]]:
    items = plan_import(repository, FOLDER)
    return {item.path.removeprefix(f"{FOLDER}/"): (item.form, item.language) for item in items}


def bring(items: list[WorkspaceItem], *, model: str = "sums", wheel: str = "a") -> Imported:
    """Import the items into the workspace that the environment names."""
    configuration = read_target(None, "main", os.environ).configuration
    client = workspace_client(configuration, "tst", os.environ)
    path = f"{FOLDER}/wheels/{wheel}.whl"
    return import_to_workspace(client, ImportPlan(model, FOLDER, items, path, lambda: b"zip"))


@pytest.fixture(name="repository")
def fixture_repository(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> Repository:
    """A repository to import, as the current folder."""
    repository = make_repository(PROJECT)
    monkeypatch.chdir(repository.root)
    return repository


def test_notebooks_in_four_languages_become_notebooks(repository: Repository) -> None:
    for name, (header, _) in HEADERS.items():
        (repository.model_folder / "notebooks" / name).write_text(f"{header}x\n", newline="")

    plan = planned(repository)

    for name, (_, language) in HEADERS.items():
        assert plan[f"the_model/notebooks/{Path(name).stem}"] == ("SOURCE", language)


def test_every_other_file_stays_a_file_where_the_repository_has_it(repository: Repository) -> None:
    assert planned(repository) == {
        "pipelines/base_variables.yml": ("RAW", None),
        "the_model/evaluation_thresholds.yml": ("RAW", None),
        "the_model/model_modules/__init__.py": ("RAW", None),
        "the_model/model_modules/data.py": ("RAW", None),
        "the_model/model_modules/requirements.txt": ("RAW", None),
        "the_model/model_modules/scoring.py": ("RAW", None),
        "the_model/model_parameters.yml": ("RAW", None),
        "the_model/model_variables.yml": ("RAW", None),
        "the_model/notebooks/evaluate": ("SOURCE", "PYTHON"),
    }


def test_caches_and_what_git_ignores_stay_here(repository: Repository) -> None:
    modules = repository.modules
    for name in ("__pycache__/data.pyc", ".ipynb_checkpoints/x.py", ".env"):
        (modules / name).parent.mkdir(exist_ok=True)
        (modules / name).write_text("x")
    without_git = planned(repository)
    (repository.root / ".gitignore").write_text("*.csv\n.env\n__pycache__\n")
    (modules / "customers.csv").write_text("x")
    subprocess.run(["git", "init", "-q", str(repository.root)], check=True)

    assert planned(repository) == without_git
    assert not [name for name in without_git if "pyc" in name or "/." in name]


def test_all_that_cannot_be_imported_is_reported_before_anything_is(
    repository: Repository,
) -> None:
    notebooks = repository.model_folder / "notebooks"
    (notebooks / "evaluate.sql").write_text("-- Databricks notebook source\n")
    (notebooks / "plain.py").write_text("print(1)\n")
    (repository.modules / "large.bin").write_bytes(b"x" * 8_000_000)

    with pytest.raises(ProblemsError) as raised:
        plan_import(repository, FOLDER)

    assert len(raised.value.problems) == 3
    assert "plain.py: it does not begin with `# Databricks notebook source`" in str(raised.value)
    assert "large.bin: encoded it has 10666668 bytes" in str(raised.value)
    assert f"{FOLDER}/the_model/notebooks/evaluate: two files would become it." in str(raised.value)


def test_a_link_out_of_the_repository_is_refused(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("x")
    (repository.modules / "notes.txt").symlink_to(tmp_path / "secret.txt")

    with pytest.raises(FindingError, match="Links lead out of the repository: .*notes.txt"):
        plan_import(repository, FOLDER)


def test_the_workspace_gets_all_of_it(repository: Repository, workspace: Workspace) -> None:
    items = plan_import(repository, FOLDER)

    imported = bring(items)

    notebook = workspace.objects[f"{FOLDER}/the_model/notebooks/evaluate"]
    assert (notebook["object_type"], notebook["language"]) == ("NOTEBOOK", "PYTHON")
    module = f"{FOLDER}/the_model/model_modules/data.py"
    assert workspace.objects[module]["object_type"] == "FILE"
    assert workspace.text(module) == (repository.modules / "data.py").read_text(encoding="utf-8")
    assert imported.sent == [*(item.path for item in items), f"{FOLDER}/wheels/a.whl"]
    assert not imported.removed


def test_what_git_no_longer_has_is_removed_and_what_people_made_stays(
    repository: Repository, workspace: Workspace
) -> None:
    bring(plan_import(repository, FOLDER))
    theirs = f"{FOLDER}/the_model/notebooks/my experiment"
    workspace.objects[theirs] = {"object_type": "NOTEBOOK"}
    notebook = repository.model_folder / "notebooks" / "evaluate.py"
    notebook.rename(notebook.with_name("judge.py"))

    imported = bring(plan_import(repository, FOLDER))

    assert imported.removed == [f"{FOLDER}/the_model/notebooks/evaluate"]
    assert f"{FOLDER}/the_model/notebooks/judge" in workspace.objects
    assert f"{FOLDER}/the_model/notebooks/evaluate" not in workspace.objects
    assert theirs in workspace.objects


def test_a_file_can_become_a_notebook(repository: Repository, workspace: Workspace) -> None:
    path = repository.modules / "query.sql"
    path.write_text("select 1\n")
    bring(plan_import(repository, FOLDER))
    path.rename(repository.modules / "query")
    bring(plan_import(repository, FOLDER))
    (repository.modules / "query").unlink()
    path.write_text("-- Databricks notebook source\nselect 1\n")

    bring(plan_import(repository, FOLDER))

    kind = workspace.objects[f"{FOLDER}/the_model/model_modules/query"]["object_type"]
    assert kind == "NOTEBOOK"


def test_an_import_that_broke_off_leaves_nothing_behind(
    repository: Repository, workspace: Workspace
) -> None:
    extra = repository.modules / "aaa.txt"
    extra.write_text("x")
    denied = Answer(403, {"error_code": "PERMISSION_DENIED", "message": "No."})
    workspace.faults += [Fault("workspace/get-status", denied)]
    with pytest.raises(RemoteError, match="lacks the permission"):
        bring(plan_import(repository, FOLDER))
    extra.unlink()

    imported = bring(plan_import(repository, FOLDER))

    assert imported.removed == [f"{FOLDER}/the_model/model_modules/aaa.txt"]


def test_the_folder_of_another_model_is_left_alone(
    repository: Repository, workspace: Workspace
) -> None:
    bring(plan_import(repository, FOLDER))
    before = dict(workspace.objects)

    with pytest.raises(FindingError, match=f"{FOLDER} is that of the model sums."):
        bring([], model="other")
    assert workspace.objects == before


def test_a_wheel_is_sent_once_and_the_five_newest_stay(
    repository: Repository, workspace: Workspace
) -> None:
    items = plan_import(repository, FOLDER)[:1]
    for wheel in "aabcdef":
        bring(items, wheel=wheel)

    sent = [body["path"] for body in workspace.bodies("workspace/import")]
    assert [path for path in sent if path.endswith("/a.whl")] == [f"{FOLDER}/wheels/a.whl"]
    wheels = [path[-5:] for path in workspace.objects if path.endswith(".whl")]
    assert wheels == ["b.whl", "c.whl", "d.whl", "e.whl", "f.whl"]


def test_a_record_that_was_tampered_with_removes_nothing(
    repository: Repository, workspace: Workspace
) -> None:
    items = plan_import(repository, FOLDER)
    bring(items)
    record = workspace.objects[f"{FOLDER}/.mloccli_import.json"]
    workspace.objects["/Users/boss/notebook"] = {"object_type": "NOTEBOOK"}
    for content in ("eA==", "eyJtb2RlbF9uYW1lIjogInN1bXMiLCAib2JqZWN0cyI6IHsiL1VzZXJzL2Jvc3Mvbm90"
                    "ZWJvb2siOiAiIn0sICJ3aGVlbHMiOiBbXX0="):
        record["content"] = content
        with pytest.raises(FindingError, match="mloccli_import.json in the workspace"):
            bring(items)
    assert "/Users/boss/notebook" in workspace.objects


def test_the_command_builds_the_wheel_and_imports_everything(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    run = mloccli()

    assert run("notebooks", "import", "--branch", "feature/x") == 0

    folder = f"/ml_apps/sums/{safe_segment('feature/x')}"
    assert f"{folder}/the_model/notebooks/evaluate" in workspace.objects
    wheels = [path for path in workspace.objects if path.endswith(".whl")]
    assert len(wheels) == 1
    assert wheels[0].startswith(f"{folder}/wheels/sums-0.1.0+")
    assert f"Imported 10 files into {folder}." in capsys.readouterr().out


def test_a_dry_run_names_every_file_and_sends_nothing(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mloccli()("notebooks", "import", "--dry-run") == 0

    output = capsys.readouterr().out
    assert f'"path": "{FOLDER}/the_model/notebooks/evaluate"' in output
    assert '"path": "/ml_apps/sums/main/wheels/sums-0.1.0+' in output
    assert TOKEN not in output
    assert not workspace.asked


def test_a_dropped_connection_is_tried_again(
    mloccli: MakeMloccli, workspace: Workspace
) -> None:
    workspace.faults += [Fault("workspace/mkdirs"), Fault("workspace/import", arrives=True)]

    assert mloccli()("notebooks", "import") == 0


@pytest.mark.parametrize("branch", ["main", "release-1.2_x", "feature-x"])
def test_a_branch_keeps_its_name_where_it_can(branch: str) -> None:
    assert safe_segment(branch) == branch


def test_each_branch_is_one_segment_of_its_own() -> None:
    branches = ["feature/x", "feature-x", "feature x", "..", ".", "weiß", "/", "a" * 300]

    segments = [safe_segment(branch) for branch in branches]

    assert len(set(segments)) == len(branches)
    assert segments[0].startswith("feature-x-")
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}", name) for name in segments)


@pytest.mark.parametrize(
    ("variables", "folder"),
    [
        ({"BUILD_SOURCEBRANCH": "refs/heads/main"}, "main"),
        ({"BUILD_SOURCEBRANCHNAME": "main"}, "main"),
        ({"BUILD_SOURCEBRANCH": "refs/heads/fix/x", "BUILD_SOURCEBRANCHNAME": "x"}, "fix-x-"),
        ({"BUILD_SOURCEBRANCH": "refs/pull/7/merge"}, "pull-7-merge-"),
    ],
)
@pytest.mark.usefixtures("repository")
def test_the_branch_is_that_of_the_pipeline(variables: dict[str, str], folder: str) -> None:
    assert read_target(None, None, variables).folder.startswith(f"/ml_apps/sums/{folder}")


@pytest.mark.usefixtures("repository")
def test_a_path_with_steps_upwards_is_refused() -> None:
    with pytest.raises(Exception, match="NOTEBOOK_PATH /ml_apps/.. must not"):
        read_target(None, "main", {"NOTEBOOK_PATH": "/ml_apps/.."})
