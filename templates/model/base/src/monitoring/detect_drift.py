"""Measures how far the current data has moved from what the model was made with, and decides.

    python src/monitoring/detect_drift.py --help
    mloccli monitor drift
"""

from __future__ import annotations

import os
from typing import Any

import click
from mloccli.cli import run_script
from mloccli.monitoring.options import DRIFT_OPTIONS


@click.command("drift", params=list(DRIFT_OPTIONS))
def detect_drift(**given: Any) -> int:
    """Measure drift, decide by monitoring.yml, and remember the window.

    \b
    Exit code 0  stable, waiting, cooling down, trigger or already triggered
    Exit code 1  not enough data or broken data: nothing can be said of the model

    The decision is written to decision.json and monitoring.md, and given to later steps of the
    pipeline as the output variable monitor_decision.
    """
    from mloccli.monitoring.tasks import MonitorOptions, begin, run_drift

    return int(run_drift(begin(MonitorOptions(**given), os.environ)))


if __name__ == "__main__":
    run_script(detect_drift)
