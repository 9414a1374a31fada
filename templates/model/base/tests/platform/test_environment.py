"""The environment file: what it lists, and how it is installed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from mloccli.environment.install import install, plan_install
from mloccli.environment.requirements import (
    Requirements,
    is_met,
    read_requirements,
    requirement_name,
)
from mloccli.errors import FindingError, RemoteError


def conda(tmp_path: Path, *dependencies: str) -> Requirements:
    lines = "".join(f"  - {dependency}\n" for dependency in dependencies)
    (tmp_path / "environment.yml").write_text(f"name: a\ndependencies:\n{lines}", encoding="utf-8")
    return read_requirements(tmp_path)


def test_reads_requirements_without_comments_and_empty_lines(tmp_path: Path) -> None:
    text = "# model\n\npandas>=2,<3  # tables\nScikit_Learn\npkg @ https://x.test/p.whl#a=b\n"
    (tmp_path / "requirements.txt").write_text(text, encoding="utf-8")

    requirements = read_requirements(tmp_path)

    assert requirements.lines[:2] == ("pandas>=2,<3", "Scikit_Learn")
    assert requirements.names == {"pandas", "scikit-learn", "pkg"}


@pytest.mark.parametrize(
    ("dependency", "expected"),
    [
        ("pandas", "pandas"),
        ("conda-forge::pandas", "pandas"),
        ("pandas=2.2", "pandas==2.2.*"),
        ("pandas==2.2.3", "pandas==2.2.3"),
        ("pandas = 2.2", "pandas==2.2.*"),
        ("pandas 2.2.*", "pandas==2.2.*"),
        ("pandas=2.2.*", "pandas==2.2.*"),
        ("pandas >=2.2, <3", "pandas>=2.2,<3"),
        ("pandas>=2.2,<3", "pandas>=2.2,<3"),
        ("numpy=1.26.4=py311h64a7726_0", "numpy==1.26.4"),
        ("pytorch=2.1", "torch==2.1.*"),
    ],
)
def test_translates_conda_for_pip(tmp_path: Path, dependency: str, expected: str) -> None:
    assert conda(tmp_path, f'"{dependency}"').lines == (expected,)


def test_the_pip_list_of_a_conda_file_is_kept(tmp_path: Path) -> None:
    requirements = conda(tmp_path, "python=3.11", "pip", "pandas", "pip: [joblib>=1.3, click]")

    assert requirements.lines == ("pandas", "joblib>=1.3", "click")
    assert requirements.python == "==3.11.*"


@pytest.mark.parametrize(
    "dependency", ['"pandas 2.2|2.3"', "{conda: [a]}", "[a]", '"-e ."', '"pandas; rm -rf"']
)
def test_what_pip_cannot_install_is_refused(tmp_path: Path, dependency: str) -> None:
    with pytest.raises(FindingError, match="environment.yml"):
        conda(tmp_path, dependency)


@pytest.mark.parametrize("line", ["--index-url https://x.test", "-r more.txt", "-e ."])
def test_options_are_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "requirements.txt").write_text(f"pandas\n{line}\n", encoding="utf-8")

    with pytest.raises(FindingError, match="only packages may stand here"):
        read_requirements(tmp_path)


def test_neither_and_both_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FindingError, match="neither"):
        read_requirements(tmp_path)
    (tmp_path / "requirements.txt").write_text("pandas\n", encoding="utf-8")

    with pytest.raises(FindingError, match="both"):
        conda(tmp_path, "pandas")


@pytest.mark.parametrize(
    ("line", "name"),
    [("Scikit_Learn>=1", "scikit-learn"), ("a.b[c]==1", "a-b"), ("--option", ""), ("", "")],
)
def test_names_are_compared_as_registries_do(line: str, name: str) -> None:
    assert requirement_name(line) == name


def test_pip_installs_into_the_running_python(tmp_path: Path) -> None:
    command = plan_install(conda(tmp_path, "pandas=2.2"), {})

    assert command == [sys.executable, "-m", "pip", "install", "--", "pandas==2.2.*"]


@pytest.mark.parametrize(
    ("line", "met"),
    [
        ("pytest", True),
        ("PyTest>=1", True),
        ("pytest>=8,<1000; python_version >= '3'", True),
        ("no-such-package-as-this; python_version < '3'", True),
        ("pytest<1", False),
        ("no-such-package-as-this", False),
        ("pytest[dev]", False),
        ("pytest @ https://x.test/pytest.whl", False),
        ("pytest 8", False),
    ],
)
def test_what_is_there_is_known_without_pip(line: str, met: bool) -> None:
    assert is_met(line) is met


def test_pip_is_not_asked_for_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "not a truth value, with which pip fails")
    file = tmp_path / "requirements.txt"

    install(Requirements(file, ("pytest", "click>=8")))

    with pytest.raises(RemoteError):
        install(Requirements(file, ("pytest", "no-such-package-as-this")))


def test_conda_installs_its_own_file_where_its_environment_is_active(tmp_path: Path) -> None:
    requirements = conda(tmp_path, "pandas")
    active = {"CONDA_PREFIX": sys.prefix, "CONDA_EXE": "/opt/conda/bin/conda"}

    command = plan_install(requirements, active)

    file = str(requirements.file)
    assert command == [
        "/opt/conda/bin/conda",
        *("env", "update", "--prefix", sys.prefix, "--file", file),
    ]


def test_another_conda_environment_is_left_alone(tmp_path: Path) -> None:
    elsewhere = {"CONDA_PREFIX": str(tmp_path), "CONDA_EXE": "/opt/conda/bin/conda"}

    assert "pip" in plan_install(conda(tmp_path, "pandas"), elsewhere)


def test_a_failed_installation_is_not_our_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    requirements = Requirements(tmp_path / "requirements.txt", ("no-such-package-as-this",))

    with pytest.raises(RemoteError, match="exited with 1"):
        install(requirements)
