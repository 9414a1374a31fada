"""``mloccli model …``."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from ..config import Repository, find_repository, read_configuration, read_model_variables
from ..errors import ExitCode
from ..registry.evaluate_gate import evaluate_gate

_Command = TypeVar("_Command", bound=Callable[..., object])


@click.group()
def model() -> None:
    """Train, evaluate, gate, package, score and smoke-test the model.

    train keeps a candidate in outputs/candidate, fetch brings one that a training on Databricks
    logged; evaluate judges it by evaluation_thresholds.yml; gate compares it with the model in
    production; package makes a released model of an accepted candidate in outputs/package;
    smoke-test proves that a package works where it is. A rule-based model begins with evaluate.
    """


def _folder_option(name: str) -> Callable[[_Command], _Command]:
    def add(command: _Command) -> _Command:
        return click.option(
            f"--{name}",
            type=click.Path(file_okay=False, path_type=Path),
            help=f"Folder of the {name}; by default outputs/{name} of the repository.",
        )(command)

    return add


_candidate_option = _folder_option("candidate")
_package_option = _folder_option("package")


def _folder(given: Path | None, repository: Repository, name: str) -> Path:
    return given or repository.root / "outputs" / name


@model.command()
@_candidate_option
def train(candidate: Path | None) -> int:
    """Train the model and keep it as candidate."""
    from .tasks import train_model

    repository = find_repository()
    folder = _folder(candidate, repository, "candidate")
    made = train_model(repository, read_model_variables(repository), folder)
    click.echo(f"Trained; the candidate is in {made.folder}.")
    return ExitCode.OK


@model.command()
@_candidate_option
@click.option("--run-id", help="The MLflow run that the training notebook logged to.")
@click.option(
    "--run",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The output of `mloccli job run`, which names that run.",
)
def fetch(candidate: Path | None, run_id: str | None, run: Path | None) -> int:
    """Fetch the candidate that was trained on Databricks.

    It comes from the MLflow server MLFLOW_TRACKING_URI, by default that of the workspace. Give
    either --run-id or --run.
    """
    from .fetch import fetch_candidate, run_id_of

    if (run_id is None) == (run is None):
        raise click.UsageError("Give either --run-id or --run.")
    configuration = read_configuration(find_repository(), os.environ)
    folder = _folder(candidate, configuration.repository, "candidate")
    chosen = run_id or run_id_of(run or Path())
    made = fetch_candidate(configuration, chosen, folder, os.environ)
    click.echo(f"Fetched the candidate of the run {chosen} into {made.folder}.")
    return ExitCode.OK


@model.command()
@_candidate_option
def evaluate(candidate: Path | None) -> int:
    """Judge the candidate by the team's thresholds; exit code 1 when it is not accepted."""
    from ..utils.pipeline_log import log_issue, upload_summary
    from .evaluation import format_verdicts
    from .tasks import evaluate_model

    repository = find_repository()
    folder = _folder(candidate, repository, "candidate")
    evaluation = evaluate_model(repository, read_model_variables(repository), folder)
    click.echo(format_verdicts(evaluation.verdicts))
    upload_summary(evaluation.summary_file)
    if evaluation.accepted:
        click.echo(f"\nAccepted, on {evaluation.rows} rows.")
        return ExitCode.OK
    click.echo(f"\nNot accepted, on {evaluation.rows} rows.")
    for verdict in evaluation.verdicts:
        if not verdict.passed:
            log_issue("error", f"Metric {verdict.metric}: {verdict.reason}.")
    return ExitCode.FINDING


@model.command()
@_candidate_option
@_package_option
def package(  # pylint: disable=redefined-outer-name
    candidate: Path | None, package: Path | None
) -> int:
    """Package the candidate that evaluate accepted and the gate let pass.

    Without a central model registry (CMR_URI) there is no champion to compare with: then the
    gate need not have run, and the thresholds of evaluate decide.
    """
    from ..registry.connection import is_configured
    from .candidate import read_candidate
    from .package import make_package

    repository = find_repository()
    variables = read_model_variables(repository)
    folder = _folder(package, repository, "package")
    accepted = read_candidate(_folder(candidate, repository, "candidate"))
    has_registry = is_configured(os.environ)
    metadata = make_package(repository, variables, accepted, folder, has_registry=has_registry)
    if not has_registry:
        click.echo("No registry is configured (CMR_URI): accepted by the thresholds alone.")
    click.echo(f"Packaged {metadata['model_name']} {metadata['version']} in {folder}.")
    return ExitCode.OK


@model.command()
@_candidate_option
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV file for the scores; without it they are shown.",
)
def score(candidate: Path | None, output: Path | None) -> int:
    """Score what load_scoring_data returns with the candidate."""
    from .tasks import score_model

    repository = find_repository()
    folder = _folder(candidate, repository, "candidate")
    scores = score_model(repository, read_model_variables(repository), folder)
    if output is None:
        click.echo(scores.to_csv(), nl=False)
        return ExitCode.OK
    output.parent.mkdir(parents=True, exist_ok=True)
    scores.to_csv(output)
    click.echo(f"Scored {len(scores)} rows into {output}.")
    return ExitCode.OK


@model.command("smoke-test")
@_package_option
def smoke_test(package: Path | None) -> int:  # pylint: disable=redefined-outer-name
    """Prove that a package is complete and scores its example as it did when it was made."""
    from .smoke_test import smoke_test as run_smoke_test

    repository = find_repository()
    folder = _folder(package, repository, "package")
    tested = run_smoke_test(folder, read_model_variables(repository))
    click.echo(
        f"{tested.model_name} {tested.version} works as a {tested.serving} model: "
        f"{tested.rows} rows scored, columns {', '.join(tested.columns)}."
    )
    return ExitCode.OK


model.add_command(evaluate_gate)
