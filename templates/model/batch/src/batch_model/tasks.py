"""The four tasks of the commands, from their options to their exit codes."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

import click

from ..errors import ExitCode
from ..utils.databricks import workspace_client
from ..utils.pipeline_log import set_output
from .cluster import start_cluster
from .cluster_request import cluster_request
from .importing import ImportPlan, import_to_workspace
from .libraries import install_on_cluster
from .library_plan import wanted_libraries
from .options import BranchOptions, ClusterOptions, LibraryOptions
from .secret_scope import keep_secrets
from .target import read_target
from .waiting import Patience
from .wheel import build_wheel
from .workspace import Workspace
from .workspace_files import plan_import


def import_notebooks(options: BranchOptions, environ: Mapping[str, str]) -> int:
    """`notebooks import`."""
    target = read_target(options["environment"], options["branch"], environ)
    root = target.configuration.repository.root
    items = plan_import(target.configuration.repository, target.folder)
    if options["dry_run"]:
        files = [
            {"path": item.path, "format": item.form, "language": item.language} for item in items
        ]
        wheel = {"path": target.wheel, "format": "RAW", "language": None}
        show_request("POST /api/2.0/workspace/import, for each of", [*files, wheel])
        return ExitCode.OK

    def make_wheel() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            return build_wheel(root, Path(folder), environ).read_bytes()

    client = workspace_client(target.configuration, target.environment.name, environ)
    plan = ImportPlan(target.model_name, target.folder, items, target.wheel, make_wheel)
    imported = import_to_workspace(client, plan)
    for path in imported.removed:
        click.echo(f"Removed {path}.")
    click.echo(f"Imported {len(imported.sent)} files into {target.folder}.")
    return ExitCode.OK


def start_environment_cluster(options: ClusterOptions, environ: Mapping[str, str]) -> int:
    """`cluster start`."""
    target = read_target(options["environment"], None, environ)
    if options["dry_run"]:
        show_request("POST /api/2.1/clusters/create, unless it exists", cluster_request(target))
        return ExitCode.OK
    workspace = Workspace(target, environ)
    keep_secrets(workspace.client, target, environ)
    cluster_id = start_cluster(workspace, target, Patience(options["timeout"] * 60))
    click.echo(f"The cluster {target.environment.cluster_name} ({cluster_id}) is ready.")
    set_output("cluster_id", cluster_id)
    return ExitCode.OK


def install_model_libraries(options: LibraryOptions, environ: Mapping[str, str]) -> int:
    """`libraries install`."""
    target = read_target(options["environment"], options["branch"], environ)
    if options["dry_run"]:
        body = {
            "cluster": target.environment.cluster_name,
            "libraries": wanted_libraries(target),
        }
        show_request("POST /api/2.0/libraries/install, what is missing of", body)
        return ExitCode.OK
    client = workspace_client(target.configuration, target.environment.name, environ)
    installed = install_on_cluster(client, target, Patience(options["timeout"] * 60))
    click.echo(f"Installed {', '.join(installed)}." if installed else "Everything was installed.")
    return ExitCode.OK


def show_request(route: str, body: object) -> None:
    """Print a request as it would be sent; it holds no secret."""
    click.echo(f"{route}\n{json.dumps(body, indent=2, ensure_ascii=False)}")
