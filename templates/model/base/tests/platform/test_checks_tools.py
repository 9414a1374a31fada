"""Checks that run a tool, and what becomes of a check that cannot run."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from mloccli.checks import lint, security
from mloccli.cli import main
from mloccli.config import Repository

from .checking import findings, run_check
from .conftest import MakeRepository

LINTED = {
    "pyproject.toml": '[tool.pylint.main]\nfail-under = 9.0\nfail-on = ["E", "F"]\n'
    '[tool.pylint."messages control"]\ndisable = ["all"]\n'
    'enable = ["unused-import", "undefined-variable", "syntax-error"]\n',
    "src/__init__.py": "",
}
RISKY = "import subprocess\n\nsubprocess.call('ls ' + input(), shell=True)\n"


def test_every_message_of_pylint_is_a_case_with_its_place(make_repository: MakeRepository) -> None:
    repository = make_repository({**LINTED, "the_model/größe.py": "import os\n\nprint(name)\n"})

    result = run_check(repository, "lint")

    assert [case.passed for case in result.cases] == [True, False, False]
    assert [finding.location for finding in result.findings] == [
        "the_model/größe.py:1",
        "the_model/größe.py:3",
    ]
    assert "W0611 unused-import: Unused import os" in result.findings[0].message
    assert result.note.endswith("/10")
    assert result.cases[0].name == f"pylint rates the code {result.note}"


def test_a_message_that_leaves_the_score_high_enough_is_a_warning(
    make_repository: MakeRepository,
) -> None:
    lines = "\n".join(f"a{number} = {number}" for number in range(60))
    repository = make_repository({**LINTED, "the_model/more.py": f"import os\n{lines}\n"})

    result = run_check(repository, "lint")

    assert result.passed
    assert [finding.severity for finding in result.findings] == ["warning"]


@pytest.mark.parametrize("content", [b"\0\xff" * 100, "größe = 1\n".encode("latin-1"), b"(" * 999])
def test_files_that_are_no_python_are_findings_of_pylint(
    make_repository: MakeRepository, content: bytes
) -> None:
    repository = make_repository(LINTED)
    (repository.model_folder / "broken.py").write_bytes(content)

    assert "the_model/broken.py" in {finding.path for finding in findings(repository, "lint")}


def test_the_team_is_rated_for_its_own_code(make_repository: MakeRepository) -> None:
    clean = "".join(f"a{number} = {number}\n" for number in range(200))
    unused = "".join(f"import a{number}\n" for number in range(9))
    repository = make_repository({**LINTED, "src/more.py": clean, "the_model/a.py": unused})

    result = run_check(repository, "lint")

    assert not result.passed
    assert float(result.note.removesuffix("/10")) < 9


def test_code_of_the_platform_that_passed_elsewhere_is_not_read(
    make_repository: MakeRepository,
) -> None:
    repository = make_repository({**LINTED, "src/a.py": "import os\n", "the_model/b.py": "c\n"})

    found = findings(repository, "lint", {"PLATFORM_PASSED": "true"})

    assert [finding.path for finding in found] == ["the_model/b.py"]


def test_code_of_the_platform_that_stays_is_not_read_again(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = make_repository({**LINTED, "src/more.py": "A = 1\n", "tests/platform/a.py": ""})
    read: list[list[str]] = []
    run = lint.subprocess.run

    def watch(command: list[str], **options: Any) -> Any:
        read.append(command[command.index("--") + 1 :])
        return run(command, **options)  # pylint: disable=subprocess-run-check

    monkeypatch.setattr(lint.subprocess, "run", watch)
    for _ in range(2):
        assert run_check(repository, "lint").passed

    platform = ["src", "tests/platform"]
    assert read.count(platform) == 1
    for changed in ("src/more.py", "tests/platform/a.py", "pyproject.toml", ".pylintrc"):
        path = repository.root / changed
        before = path.read_text("utf-8") if path.exists() else "[main]\n"
        path.write_text(f"{before}\n", encoding="utf-8")
        run_check(repository, "lint")
    assert read.count(platform) == 5


@pytest.mark.parametrize("kept", ["", "[]", "{}", '{"digest": 1, "score": "a"}', "\0"])
def test_a_memory_that_nobody_can_read_is_none(make_repository: MakeRepository, kept: str) -> None:
    repository = make_repository({**LINTED, "src/more.py": "import os\n"})
    (repository.root / ".lint_cache").mkdir()
    (repository.root / ".lint_cache" / "platform.json").write_text(kept, encoding="utf-8")

    assert [finding.path for finding in findings(repository, "lint")] == ["src/more.py"]


def test_a_risk_that_bandit_sees_is_found(make_repository: MakeRepository) -> None:
    repository = make_repository({"src/__init__.py": "", "the_model/größe.py": RISKY})

    (found,) = findings(repository, "security")

    assert (found.location, found.severity) == ("the_model/größe.py:3", "error")
    assert found.message.startswith("B602 subprocess_popen_with_shell_equals_true: ")
    assert found.message.endswith("(severity high, confidence high)")
    assert "# nosec B602" in found.hint


@pytest.mark.parametrize(
    ("code", "severities"),
    [
        (RISKY.replace("=True)", "=True)  # nosec B602 the input is ours"), []),
        ("import random\n\nrandom.random()\n", []),
        ("password = 'a' + 'b'\npassword = 'hidden-in-1-report'\n", []),
        ("query = 'SELECT * FROM a WHERE b = ' + input()\n", ["warning"]),
    ],
)
def test_severity_and_confidence_decide(
    make_repository: MakeRepository, code: str, severities: list[str]
) -> None:
    repository = make_repository({"src/__init__.py": "", "the_model/more.py": code})

    assert [finding.severity for finding in findings(repository, "security")] == severities


def test_what_bandit_cannot_read_is_a_warning(make_repository: MakeRepository) -> None:
    repository = make_repository({"src/__init__.py": "", "the_model/more.py": "def (\n"})

    (found,) = findings(repository, "security")

    assert (found.severity, found.path) == ("warning", "the_model/more.py")
    assert found.message.startswith("bandit could not read the_model/more.py: syntax error")


@pytest.fixture(name="without_tools")
def fixture_without_tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python that has neither pylint nor bandit."""
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "$0: No module named $2" >&2\nexit 1\n', encoding="utf-8")
    python.chmod(0o755)
    monkeypatch.setattr(lint.sys, "executable", str(python))
    assert security.sys.executable == str(python)


@pytest.mark.usefixtures("without_tools")
@pytest.mark.parametrize(("check", "tool"), [("lint", "pylint"), ("security", "bandit")])
def test_a_missing_tool_is_no_finding(
    make_repository: MakeRepository,
    check: str,
    tool: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    repository = make_repository()
    monkeypatch.chdir(repository.root)
    monkeypatch.setenv("TF_BUILD", "True")

    assert main(["check", check, "--junit", "checks.xml"]) == 3

    output = capsys.readouterr().out
    assert f"NOT RUN  {check}" in output
    assert f"##vso[task.logissue type=error]{tool} did not run (exit code 1)" in output
    assert 'pip install -e ".[dev]"' in output
    root = ET.parse(repository.root / "checks.xml").getroot()
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("1", "0", "1")
    assert root.find("testsuite/testcase/error") is not None


def good_readme() -> str:
    titles = ("Start", "Work on the model", "Pipelines", "Who to ask")
    return "# sums\n\n" + "\n\n".join(f"## {title}\n\n{'word ' * 20}" for title in titles)


def in_folder(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TF_BUILD", raising=False)
    monkeypatch.delenv("ENVIRONMENT", raising=False)
    monkeypatch.chdir(repository.root)


def test_all_checks_pass_in_a_good_repository_without_any_variable(
    make_repository: MakeRepository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    in_folder(make_repository({**LINTED, "README.md": good_readme()}), monkeypatch)

    assert main(["check", "all", "--junit", "checks.xml"]) == 0
    assert "service-principal" not in capsys.readouterr().out

    monkeypatch.setenv("TF_BUILD", "True")
    assert main(["check", "all"]) == 0
    output = capsys.readouterr().out
    assert "##vso[task.logissue type=warning]No service principal is known for tst, qa" in output


@pytest.mark.usefixtures("without_tools")
def test_a_finding_counts_more_than_a_tool_that_is_missing(
    make_repository: MakeRepository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    in_folder(make_repository({"README.md": good_readme()}), monkeypatch)
    assert main(["check", "all"]) == 3

    in_folder(make_repository({"README.md": None}), monkeypatch)
    Path("README.md").unlink()
    assert main(["check", "all"]) == 1
    output = capsys.readouterr().out
    assert "README.md is missing" in output
    assert "bandit did not run" in output
