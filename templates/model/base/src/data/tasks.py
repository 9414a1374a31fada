"""``mloccli data cleanse`` step by step: cleanse, report, and start the training on new data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from ..config import Configuration, find_repository, read_configuration
from ..errors import ExitCode
from ..monitoring.tasks import show_preview
from ..monitoring.training_pipeline import find_training_pipeline
from ..utils.pipeline_log import set_output, upload_summary
from .cleansing import cleanse_data, format_report, report_to_json, write_report

OUTPUT_VARIABLE = "data_is_new"


@dataclass(frozen=True)
class CleanseOptions:
    """What the command can be told; ``None`` is the documented default."""

    output: Path | None = None
    trigger: bool = False
    branch: str | None = None
    dry_run: bool = False


def run_cleanse(options: CleanseOptions, environ: Mapping[str, str]) -> int:
    """Cleanse the raw data; with ``trigger`` start the training unless it ran on this data."""
    configuration = read_configuration(find_repository(), environ)
    output = options.output or configuration.repository.root / "outputs" / "data" / "clean.csv"
    cleansing = cleanse_data(configuration.repository, output, dry_run=options.dry_run)
    click.echo(format_report(cleansing))
    if options.dry_run:
        click.echo(json.dumps(report_to_json(cleansing), indent=2))
    else:
        click.echo(f"The rows that are kept are in {output}.")
        upload_summary(write_report(output.parent, cleansing))
    if not options.trigger:
        return ExitCode.OK
    return _trigger(configuration, cleansing.sha256, options, environ)


def data_key(model_name: str, sha256: str) -> str:
    """Names the training on this data; the same data never starts a second one."""
    return f"data:{model_name}:{sha256[:16]}"


def _trigger(
    configuration: Configuration,
    sha256: str,
    options: CleanseOptions,
    environ: Mapping[str, str],
) -> int:
    """Azure DevOps remembers the data by the key of the run, for as long as it keeps runs."""
    pipeline = find_training_pipeline(configuration.model, environ)
    key = data_key(configuration.model.model_name, sha256)
    if options.dry_run:
        return show_preview(pipeline, key, options.branch)
    run = pipeline.start(key, options.branch)
    set_output(OUTPUT_VARIABLE, str(run.is_new).lower())
    if run.is_new:
        click.echo(f"The data is new. Started {pipeline.name}: {run.address}")
    else:
        click.echo(f"The data is that of an earlier run ({run.state}): {run.address}")
    return ExitCode.OK
