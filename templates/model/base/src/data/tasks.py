"""The commands of ``mloccli data``: cleanse, start the training on new data, describe ADF."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from ..config import Configuration, find_repository, read_configuration, read_model_variables
from ..errors import ExitCode
from ..model.files import write_json
from ..monitoring.history import now_utc
from ..monitoring.tasks import show_preview
from ..monitoring.training_pipeline import find_training_pipeline
from ..utils.pipeline_log import set_output, upload_summary
from ..utils.variables import variable
from .cleansing import cleanse_data, format_report, report_to_json, write_report
from .data_factory import data_factory_definitions
from .factory_options import FactoryOptions

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


def describe_data_factory(
    given: Mapping[str, Any], output: Path | None, environ: Mapping[str, str]
) -> int:
    """Write the definitions of the pipeline ADF_JOB and its trigger, or show them."""
    defaults = {
        "project_url": _project_url(environ),
        "start_date": now_utc().date().isoformat(),
    }
    chosen = {name: value for name, value in given.items() if value is not None}
    variables = read_model_variables(find_repository())
    definitions = data_factory_definitions(variables, FactoryOptions(**{**defaults, **chosen}))
    if output is None:
        click.echo(json.dumps(definitions, indent=2, ensure_ascii=False))
        return ExitCode.OK
    output.parent.mkdir(parents=True, exist_ok=True)
    write_json(output, definitions)
    click.echo(f"The pipeline {variables.adf_job} and its trigger are described in {output}.")
    return ExitCode.OK


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


def _project_url(environ: Mapping[str, str]) -> str:
    """The project that this step runs in; empty elsewhere."""
    organization = variable(environ, "SYSTEM_COLLECTIONURI")
    project = variable(environ, "SYSTEM_TEAMPROJECT")
    if not organization or not project:
        return ""
    return f"{organization.rstrip('/')}/{quote(project, safe='')}"
