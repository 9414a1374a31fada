"""pylint over the repository, with its messages as findings.

Which messages fail the check is pylint's own decision, set by ``fail-under`` and ``fail-on`` in
pyproject.toml; the others are shown as warnings.
"""

from __future__ import annotations

import json
import subprocess  # argument lists only, never a shell
import sys
from pathlib import Path
from typing import Any

from ..config import Repository
from ..errors import RemoteError
from .result import CheckCase, CheckResult, Finding

_USAGE_ERROR = 32
_OPTION = "--disable=duplicate-code"


def check_lint(repository: Repository) -> CheckResult:
    """One case for the whole code, and one for each message; the note is pylint's score.

    Equal code is left to the duplicates check.
    """
    targets = ["src", repository.model_folder.name, "tests"]
    command = [sys.executable, "-m", "pylint", "--output-format=json2", _OPTION, "--", *targets]
    completed = subprocess.run(
        command,
        cwd=repository.root,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    report = _parse(completed)
    score = f"{float(report['statistics']['score']):.2f}/10"
    found = [_finding(message, completed.returncode != 0) for message in report["messages"]]
    found.sort(key=lambda one: (one.path, one.line or 0))
    cases = (CheckCase(f"{one.location} {one.message}", (one,)) for one in found)
    return CheckResult("lint", (CheckCase(f"pylint rates the code {score}"), *cases), score)


def _parse(completed: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    try:
        report = json.loads(completed.stdout)
    except ValueError:
        report = None
    if not isinstance(report, dict) or completed.returncode & _USAGE_ERROR:
        raise RemoteError(
            f"pylint did not run (exit code {completed.returncode}): {completed.stderr.strip()}",
            'Install the development tools: pip install -e ".[dev]"',
        )
    return report


def _finding(message: dict[str, Any], failing: bool) -> Finding:
    return Finding(
        f"{message['messageId']} {message['symbol']}: {message['message']}",
        "",
        Path(message["path"]).as_posix(),
        message["line"],
        "error" if failing else "warning",
    )
