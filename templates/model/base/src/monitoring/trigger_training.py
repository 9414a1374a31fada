"""Starts the training that monitoring decided on.

    python src/monitoring/trigger_training.py --help
    mloccli monitor trigger
"""

from __future__ import annotations

import os
from typing import Any

import click
from mloccli.cli import run_script
from mloccli.monitoring.options import TRIGGER_OPTIONS


@click.command("trigger", params=list(TRIGGER_OPTIONS))
def trigger_training(**given: Any) -> int:
    """Start the training when `mloccli monitor drift` decided on it; once for each window.

    \b
    SYSTEM_COLLECTIONURI, SYSTEM_TEAMPROJECT  set by Azure Pipelines
    SYSTEM_ACCESSTOKEN                        to be mapped in the step's env
    AZURE_DEVOPS_EXT_PAT                      a personal access token, on your machine

    With --dry-run Azure DevOps answers with the pipeline that it would run, and runs nothing.
    """
    from mloccli.monitoring.tasks import MonitorOptions, begin, run_trigger

    return int(run_trigger(begin(MonitorOptions(**given), os.environ)))


if __name__ == "__main__":
    run_script(trigger_training)
