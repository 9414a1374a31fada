"""pylint over the repository, with its messages as findings.

Which messages fail the check is pylint's own decision, set by ``fail-under`` and ``fail-on`` in
pyproject.toml; the others are shown as warnings.
"""

from __future__ import annotations

import json
import subprocess  # argument lists only, never a shell
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from ..config import Repository
from ..errors import RemoteError
from .result import CheckCase, CheckResult, Finding

_USAGE_ERROR = 32


def check_lint(repository: Repository) -> CheckResult:
    """One case for each file with a message, or a single passed one."""
    targets = ["src", repository.model_folder.name, "tests"]
    command = [sys.executable, "-m", "pylint", "--output-format=json2", *targets]
    completed = subprocess.run(
        command, cwd=repository.root, capture_output=True, encoding="utf-8", check=False
    )
    report = _parse(completed)
    findings: dict[str, list[Finding]] = defaultdict(list)
    for message in report["messages"]:
        finding = _finding(message, completed.returncode != 0)
        findings[finding.path].append(finding)
    score = float(report["statistics"]["score"])
    name = f"pylint rates the code {score:.2f}/10"
    files = tuple(CheckCase(path, tuple(found)) for path, found in sorted(findings.items()))
    return CheckResult("lint", (CheckCase(name), *files))


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
