"""Showing check results to a person and, inside a pipeline, to the run's summary."""

from __future__ import annotations

from collections.abc import Sequence

from ..utils.pipeline_log import log_issue, printable
from ..utils.table import format_table
from .result import CheckResult, Finding


def format_results(results: Sequence[CheckResult]) -> str:
    """A table of the checks, then every finding with its place and what to do."""
    rows = [
        [
            _verdict(result),
            result.name,
            str(len(result.cases)),
            str(len(result.findings)),
            result.note,
        ]
        for result in results
    ]
    lines = [format_table(["result", "check", "rules", "findings", "note"], rows)]
    for result in results:
        for finding in _shown(result):
            place = f" {printable(finding.location)}:" if finding.location else ""
            lines.append(f"\n{finding.severity}:{place} {printable(finding.message)}")
            if finding.hint:
                lines.append("  " + printable(finding.hint).replace("\n", "\n  "))
    return "\n".join(lines)


def log_findings(results: Sequence[CheckResult]) -> None:
    """One logging command for each finding; nothing outside a pipeline."""
    for result in results:
        for finding in _shown(result):
            text = f"{finding.message} {finding.hint}".strip()
            log_issue(finding.severity, text, finding.path, finding.line)


def _verdict(result: CheckResult) -> str:
    if result.cannot_run is not None:
        return "NOT RUN"
    return "passed" if result.passed else "FAILED"


def _shown(result: CheckResult) -> tuple[Finding, ...]:
    """The findings, after the reason why the check could not run."""
    return result.findings if result.cannot_run is None else (result.cannot_run, *result.findings)
