"""Monitoring the version in production on a real MLflow server: its tags are the memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from .azure_pipelines import PROJECT, TOKEN, AzurePipelines
from .http_service import running_service
from .registry_server import World

SETTINGS = """
minimum_rows: 3
limits: { psi: 0.25, ks: 0.5 }
drifted_columns: 1
windows: { drifted: 2, of: 3 }
cool_down_days: 7
"""


@pytest.fixture(name="azure")
def fixture_azure(one_world: World) -> Iterator[AzurePipelines]:
    azure = AzurePipelines(f"{one_world.name}-score-evaluate-pipeline", f"\\{one_world.name}")
    with running_service(azure.answer) as service:
        one_world.set(
            SYSTEM_COLLECTIONURI=f"{service.url}/org/",
            SYSTEM_TEAMPROJECT=PROJECT,
            SYSTEM_ACCESSTOKEN=TOKEN,
        )
        yield azure


def monitor(world: World, window: str) -> str:
    """Monitor production on a fresh agent, with data that drifted; the outcome."""
    Path("the_model/monitoring.yml").write_text(SETTINGS, encoding="utf-8")
    rows = pd.DataFrame({"left": [7, 8, 9], "word": ["a", "b", "c"]})
    rows.to_csv("current.csv", index=False)
    folder = Path("outputs/monitoring")
    for file in folder.glob("*"):
        file.unlink()
    code, text = world.run("monitor", "run", "--data", "current.csv", "--window", window)
    assert code == 0, text
    return str(json.loads((folder / "decision.json").read_text(encoding="utf-8"))["outcome"])


def test_the_tags_of_the_version_remember_windows_and_trainings(
    one_world: World, azure: AzurePipelines
) -> None:
    number = one_world.promoted(0.8)

    outcomes = [monitor(one_world, window) for window in ("first", "second", "second", "third")]

    assert outcomes == ["waiting", "trigger", "already triggered", "cooling down"]
    tags = {name for name in one_world.tags(number) if name.startswith("monitor.")}
    assert tags == {
        "monitor.window.first",
        "monitor.window.second",
        "monitor.window.third",
        "monitor.trigger.second",
    }
    (run,) = azure.runs
    assert run["templateParameters"] == {"trigger_key": f"drift:{one_world.name}:{number}:second"}


def test_a_new_version_begins_with_its_own_windows(
    one_world: World, azure: AzurePipelines
) -> None:
    one_world.promoted(0.8)
    assert monitor(one_world, "first") == "waiting"
    one_world.promoted(0.9)

    assert monitor(one_world, "second") == "waiting"
    assert not azure.runs


def test_without_a_version_in_production_there_is_nothing_to_monitor(one_world: World) -> None:
    one_world.registered(0.8)
    Path("the_model/monitoring.yml").write_text(SETTINGS, encoding="utf-8")

    code, text = one_world.run("monitor", "drift")

    assert (code, "No version is in production." in text) == (1, True)
