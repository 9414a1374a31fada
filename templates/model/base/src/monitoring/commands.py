"""``mloccli monitor …``."""

from __future__ import annotations

import os
from typing import Any

import click

from .detect_drift import detect_drift
from .options import RUN_OPTIONS
from .trigger_training import trigger_training


@click.group()
def monitor() -> None:
    """Measure drift and start the training when it lasts.

    monitoring.yml of the model folder says what counts as drift, how many windows have to show
    it, and how long one training keeps the next one from starting.
    """


@monitor.command(params=list(RUN_OPTIONS))
def run(**given: Any) -> int:
    """Measure drift, decide, and start the training when that was decided."""
    from .tasks import MonitorOptions, begin, run_both

    return run_both(begin(MonitorOptions(**given), os.environ))


monitor.add_command(detect_drift)
monitor.add_command(trigger_training)
