"""The errors a user can act on, each with the exit code that pipelines branch on."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum


class ExitCode(IntEnum):
    """What a command's exit code means; a contract with the pipelines."""

    OK = 0
    FINDING = 1
    USAGE = 2
    REMOTE = 3
    BUG = 70
    INTERRUPTED = 130


class MlocError(Exception):
    """A failure that its message explains and its hint helps out of; shown without a traceback."""

    exit_code = ExitCode.FINDING

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class FindingError(MlocError):
    """The repository, the model or its package breaks a rule."""


class ModelCodeError(FindingError):
    """The model's own code raised; ``details`` is its traceback."""

    def __init__(self, message: str, details: str) -> None:
        super().__init__(message, "The traceback above shows where in the model's code.")
        self.details = details


class UsageError(MlocError):
    """The command was called in a way or a place that cannot work."""

    exit_code = ExitCode.USAGE


class OptionsError(UsageError):
    """Several options are missing or wrong, all reported at once."""

    def __init__(self, message: str, problems: Sequence[str]) -> None:
        super().__init__(f"{message}{_listed(problems)}")
        self.problems = tuple(problems)


class RemoteError(MlocError):
    """A service or a program outside this repository refused or failed."""

    exit_code = ExitCode.REMOTE


class DataError(FindingError):
    """The data does not fit the model, and whoever sent it can put it right."""


class ProblemsError(FindingError):
    """Several problems of one file, all reported at once."""

    def __init__(self, message: str, problems: Sequence[str], hint: str = "") -> None:
        super().__init__(f"{message}{_listed(problems)}", hint)
        self.problems = tuple(problems)


def _listed(problems: Sequence[str]) -> str:
    return "".join(f"\n  - {problem}" for problem in problems)
