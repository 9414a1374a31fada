"""pylint over the repository, with its messages as findings.

Which messages fail the check is pylint's own decision, set by ``fail-under`` and ``fail-on`` in
pyproject.toml; the others are shown as warnings. The team's code is rated for itself, so that
the platform's, which is ten times as much, does not outweigh it. Equal code is left to the
duplicates check.
"""

from __future__ import annotations

import json
import subprocess  # argument lists only, never a shell
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ..config import Repository
from ..errors import RemoteError
from .lint_memory import recall, remember
from .result import CheckCase, CheckResult, Finding

_USAGE_ERROR = 32
_OPTION = "--disable=duplicate-code"
_BEST_SCORE = 10.0
_PLATFORM = ("src", "tests/platform")


def check_lint(repository: Repository, *, platform_passed: bool = False) -> CheckResult:
    """One case for the code as a whole, and one for each message; the note is the lower score.

    Code of the platform that passed before is not read again.
    """
    with ThreadPoolExecutor(max_workers=1) as pool:
        platform = pool.submit(_rate_platform, repository.root, platform_passed)
        team_score, found = _rate(repository.root, _team_targets(repository))
        platform_score, platform_found = platform.result()
    score = f"{min(team_score, platform_score):.2f}/10"
    found = sorted([*platform_found, *found], key=lambda one: (one.path, one.line or 0))
    cases = (CheckCase(f"{one.location} {one.message}", (one,)) for one in found)
    return CheckResult("lint", (CheckCase(f"pylint rates the code {score}"), *cases), score)


def _team_targets(repository: Repository) -> list[str]:
    """The model, and the tests that are not the platform's, as far as they are code."""
    tests = sorted((repository.root / "tests").glob("*"))
    code = [path for path in tests if path.suffix == ".py" or any(path.glob("*.py"))]
    names = [path.relative_to(repository.root).as_posix() for path in code]
    return [repository.model_folder.name, *(name for name in names if name not in _PLATFORM)]


def _rate_platform(root: Path, is_passed: bool) -> tuple[float, list[Finding]]:
    """The rating of what the platform owns, which stays as long as none of that changes."""
    targets = [target for target in _PLATFORM if (root / target).is_dir()]
    known = _BEST_SCORE if is_passed else recall(root, targets)
    if known is not None:
        return known, []
    score, found = _rate(root, targets)
    if not found:
        remember(root, targets, score)
    return score, found


def _rate(root: Path, targets: Sequence[str]) -> tuple[float, list[Finding]]:
    command = [sys.executable, "-m", "pylint", "--output-format=json2", _OPTION, "--", *targets]
    completed = subprocess.run(
        command,
        cwd=root,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    report = _parse(completed)
    failing = completed.returncode != 0
    return float(report["statistics"]["score"]), [
        _finding(message, failing) for message in report["messages"]
    ]


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
