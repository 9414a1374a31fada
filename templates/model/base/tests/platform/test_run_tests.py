"""The documented test command: what it installs when, and into which environment."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(name="script")
def fixture_script(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> ModuleType:
    """The script, at work in a temporary repository, with its commands recorded and not run."""
    path = request.config.rootpath / "src" / "scripts" / "run_tests.py"
    spec = importlib.util.spec_from_file_location("run_tests", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    (tmp_path / "demo" / "model_modules").mkdir(parents=True)
    (tmp_path / "demo" / "model_modules" / "requirements.txt").write_text("a\n", encoding="utf-8")
    (tmp_path / "env" / "bin").mkdir(parents=True)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    return module


@pytest.fixture(name="commands")
def fixture_commands(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that the script would have run."""
    commands: list[str] = []
    monkeypatch.setattr(script, "_run", lambda _, *arguments: commands.append(" ".join(arguments)))
    return commands


def test_installs_once_and_again_only_after_a_change(
    script: ModuleType, commands: list[str], tmp_path: Path
) -> None:
    python = tmp_path / "env" / "bin" / "python"

    script.install(python)
    script.install(python)
    once = list(commands)
    (tmp_path / "demo" / "model_modules" / "requirements.txt").write_text("b\n", encoding="utf-8")
    script.install(python)

    assert once == [
        "-m pip install --quiet --editable .[dev]",
        "-m mloccli environment install --quiet",
    ]
    assert commands == once * 2


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_is_shown_at_once(
    script: ModuleType,
    commands: list[str],
    option: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    assert script.main([option]) == 0

    assert "python src/scripts/run_tests.py -k scores -x" in capsys.readouterr().out
    assert commands == []
    assert not (tmp_path / ".venv").exists()


def test_a_failed_installation_is_tried_again(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr(script, "_run", fail)
    python = tmp_path / "env" / "bin" / "python"

    for _ in range(2):
        with pytest.raises(OSError, match="no network"):
            script.install(python)


def test_an_active_environment_is_used(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", "/somewhere/env")
    monkeypatch.setattr(sys, "base_prefix", "/usr")

    assert script.choose_python() == Path(sys.executable)


@pytest.mark.parametrize(("name", "expected"), [("model", True), ("base", False), (None, False)])
def test_conda_counts_as_active_unless_it_is_base(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, name: str | None, expected: bool
) -> None:
    monkeypatch.setattr(sys, "base_prefix", sys.prefix)
    monkeypatch.setenv("CONDA_PREFIX", sys.prefix)
    monkeypatch.delenv("CONDA_DEFAULT_ENV", raising=False)
    if name is not None:
        monkeypatch.setenv("CONDA_DEFAULT_ENV", name)

    assert script.is_environment_active() is expected


def test_without_an_environment_one_is_made_in_the_repository(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made: list[list[str]] = []
    monkeypatch.setattr(script, "is_environment_active", lambda: False)
    monkeypatch.setattr(script.subprocess, "run", lambda command, **_: made.append(command))

    python = script.choose_python()

    assert made == [[sys.executable, "-m", "venv", str(tmp_path / ".venv")]]
    assert python.is_relative_to(tmp_path / ".venv")
