"""``mloccli model …``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from ..config import Repository, find_repository, read_model_variables
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
    """Package the candidate that evaluate accepted."""
    from .candidate import read_candidate
    from .package import make_package

    repository = find_repository()
    variables = read_model_variables(repository)
    folder = _folder(package, repository, "package")
    accepted = read_candidate(_folder(candidate, repository, "candidate"))
    metadata = make_package(repository, variables, accepted, folder)
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
