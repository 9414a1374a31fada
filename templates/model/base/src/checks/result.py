"""What a check found: plain values, from which every report is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One broken rule: where, what, and what to do about it."""

    message: str
    hint: str = ""
    path: str = ""
    line: int | None = None
    severity: Literal["error", "warning"] = "error"

    @property
    def location(self) -> str:
        """``path:line``, as far as known."""
        return f"{self.path}:{self.line}" if self.path and self.line else self.path


@dataclass(frozen=True)
class CheckCase:
    """One rule that was looked at, with its findings; none means that the rule holds."""

    name: str
    findings: tuple[Finding, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing worse than a warning was found."""
        return all(finding.severity == "warning" for finding in self.findings)


@dataclass(frozen=True)
class CheckResult:
    """One check with all the rules it looked at; ``note`` says more in a few words.

    ``cannot_run`` is why there is no answer: a tool or a service failed. That is no finding.
    """

    name: str
    cases: tuple[CheckCase, ...]
    note: str = ""
    cannot_run: Finding | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of all cases, in order."""
        return tuple(finding for one in self.cases for finding in one.findings)

    @property
    def passed(self) -> bool:
        """Whether the check ran and every rule holds."""
        return self.cannot_run is None and all(one.passed for one in self.cases)


def case(name: str, findings: Sequence[Finding | None]) -> CheckCase:
    """A case from possible findings, with the absent ones left out."""
    return CheckCase(name, tuple(finding for finding in findings if finding is not None))
