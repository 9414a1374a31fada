"""Showing check results to a person and, inside a pipeline, to the run's summary."""

from __future__ import annotations

from collections.abc import Sequence

from ..utils.pipeline_log import log_issue, printable
from ..utils.table import format_table
from .result import CheckResult


def format_results(results: Sequence[CheckResult]) -> str:
    """A table of the checks, then every finding with its place and what to do."""
    rows = [
        [
            "passed" if result.passed else "FAILED",
            result.name,
            str(len(result.cases)),
            str(sum(len(case.findings) for case in result.cases)),
        ]
        for result in results
    ]
    lines = [format_table(["result", "check", "rules", "findings"], rows)]
    for result in results:
        for case in result.cases:
            for finding in case.findings:
                place = f" {printable(finding.location)}:" if finding.location else ""
                lines.append(f"\n{finding.severity}:{place} {printable(finding.message)}")
                if finding.hint:
                    lines.append(f"  {printable(finding.hint)}")
    return "\n".join(lines)


def log_findings(results: Sequence[CheckResult]) -> None:
    """One logging command for each finding; nothing outside a pipeline."""
    for result in results:
        for case in result.cases:
            for finding in case.findings:
                text = f"{finding.message} {finding.hint}".strip()
                log_issue(finding.severity, text, finding.path, finding.line)
