"""``mloccli notebooks import``: bring the notebooks and what they need into the workspace."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click

from mloccli.batch_model.options import (
    branch_option,
    dry_run_option,
    environment_option,
    show_request,
)
from mloccli.cli import run_script
from mloccli.errors import ExitCode


@click.command("import")
@environment_option
@branch_option
@dry_run_option
def import_notebook(environment: str | None, branch: str | None, dry_run: bool) -> int:
    """Import the notebooks, the model folder and the wheel of src into the workspace.

    They go to NOTEBOOK_PATH/<branch>, by default /ml_apps/<model>/<branch>. Files with the line
    `Databricks notebook source` become notebooks in Python, SQL, Scala or R. What is no longer in
    git is removed; what people made there stays.
    """
    from mloccli.batch_model.importing import ImportPlan, import_to_workspace
    from mloccli.batch_model.target import read_target
    from mloccli.batch_model.wheel import build_wheel
    from mloccli.batch_model.workspace_files import plan_import
    from mloccli.utils.databricks import workspace_client

    target = read_target(environment, branch, os.environ)
    repository = target.configuration.repository
    items = plan_import(repository, target.folder)
    if dry_run:
        planned = [{"path": item.path, "format": item.form, "language": item.language}
                   for item in items]
        show_request("POST /api/2.0/workspace/import, for each", [*planned, {"path": target.wheel}])
        return ExitCode.OK

    def make_wheel() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            return build_wheel(repository.root, Path(folder), os.environ).read_bytes()

    client = workspace_client(target.configuration, target.environment.name, os.environ)
    plan = ImportPlan(target.model_name, target.folder, items, target.wheel, make_wheel)
    imported = import_to_workspace(client, plan)
    for path in imported.removed:
        click.echo(f"Removed {path}")
    click.echo(f"Imported {len(imported.sent)} files into {target.folder} ({target.environment.name}).")
    return ExitCode.OK


if __name__ == "__main__":
    run_script(import_notebook)
