"""Reports: tables, JUnit XML and logging commands stay well-formed whatever they show."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from mloccli.checks.junit import write_junit
from mloccli.checks.report import format_results, log_findings
from mloccli.checks.result import CheckCase, CheckResult, Finding
from mloccli.utils.pipeline_log import logging_command, show_error, upload_summary
from mloccli.utils.table import format_markdown_table, format_table

NASTY = "\x1b[31m</failure> & ]]> \x00\ud800 ##vso[task.complete result=Succeeded;]\r\nnext"
RESULTS = [
    CheckResult(
        "structure",
        (
            CheckCase("a rule that holds"),
            CheckCase("a warning", (Finding("be careful", severity="warning"),)),
            CheckCase(f"a rule {NASTY}", (Finding(NASTY, "put it right", f"src/{NASTY}.py", 7),)),
        ),
    )
]


def test_junit_is_well_formed_and_complete(tmp_path: Path) -> None:
    path = tmp_path / "results" / "checks.xml"

    write_junit(RESULTS, path)

    root = ET.parse(path).getroot()
    suite = root.find("testsuite")
    assert suite is not None
    assert suite.attrib == {
        "name": "check structure",
        "tests": "3",
        "failures": "1",
        "errors": "0",
    }
    assert [len(case) for case in suite] == [0, 1, 1]
    failure = suite[2].find("failure")
    assert failure is not None and failure.text is not None
    assert "\\x1b[31m</failure> & ]]> \\x00\\ud800" in failure.text
    assert "put it right" in failure.text


def test_the_table_shows_every_finding_with_its_place() -> None:
    text = format_results(RESULTS)

    assert "FAILED" in text
    assert "warning: be careful" in text
    assert ":7:" in text
    assert "\x1b" not in text
    assert "##vso[" not in text


def test_findings_are_logged_only_in_a_pipeline(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TF_BUILD", raising=False)
    log_findings(RESULTS)
    outside = capsys.readouterr().out
    monkeypatch.setenv("TF_BUILD", "True")
    log_findings(RESULTS)
    inside = capsys.readouterr().out

    assert outside == ""
    assert inside.startswith("##vso[task.logissue type=warning]be careful\n")
    assert len(inside.splitlines()) == 2
    assert "linenumber=7" in inside


def test_a_logging_command_cannot_be_broken_out_of() -> None:
    command = logging_command("task.logissue", {"sourcepath": "a];b%\n"}, "50%\r\n##vso[x]")

    assert command == "##vso[task.logissue sourcepath=a%5D%3Bb%AZP25%0A]50%AZP25%0D%0A##vso[x]"


def test_the_summary_is_uploaded_only_in_a_pipeline(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.delenv("TF_BUILD", raising=False)
    upload_summary(tmp_path / "evaluation.md")
    monkeypatch.setenv("TF_BUILD", "True")
    upload_summary(tmp_path / "evaluation.md")

    assert capsys.readouterr().out == f"##vso[task.uploadsummary]{tmp_path / 'evaluation.md'}\n"


def test_an_error_is_written_for_people_and_for_the_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TF_BUILD", "True")

    show_error("It broke.", "Mend it.")

    output = capsys.readouterr()
    assert output.err == "error: It broke.\nhint: Mend it.\n"
    assert output.out == "##vso[task.logissue type=error]It broke. Mend it.\n"


def test_a_table_is_as_wide_as_its_cells() -> None:
    assert format_table(["a", "long"], [["wider", "b"]]) == "a      long\n-----  ----\nwider  b"


def test_no_cell_breaks_out_of_a_markdown_table() -> None:
    table = format_markdown_table(["a"], [["x | y\n<script>`"]])

    assert table.splitlines()[2] == "| x \\| y &lt;script>\\` |"
