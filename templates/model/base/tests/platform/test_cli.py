"""The command line: names, exit codes, messages, and a help that is quick."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from mloccli.checks.commands import CHECKS
from mloccli.cli import COMMANDS, main, mloccli

from .conftest import FILES, MakeRepository


@pytest.fixture(name="in_repository")
def fixture_in_repository(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> MakeRepository:
    """Makes a repository and goes there."""

    def make(*arguments: dict[str, str | None], **more: dict[str, object]) -> object:
        repository = make_repository(*arguments, **more)
        monkeypatch.chdir(repository.root)
        return repository

    return make


def test_help_imports_no_heavy_package() -> None:
    code = (
        "import sys; from mloccli.cli import main; main(['--help']);"
        "print([name for name in ('pandas', 'numpy', 'sklearn', 'yaml') if name in sys.modules])"
    )

    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout

    assert output.endswith("[]\n")
    for name, command in COMMANDS.items():
        assert name in output
        assert command.summary in output


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    context = click.Context(mloccli)
    for name in COMMANDS:
        group = mloccli.get_command(context, name)
        assert isinstance(group, click.Group)
        for command in group.commands:
            assert main([name, command, "--help"]) == 0
            assert len(capsys.readouterr().out.splitlines()) > 4


def test_each_check_is_a_command() -> None:
    group = mloccli.get_command(click.Context(mloccli), "check")

    assert isinstance(group, click.Group)
    assert set(group.commands) == {*CHECKS, "all"}


def test_the_chain_of_a_good_model_ends_with_zero(
    in_repository: MakeRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    in_repository()

    assert main(["model", "evaluate"]) == 0
    assert main(["model", "package"]) == 0
    assert main(["model", "smoke-test"]) == 0
    assert main(["model", "score", "--output", "outputs/scores.csv"]) == 0

    output = capsys.readouterr().out
    assert "Accepted, on 3 rows." in output
    assert "3 rows scored, columns double" in output
    assert Path("outputs/scores.csv").read_text(encoding="utf-8").startswith(",double\n7,2\n")


def test_a_model_that_is_not_accepted_ends_with_one(
    in_repository: MakeRepository,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_repository({"the_model/evaluation_thresholds.yml": "accuracy: { minimum: 0.9 }\n"})
    monkeypatch.setenv("TF_BUILD", "True")

    assert main(["model", "evaluate"]) == 1

    output = capsys.readouterr().out
    assert "##vso[task.uploadsummary]" in output
    assert "##vso[task.logissue type=error]Metric accuracy: FAILED: outside the range." in output


def test_findings_end_with_one_and_are_written(
    in_repository: MakeRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    in_repository({"README.md": None})

    assert main(["check", "structure", "--junit", "results/structure.xml"]) == 1
    assert "README.md is missing." in capsys.readouterr().out
    assert "README.md is missing." in Path("results/structure.xml").read_text(encoding="utf-8")


def test_an_error_in_the_models_code_shows_its_traceback(
    in_repository: MakeRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "the_model/model_modules/scoring.py"
    in_repository({name: FILES[name].replace('model["factor"]', 'model["nothing"]')})

    assert main(["model", "evaluate"]) == 1

    errors = capsys.readouterr().err
    assert 'model["nothing"]' in errors
    assert "error: score raised KeyError: 'nothing'" in errors


@pytest.mark.parametrize(
    "arguments", [["nothing"], ["check", "nothing"], ["model", "train", "--nothing"]]
)
def test_wrong_use_ends_with_two(
    arguments: list[str], in_repository: MakeRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    in_repository()

    assert main(arguments) == 2
    assert "nothing" in capsys.readouterr().err


def test_a_version_that_is_neither_number_nor_role_is_wrong_use_of_every_command(
    in_repository: MakeRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    in_repository()
    context = click.Context(mloccli)
    tried = []

    for name in COMMANDS:
        group = mloccli.get_command(context, name)
        assert isinstance(group, click.Group)
        for command in group.commands.values():
            if any("--version" in option.opts for option in command.params):
                tried.append(f"{name} {command.name}")
                assert main([name, str(command.name), "--version", "abc"]) == 2, tried[-1]
                assert "'abc' is not" in capsys.readouterr().err

    assert {"registry promote", "registry retire", "monitor run", "evidence card"} < set(tried)


def test_outside_a_repository_ends_with_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main(["check", "all"]) == 2
    assert "Run this command inside a model repository." in capsys.readouterr().err


def test_an_old_terminal_gets_every_message(in_repository: MakeRepository) -> None:
    in_repository()

    finished = subprocess.run(
        [sys.executable, "-m", "mloccli", "model", "evaluate"],
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=False,
    )

    assert finished.returncode == 0
    assert b"accuracy  0.6667  \\u2265 0.5" in finished.stdout


def test_outputs_are_at_the_root_wherever_the_command_runs(
    in_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_repository()
    root = Path.cwd()
    monkeypatch.chdir(root / "the_model" / "model_modules")

    assert main(["model", "evaluate"]) == 0
    assert (root / "outputs" / "candidate" / "evaluation.json").is_file()


def test_a_refusing_system_ends_with_three(
    in_repository: MakeRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    in_repository()
    Path("outputs").write_text("a file in the way", encoding="utf-8")

    assert main(["model", "evaluate"]) == 3
    assert "The system refused" in capsys.readouterr().err


def test_a_bug_has_an_exit_code_of_its_own(
    in_repository: MakeRepository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    in_repository()
    monkeypatch.setattr("mloccli.model.tasks.judge", lambda *_: 1 / 0)

    assert main(["model", "evaluate"]) == 70
    assert "error: This is a bug in mloccli." in capsys.readouterr().err


def test_a_failing_installer_ends_with_three(
    in_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_repository({"the_model/model_modules/requirements.txt": "no-such-package-as-this\n"})
    monkeypatch.setenv("PIP_NO_INDEX", "1")

    assert main(["environment", "install"]) == 3


def test_a_dry_run_shows_the_command_and_runs_nothing(
    in_repository: MakeRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    in_repository({"the_model/model_modules/requirements.txt": "no-such-package-as-this\n"})

    assert main(["environment", "install", "--dry-run"]) == 0
    assert "-m pip install -- no-such-package-as-this" in capsys.readouterr().out
