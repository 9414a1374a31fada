"""``mloccli check …``."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click

from ..config import find_repository
from ..errors import ExitCode
from ..utils.pipeline_log import in_pipeline
from .result import CheckResult
from .runner import CHECKS, CheckInputs, run_checks

_SUMMARIES = {
    "structure": "Files and folders are where the pipelines expect them.",
    "functions": "train, score, evaluate and the load functions exist and can be called.",
    "config": "The variables, parameters, thresholds and monitoring rules are valid.",
    "requirements": "Every imported package is in the environment file.",
    "pipelines": "The pipelines can be read, and their templates and commands exist.",
    "notebooks": "Databricks recognises every notebook, and its code is valid.",
    "readme": "README.md says what a reader needs, and its links lead somewhere.",
    "secrets": "No file holds a key, a token or a password.",
    "security": "bandit finds no risk in the code.",
    "lint": "pylint accepts the code.",
}
_Command = TypeVar("_Command", bound=Callable[..., object])


@click.group()
def check() -> None:
    """Check the repository without running the model's code.

    Findings are shown as a table, written as JUnit XML with --junit, and inside a pipeline
    appear in the summary of the run. Exit code 1 means that a rule is broken, 3 that a tool or
    a service failed, so that nobody knows.
    """


def _junit_option(command: _Command) -> _Command:
    return click.option(
        "--junit",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Also write the results as JUnit XML to this file.",
    )(command)


def _plain_command(name: str, summary: str) -> click.Command:
    @click.command(name, help=summary)
    @_junit_option
    def command(junit: Path | None) -> int:
        return _run([name], junit)

    return command


for _name, _summary in _SUMMARIES.items():
    check.add_command(_plain_command(_name, _summary))


@check.command()
@click.option(
    "--across",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Compare the repositories in this folder with each other instead.",
)
@click.option(
    "--minimum-lines",
    type=click.IntRange(min=3),
    default=12,
    show_default=True,
    help="How many equal lines of code in a row count as a duplicate.",
)
@_junit_option
def duplicates(across: Path | None, minimum_lines: int, junit: Path | None) -> int:
    """No code is there twice, in this repository or across a folder of repositories."""
    from .duplicates import check_duplicates, check_duplicates_across

    if across is None:
        return _finish([check_duplicates(find_repository(), minimum_lines)], junit)
    return _finish([check_duplicates_across(across, minimum_lines)], junit)


@check.command()
@click.option(
    "--constraints",
    metavar="WHERE",
    help="The runtimes' library versions: a constraints.txt, a folder or an address that holds "
    "python/dbr/<runtime>/constraints.txt. By default DATABRICKS_CONSTRAINTS_URL.",
)
@_junit_option
def runtime(constraints: str | None, junit: Path | None) -> int:
    """The environment file suits the Databricks runtime of CLUSTER_SPARK_VERSION."""
    more = {} if constraints is None else {"DATABRICKS_CONSTRAINTS_URL": constraints}
    return _run(["runtime"], junit, more)


@check.command("service-principal")
@click.option("--environment", metavar="NAME", help="Require that of this environment.")
@_junit_option
def service_principal(environment: str | None, junit: Path | None) -> int:
    """Each environment has the service principal that deploys to it.

    A missing one is a warning with instructions, and an error with --environment or in a job of
    a pipeline that sets ENVIRONMENT.
    """
    more = {} if environment is None else {"ENVIRONMENT": environment}
    return _run(["service-principal"], junit, more)


@check.command("all")
@_junit_option
def all_checks(junit: Path | None) -> int:
    """All of the above, at the same time.

    The service principals are looked up in a pipeline only, as no other machine knows them.
    """
    names = [name for name in CHECKS if in_pipeline() or name != "service-principal"]
    return _run(names, junit)


def _run(names: Sequence[str], junit: Path | None, more: dict[str, str] | None = None) -> int:
    inputs = CheckInputs(find_repository(), {**os.environ, **(more or {})})
    return _finish(run_checks(inputs, names), junit)


def _finish(results: Sequence[CheckResult], junit: Path | None) -> int:
    from .junit import write_junit
    from .report import format_results, log_findings

    click.echo(format_results(results))
    log_findings(results)
    if junit is not None:
        write_junit(results, junit)
    if any(not one.passed for result in results for one in result.cases):
        return ExitCode.FINDING
    return ExitCode.REMOTE if any(result.cannot_run for result in results) else ExitCode.OK
