"""Running one check in a test."""

from __future__ import annotations

from collections.abc import Mapping

from mloccli.checks.result import CheckResult, Finding
from mloccli.checks.runner import CheckInputs, run_checks
from mloccli.config import Repository


def run_check(
    repository: Repository, check: str, environ: Mapping[str, str] | None = None
) -> CheckResult:
    """The result of a check that runs in a process with these variables only; it can run."""
    (result,) = run_checks(CheckInputs(repository, environ or {}), [check])
    assert result.cannot_run is None, result.cannot_run
    return result


def findings(
    repository: Repository, check: str, environ: Mapping[str, str] | None = None
) -> list[Finding]:
    """What a check finds."""
    return list(run_check(repository, check, environ).findings)


def messages(
    repository: Repository, check: str, environ: Mapping[str, str] | None = None
) -> str:
    """What a check says, one finding in a line."""
    return "\n".join(finding.message for finding in findings(repository, check, environ))
