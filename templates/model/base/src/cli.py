"""``mloccli``: one command for each task of the pipelines.

Groups are imported when they are used, so that ``mloccli --help`` never waits for pandas.
"""

from __future__ import annotations

import importlib
import io
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

import click

from .errors import ExitCode, MlocError, ModelCodeError
from .utils import pipeline_log


@dataclass(frozen=True)
class LazyCommand:
    """Where a command is defined, and the line that help shows without importing it."""

    module: str
    attribute: str
    summary: str


_ALL_COMMANDS: Mapping[str, LazyCommand] = {
    "artifactory": LazyCommand(
        ".artifactory.commands", "artifactory", "Upload the packaged model to Artifactory."
    ),
    "azureml": LazyCommand(
        ".rest_model.commands", "azureml", "Deploy the model as a REST service, or roll it back."
    ),
    "check": LazyCommand(
        ".checks.commands", "check", "Check the repository: structure, functions, config and more."
    ),
    "cluster": LazyCommand(
        ".batch_model.commands", "cluster", "Find, create and start the Databricks cluster."
    ),
    "data": LazyCommand(
        ".data.commands", "data", "Cleanse the data and write the Data Factory definitions."
    ),
    "environment": LazyCommand(
        ".environment.commands", "environment", "Install what the model's environment file lists."
    ),
    "evidence": LazyCommand(
        ".evidence.commands", "evidence", "Write the model card and publish it."
    ),
    "job": LazyCommand(".batch_model.commands", "job", "Create, update and run the job."),
    "libraries": LazyCommand(
        ".batch_model.commands", "libraries", "Install libraries on the Databricks cluster."
    ),
    "model": LazyCommand(
        ".model.commands", "model", "Train, evaluate, package, score and smoke-test the model."
    ),
    "monitor": LazyCommand(
        ".monitoring.commands", "monitor", "Measure drift and trigger the training."
    ),
    "notebooks": LazyCommand(
        ".batch_model.commands", "notebooks", "Import the notebooks into Databricks."
    ),
    "registry": LazyCommand(
        ".registry.commands", "registry", "Register, promote and roll back versions of the model."
    ),
}


def _is_there(command: LazyCommand) -> bool:
    """A repository holds batch_model or rest_model only; looked up without importing anything."""
    path = command.module.removeprefix(".").replace(".", "/")
    return os.path.exists(os.path.join(os.path.dirname(__file__), f"{path}.py"))


COMMANDS: Mapping[str, LazyCommand] = {
    name: command for name, command in _ALL_COMMANDS.items() if _is_there(command)
}


class LazyGroup(click.Group):
    """A group that imports a command on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, sorted, without importing anything."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module = importlib.import_module(entry.module, package=__package__)
        command: click.Command = getattr(module, entry.attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the summaries alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].summary) for name in sorted(COMMANDS)])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def mloccli() -> None:
    """Run the tasks of this model repository.

    \b
    Exit codes: 0 done, 1 a finding or a failed model,
                2 wrong use, 3 a service, a program or the system failed.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; every expected error becomes one clear message."""
    return _run(mloccli, arguments, "mloccli")


def run_script(command: click.Command) -> NoReturn:
    """Run one command as the program that it stands in, and end the process with its exit code."""
    # Python puts the script's folder first, where http.py and databricks.py would hide packages.
    folder = os.path.dirname(os.path.realpath(sys.argv[0]))
    sys.path[:] = [entry for entry in sys.path if os.path.realpath(entry) != folder]
    sys.exit(_run(command, None, os.path.basename(sys.argv[0])))


def _run(command: click.Command, arguments: Sequence[str] | None, name: str) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # No terminal is too old for a message.
    try:
        result = command.main(
            args=None if arguments is None else list(arguments),
            prog_name=name,
            standalone_mode=False,
        )
    except Exception as error:  # pylint: disable=broad-exception-caught
        return _failed(error)
    except KeyboardInterrupt:
        return _failed(click.Abort())
    return result if isinstance(result, int) else ExitCode.OK


def _failed(error: Exception) -> int:
    """Explain an error and return the exit code for it; what nobody expected is a bug."""
    if isinstance(error, MlocError):
        if isinstance(error, ModelCodeError):
            sys.stderr.write(error.details)
        pipeline_log.show_error(error.message, error.hint)
        return error.exit_code
    if isinstance(error, click.ClickException):
        error.show(file=sys.stderr)
        return ExitCode.USAGE
    if isinstance(error, click.Abort):
        pipeline_log.show_error("Interrupted; nothing more was done.")
        return ExitCode.INTERRUPTED
    if isinstance(error, OSError):
        pipeline_log.show_error(f"The system refused: {error}.")
        return ExitCode.REMOTE
    traceback.print_exception(error)
    pipeline_log.show_error(
        "This is a bug in mloccli.", "Show the platform team the traceback above."
    )
    return ExitCode.BUG
