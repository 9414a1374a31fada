"""The wheel: its name says what is in it, and it installs the tasks."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest
from mloccli.batch_model.wheel import build_wheel, wheel_file_name
from mloccli.config import find_repository
from mloccli.errors import FindingError, RemoteError

PROJECT = '[build-system]\nrequires = ["setuptools>=68"]\n\n[project]\nname = "My-Model"\n'


@pytest.fixture(name="project")
def fixture_project(tmp_path: Path) -> Path:
    """A project with a version and a module."""
    root = tmp_path / "project"
    (root / "src").mkdir(parents=True)
    (root / "pyproject.toml").write_text(f'{PROJECT}version = "0.1.0"\n', encoding="utf-8")
    (root / "src" / "a.py").write_text("x = 1\n", encoding="utf-8")
    return root


def test_the_name_changes_with_the_content_and_with_nothing_else(project: Path) -> None:
    name = wheel_file_name(project)
    (project / "README.md").write_text("x")
    (project / "src" / "__pycache__").mkdir()
    (project / "src" / "__pycache__" / "a.pyc").write_text("x")

    assert name.startswith("my_model-0.1.0+")
    assert name.endswith("-py3-none-any.whl")
    assert wheel_file_name(project) == name
    (project / "src" / "a.py").rename(project / "src" / "b.py")
    moved = wheel_file_name(project)
    assert moved != name
    (project / "src" / "b.py").write_text("x = 2\n")
    assert wheel_file_name(project) not in (name, moved)


def test_the_wheel_of_this_repository_holds_the_tasks(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    root = find_repository(request.config.rootpath).root

    wheel = build_wheel(root, tmp_path, os.environ)

    assert wheel.name == wheel_file_name(root)
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "mloccli/batch_model/score_table.py" in names
    assert "mloccli/model/package.py" in names
    assert not (root / "build").exists()


@pytest.mark.parametrize("version", ["", 'version = "1"\nversion = "2"\n', "version = 1\n"])
def test_a_project_without_one_version_is_a_finding(project: Path, version: str) -> None:
    (project / "pyproject.toml").write_text(f"{PROJECT}{version}", encoding="utf-8")

    with pytest.raises(FindingError, match="exactly one line `version"):
        wheel_file_name(project)


def test_a_project_that_pip_refuses_shows_what_pip_says(project: Path, tmp_path: Path) -> None:
    text = f'{PROJECT}version = "0.1.0"\nlicense = 5\n'
    (project / "pyproject.toml").write_text(text, encoding="utf-8")

    with pytest.raises(RemoteError, match="The wheel of src cannot be built") as raised:
        build_wheel(project, tmp_path, os.environ)
    assert "license" in raised.value.message
