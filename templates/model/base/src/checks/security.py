"""bandit over the code: what an attacker could use.

Its risks of medium and high severity are findings; those it is hardly sure of are warnings. Hard-
coded passwords are left to the secrets check, which never shows them.
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

_LEFT_TO_THE_SECRETS_CHECK = "B105,B106,B107"


def check_security(repository: Repository) -> CheckResult:
    """One case for each file with a risk, and one for all others."""
    targets = ["src", repository.model_folder.name]
    command = [sys.executable, "-m", "bandit", "--recursive", "--format=json", "--quiet"]
    command += ["--severity-level=medium", "--exit-zero", f"--skip={_LEFT_TO_THE_SECRETS_CHECK}"]
    completed = subprocess.run(
        [*command, "--", *targets],
        cwd=repository.root,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    report = _parse(completed)
    findings: dict[str, list[Finding]] = {}
    for found in [*map(_finding, report["results"]), *map(_unread, report["errors"])]:
        findings.setdefault(found.path, []).append(found)
    files = [name for name in report["metrics"] if name != "_totals"]
    looked_at = CheckCase(f"{len(files)} files were searched for risks")
    found_in = tuple(CheckCase(path, tuple(found)) for path, found in sorted(findings.items()))
    return CheckResult("security", (looked_at, *found_in), f"{len(files)} files")


def _parse(completed: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    try:
        report = json.loads(completed.stdout)
    except ValueError:
        report = None
    if completed.returncode != 0 or not isinstance(report, dict):
        raise RemoteError(
            f"bandit did not run (exit code {completed.returncode}): {completed.stderr.strip()}",
            'Install the development tools: pip install -e ".[dev]"',
        )
    return report


def _finding(result: dict[str, Any]) -> Finding:
    confidence = str(result["issue_confidence"]).lower()
    return Finding(
        f"{result['test_id']} {result['test_name']}: {result['issue_text']} "
        f"(severity {str(result['issue_severity']).lower()}, confidence {confidence})",
        f"{result['more_info']} explains it. Where it is no risk, end the line with "
        f"`# nosec {result['test_id']}` and the reason.",
        Path(result["filename"]).as_posix(),
        result["line_number"],
        "warning" if confidence == "low" else "error",
    )


def _unread(error: dict[str, Any]) -> Finding:
    path = Path(error["filename"]).as_posix()
    return Finding(f"bandit could not read {path}: {error['reason']}.", "", path, None, "warning")
