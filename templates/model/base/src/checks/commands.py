"""``mloccli check …``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click

from ..config import Repository, find_repository, read_model_variables
from ..errors import ExitCode, FindingError
from .result import CheckResult

CHECKS = ("structure", "functions", "config", "requirements", "lint")

_Command = TypeVar("_Command", bound=Callable[..., object])


@click.group()
def check() -> None:
    """Check the repository without running the model's code.

    Findings are shown as a table, written as JUnit XML with --junit, and inside a pipeline
    appear in the summary of the run. Exit code 1 means that a rule is broken.
    """


def _junit_option(command: _Command) -> _Command:
    return click.option(
        "--junit",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Also write the results as JUnit XML to this file.",
    )(command)


@check.command("structure")
@_junit_option
def structure(junit: Path | None) -> int:
    """Files and folders are where the pipelines expect them."""
    return _run(["structure"], junit)


@check.command("functions")
@_junit_option
def functions(junit: Path | None) -> int:
    """train, score and evaluate exist and can be called."""
    return _run(["functions"], junit)


@check.command("config")
@_junit_option
def config(junit: Path | None) -> int:
    """model_variables.yml, parameters and thresholds are valid."""
    return _run(["config"], junit)


@check.command("requirements")
@_junit_option
def requirements(junit: Path | None) -> int:
    """Every imported package is in the environment file."""
    return _run(["requirements"], junit)


@check.command("lint")
@_junit_option
def lint(junit: Path | None) -> int:
    """pylint accepts the code."""
    return _run(["lint"], junit)


@check.command("all")
@_junit_option
def all_checks(junit: Path | None) -> int:
    """All of the above."""
    return _run(CHECKS, junit)


def _run(names: Sequence[str], junit: Path | None) -> int:
    from .junit import write_junit
    from .report import format_results, log_findings

    results = run_checks(find_repository(), names)
    click.echo(format_results(results))
    log_findings(results)
    if junit is not None:
        write_junit(results, junit)
    return ExitCode.OK if all(result.passed for result in results) else ExitCode.FINDING


def run_checks(repository: Repository, names: Sequence[str]) -> list[CheckResult]:
    """The results of the named checks, in that order.

    While model_variables.yml is broken, the checks that depend on it give way to the config
    check, which says what is wrong there.
    """
    from .configuration import check_configuration
    from .functions import check_functions
    from .lint import check_lint
    from .requirements import check_requirements
    from .structure import check_structure

    standalone = {"config": check_configuration, "lint": check_lint}
    by_variables = {
        "structure": check_structure,
        "functions": check_functions,
        "requirements": check_requirements,
    }
    try:
        variables = read_model_variables(repository)
    except FindingError:
        runnable = dict.fromkeys(["config", *(name for name in names if name in standalone)])
        return [standalone[name](repository) for name in runnable]
    return [
        standalone[name](repository)
        if name in standalone
        else by_variables[name](repository, variables)
        for name in names
    ]
