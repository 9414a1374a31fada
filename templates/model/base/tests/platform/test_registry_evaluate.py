"""Evaluating a version that is registered: its own code, today's data and thresholds."""

from __future__ import annotations

import json
from pathlib import Path

from .registry_server import World

OTHER_SCORING = """
    def score(model, data):
        raise RuntimeError("today's code")

    def evaluate(model, data):
        raise RuntimeError("today's code")
    """


def test_the_version_in_production_is_judged_with_its_own_code(one_world: World) -> None:
    number = one_world.promoted(0.9)
    one_world.write(scoring=OTHER_SCORING)

    code, text = one_world.run("registry", "evaluate")

    assert code == 0, text
    assert f"Version {number} of {one_world.name} is accepted" in text
    found = json.loads(Path("outputs/evaluation/evaluation.json").read_text(encoding="utf-8"))
    assert (found["version"], found["accepted"]) == (number, True)
    assert found["metrics"]["accuracy"] == 0.9
    assert one_world.roles() == one_world.expected(v1="production")


def test_a_version_that_todays_threshold_refuses_is_a_finding(
    one_world: World, tmp_path: Path
) -> None:
    number = one_world.promoted(0.9)
    one_world.write(thresholds="accuracy: { minimum: 0.95 }\n")

    code, text = one_world.run(
        "registry", "evaluate", "--version", number, "--output", str(tmp_path / "new")
    )

    assert code == 1
    assert "outside the range" in text
    assert "not accepted" in (tmp_path / "new" / "evaluation.md").read_text(encoding="utf-8")


def test_a_version_that_is_not_there_is_named(one_world: World) -> None:
    one_world.promoted(0.9)

    code, text = one_world.run("registry", "evaluate", "--version", "99")

    assert code == 1
    assert "There is no version '99'" in text
