"""``mloccli model gate``: compare the candidate with its thresholds and with the champion."""

from __future__ import annotations

import os
from typing import Any

import click

from mloccli.cli import run_script
from mloccli.registry.options import folder


@click.command("gate", params=[folder("candidate", "candidate")])
def evaluate_gate(**options: Any) -> int:
    """Decide whether the evaluated candidate may replace the champion.

    Exit code 0 for `promote` and `first version`, 1 for `keep champion` and for `error`. The
    champion is the version in production in the central model registry (CMR_URI); without one,
    the thresholds alone decide.
    """
    from mloccli.registry.tasks import gate_task

    return int(gate_task(options, os.environ))


if __name__ == "__main__":
    run_script(evaluate_gate)
