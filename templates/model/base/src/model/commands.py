"""``mloccli model …``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from ..config import find_repository, read_model_variables
from ..errors import ExitCode

_Command = TypeVar("_Command", bound=Callable[..., object])


@click.group()
def model() -> None:
    """Train, evaluate, package, score and smoke-test the model.

    train keeps a candidate in outputs/candidate; evaluate judges it by
    evaluation_thresholds.yml; package makes a released model of an accepted candidate in
    outputs/package; smoke-test proves that a package works where it is. A rule-based model
    begins with evaluate.
    """


def _candidate_option(command: _Command) -> _Command:
    return click.option(
        "--candidate",
        type=click.Path(file_okay=False, path_type=Path),
        default="outputs/candidate",
        show_default=True,
        help="Folder of the candidate.",
    )(command)


def _package_option(command: _Command) -> _Command:
    return click.option(
        "--package",
        type=click.Path(file_okay=False, path_type=Path),
        default="outputs/package",
        show_default=True,
        help="Folder of the package.",
    )(command)


@model.command()
@_candidate_option
def train(candidate: Path) -> int:
    """Train the model and keep it as candidate."""
    from .tasks import train_model

    repository = find_repository()
    made = train_model(repository, read_model_variables(repository), candidate)
    click.echo(f"Trained; the candidate is in {made.folder}.")
    return ExitCode.OK


@model.command()
@_candidate_option
def evaluate(candidate: Path) -> int:
    """Judge the candidate by the team's thresholds; exit code 1 when it is not accepted."""
    from ..utils.pipeline_log import log_issue, upload_summary
    from .evaluation import format_verdicts
    from .tasks import evaluate_model

    repository = find_repository()
    evaluation = evaluate_model(repository, read_model_variables(repository), candidate)
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
def package(candidate: Path, package: Path) -> int:  # pylint: disable=redefined-outer-name
    """Package the candidate that evaluate accepted."""
    from .candidate import read_candidate
    from .package import make_package

    repository = find_repository()
    variables = read_model_variables(repository)
    metadata = make_package(repository, variables, read_candidate(candidate), package)
    click.echo(f"Packaged {metadata['model_name']} {metadata['version']} in {package}.")
    return ExitCode.OK


@model.command()
@_candidate_option
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV file for the scores; without it they are shown.",
)
def score(candidate: Path, output: Path | None) -> int:
    """Score what load_scoring_data returns with the candidate."""
    from .tasks import score_model

    repository = find_repository()
    scores = score_model(repository, read_model_variables(repository), candidate)
    if output is None:
        click.echo(scores.to_csv(), nl=False)
        return ExitCode.OK
    output.parent.mkdir(parents=True, exist_ok=True)
    scores.to_csv(output)
    click.echo(f"Scored {len(scores)} rows into {output}.")
    return ExitCode.OK


@model.command("smoke-test")
@_package_option
def smoke_test(package: Path) -> int:  # pylint: disable=redefined-outer-name
    """Prove that a package is complete and scores its example as it did when it was made."""
    from .smoke_test import smoke_test as run_smoke_test

    repository = find_repository()
    tested = run_smoke_test(package, read_model_variables(repository))
    click.echo(
        f"{tested.model_name} {tested.version} works as a {tested.serving} model: "
        f"{tested.rows} rows scored, columns {', '.join(tested.columns)}."
    )
    return ExitCode.OK
