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

    Exit code 0 for `promote`, for `first version`, and for `keep champion` when the model is good
    enough but no better: nothing is registered then, and nothing is wrong. Exit code 1 when a
    metric misses its threshold, and for `error`. In a pipeline the output variable verdict says
    which. The champion is the version in production in the central model registry (CMR_URI);
    without one, the thresholds alone decide.
    """
    from mloccli.registry.tasks import gate_task

    return int(gate_task(options, os.environ))


if __name__ == "__main__":
    run_script(evaluate_gate)
