"""From training to production on a real MLflow server, in both life cycles."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from mloccli.registry.connection import open_registry
from mloccli.registry.life_cycle import PROMOTED_AT, Aliases, Stages
from mloccli.registry.model_registry import Registry
from mloccli.registry.versions import ModelVersion

from .http_service import Answer, running_service
from .registry_server import World

WITHOUT_ACCURACY = """
    import pandas as pd

    def score(model, data):
        return pd.DataFrame({"double": model["factor"] * data["left"]}, index=data.index)

    def evaluate(model, data):
        return {"other": 1.0}
    """

RAISING = """
    def score(model, data):
        raise RuntimeError("no such column")

    def evaluate(model, data):
        return {"accuracy": 1.0}
    """

MORE_DATA = """
    import pandas as pd

    def load_scoring_data():
        return pd.DataFrame({"left": [1, 2, 3], "word": ["a", "b", "c"]})

    def load_evaluation_data():
        words = ["a", "b", "c", "d"]
        return pd.DataFrame({"left": [1, 2, 3, 4], "word": words, "right": [2, 4, 6, 8]})
    """


THREE_ROWS = """
    import pandas as pd

    def score(model, data):
        return pd.DataFrame({"double": 2 * data["left"]}, index=data.index)

    def evaluate(model, data):
        assert len(data) == 3, "three rows"
        return {"accuracy": 0.6}
    """

OF_TODAY = THREE_ROWS.replace("len(data) == 3", "True")


TRAINING_DATA = """
    def load_training_data():
        return load_scoring_data()
    """


def test_without_a_champion_the_first_version_is_promoted(world: World) -> None:
    code, text = world.gated(0.7)
    assert (code, world.gate_record()["verdict"]) == (0, "first version")
    assert "first version: there is no champion" in text

    number = world.registered(0.7)
    promoted = world.run("registry", "promote")

    assert promoted[0] == 0, promoted[1]
    assert (number, world.roles()) == ("1", world.expected(v1="production"))
    tags = world.tags("1")
    assert tags["test_status"] == "passed"
    assert tags["git_commit"] == tags["tested_commit"] == "c" * 40
    assert tags["metric.accuracy"] == "0.7"
    assert tags["gate.champion"] == "none"
    assert Path("outputs/test-results/model-tests.xml").is_file()


def test_a_better_model_replaces_the_champion(world: World) -> None:
    world.promoted(0.7)

    world.registered(0.8)
    assert world.run("registry", "promote")[0] == 0

    assert world.gate_record()["verdict"] == "promote"
    assert world.gate_record()["champion"] == "1"
    assert world.gate_record()["champion_metrics"] == {"accuracy": 0.7}
    assert world.gate_record()["champion_metrics_are"] == "recorded, of the same data"
    assert world.roles() == world.expected(v1="previous", v2="production")


@pytest.mark.parametrize(
    ("accuracy", "reason"),
    [(0.7, "no metric is better"), (0.69, "accuracy: worse than the champion's by 0.01")],
)
def test_a_model_that_is_not_better_leaves_the_champion(
    world: World, accuracy: float, reason: str
) -> None:
    world.promoted(0.7)

    world.set(TF_BUILD="True")
    code, text = world.gated(accuracy)

    assert code == 0
    assert f"keep champion: {reason}" in text
    assert "Version 1 stays in production, and nothing is registered" in text
    assert "##vso[task.setvariable variable=verdict;isOutput=true]keep champion" in text
    assert "##vso[task.complete result=SucceededWithIssues]" in text
    _expect_refused(world)
    assert world.roles() == world.expected(v1="production")


def test_a_better_model_below_the_threshold_leaves_the_champion(world: World) -> None:
    world.promoted(0.6)

    code, text = world.gated(0.8, thresholds="accuracy: { minimum: 0.9 }\n")

    assert code == 1
    assert "keep champion: accuracy: below the required 0.9" in text
    assert "stays in production" not in text
    _expect_refused(world)


def test_a_missing_metric_is_an_error(world: World) -> None:
    world.promoted(0.6)

    code, text = world.gated(0.9, scoring=WITHOUT_ACCURACY)

    assert code == 1
    assert "The gate cannot decide: accuracy: the candidate's metric is missing" in text
    assert world.gate_record()["verdict"] == "error"
    _expect_refused(world)


def test_a_metric_that_is_no_number_is_an_error(world: World) -> None:
    world.promoted(0.6)

    code, text = world.gated("nan")

    assert code == 1
    assert "The gate cannot decide: accuracy: the candidate's metric is not a finite number" in text
    _expect_refused(world)


def test_scoring_that_raises_is_an_error_and_no_older_verdict_counts(world: World) -> None:
    world.promoted(0.6)
    world.gated(0.9)

    code, text = world.evaluated(0.9, scoring=RAISING)
    gate_code, gate_text = world.run("model", "gate")

    assert code == 1
    assert "error: score raised RuntimeError: no such column" in text
    assert gate_code == 1
    assert "error: The model was not evaluated." in gate_text
    _expect_refused(world)


def test_the_champion_is_evaluated_again_when_the_data_is_new(one_world: World) -> None:
    one_world.promoted(0.7)

    code, text = one_world.gated(0.75, data=MORE_DATA)

    assert code == 0
    assert one_world.gate_record()["champion_metrics_are"] == "computed on today's data"
    assert one_world.gate_record()["champion_metrics"]["accuracy"] == pytest.approx(0.6)
    assert one_world.gate_record()["metrics"]["accuracy"] == pytest.approx(0.65)
    assert "promote: accuracy: better than the champion's by 0.05" in text


def test_a_champion_that_cannot_be_evaluated_today_is_an_error(one_world: World) -> None:
    one_world.write(scoring=THREE_ROWS)
    one_world.promoted(0.6)

    code, text = one_world.gated(0.9, data=MORE_DATA, scoring=OF_TODAY)

    assert code == 1
    assert "The gate cannot decide: the champion" in text
    assert "evaluate raised AssertionError: three rows" in text
    _expect_refused(one_world)


def test_of_two_trainings_at_once_only_one_is_promoted(world: World) -> None:
    world.promoted(0.6)
    world.registered(0.7)
    world.registered(0.8)
    assert world.roles() == world.expected(v1="production", v2="older candidate", v3="candidate")

    code, text = world.run("registry", "promote")
    assert (code, "Versions 2 and 3 are both candidates." in text) == (1, True)

    assert world.run("registry", "promote", "--version", "2")[0] == 0
    code, text = world.run("registry", "promote")

    assert code == 1
    assert "compared version 3" in text
    assert "with version 1, but now version 2 is in production" in text
    roles = world.roles()
    assert roles["2"] == world.expected(v2="production")["2"]
    assert roles["3"] == world.expected(v3="candidate")["3"]


def test_a_champion_that_changes_between_gate_and_registration_is_noticed(
    one_world: World,
) -> None:
    one_world.promoted(0.6)
    assert one_world.gated(0.8)[0] == 0
    assert one_world.run("model", "package")[0] == 0
    record = Path("outputs/candidate/gate.json")
    text = record.read_text(encoding="utf-8").replace('"champion": "1"', '"champion": null')
    record.write_text(text, encoding="utf-8")

    code, text = one_world.run("registry", "register")

    assert code == 1
    assert "compared with no version, but now version 1 is in production" in text
    assert one_world.roles() == one_world.expected(v1="production")


def test_a_trained_model_goes_the_same_way(world: World) -> None:
    pytest.importorskip("joblib")
    world.variables |= {"MODEL_TYPE": "supervised"}
    world.write(
        parameters="factor: 2\naccuracy: 0.7\n",
        training="def train(data, parameters):\n    return dict(parameters)\n",
        data=f"{MORE_DATA}{TRAINING_DATA}",
    )
    commands = ("model train", "model evaluate", "model gate", "model package")
    for command in (*commands, "registry register", "registry promote"):
        code, text = world.run(*command.split())
        assert code == 0, text

    assert world.roles() == world.expected(v1="production")


def test_failing_tests_are_recorded_and_nothing_is_promoted(world: World) -> None:
    world.promoted(0.6)
    world.write(tests="def test_it(model_under_test):\n    assert False\n")
    world.registered(0.8)

    code, text = world.run("registry", "promote")

    assert code == 1
    assert "not all tests passed" in text
    assert "is not promoted; its role stays candidate" in text
    assert world.tags("2")["test_status"] == "failed"
    assert "promoted_by" not in world.tags("2")
    assert world.roles() == world.expected(v1="production", v2="candidate")


def test_people_are_told_of_promotions_failures_and_rollbacks(one_world: World) -> None:
    one_world.promoted(0.6)
    with running_service(lambda _: Answer(200, b"ok")) as slack:
        one_world.set(SLACK_CHANNEL="#models", SLACK_WEBHOOK_URL=f"{slack.url}/services/hidden")
        one_world.registered(0.7)
        texts = [one_world.run("registry", "promote")[1]]
        texts.append(one_world.run("registry", "rollback")[1])
        one_world.write(tests="def test_it():\n    assert False\n")
        one_world.registered(0.8)
        texts.append(one_world.run("registry", "promote")[1])

    told = [asked.body.decode() for asked in slack.asked]
    assert len(told) == 3
    assert "version 2 is in production" in told[0]
    assert "rolled back to version 1" in told[1]
    assert "the tests of version 3 failed" in told[2]
    assert "services/hidden" not in "".join(texts)


def test_a_test_file_without_tests_promotes_nothing(one_world: World) -> None:
    one_world.write(tests="")
    one_world.registered(0.8)

    code, text = one_world.run("registry", "promote")

    assert (code, "holds no test" in text) == (1, True)
    assert one_world.roles() == one_world.expected(v1="candidate")


def test_a_promotion_killed_before_the_role_changes_ends_the_same_when_repeated(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.promoted(0.6)
    world.registered(0.8)
    with monkeypatch.context() as patch:
        for life_cycle in (Stages, Aliases):
            patch.setattr(life_cycle, "make_champion", _killed)
        with pytest.raises(SystemExit):
            world.run("registry", "promote")
    assert world.tags("2")["test_status"] == "passed"
    assert world.roles() == world.expected(v1="production", v2="candidate")
    assert world.run("registry", "rollback", "--version", "2")[0] == 1

    assert world.run("registry", "promote")[0] == 0

    assert world.roles() == world.expected(v1="previous", v2="production")


def test_an_alias_promotion_killed_in_the_middle_ends_the_same_when_repeated(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.promoted(0.6)
    world.registered(0.8)
    with monkeypatch.context() as patch:
        patch.setattr(Aliases, "_end_candidacy", _killed)
        if world.life_cycle == "aliases":
            with pytest.raises(SystemExit):
                world.run("registry", "promote")
            assert world.roles()["2"] == "challenger champion"

    assert world.run("registry", "promote")[0] == 0

    assert world.roles() == world.expected(v1="previous", v2="production")


def test_promoting_again_changes_nothing(world: World) -> None:
    world.promoted(0.6)
    before = world.tags("1")

    first = world.run("registry", "promote")
    second = world.run("registry", "promote", "--version", "1")

    assert first[0] == second[0] == 0
    assert "is in production already: nothing to do" in first[1]
    assert "is in production already: nothing to do" in second[1]
    assert world.tags("1") == before


def test_a_pipeline_learns_whether_production_changed(one_world: World) -> None:
    number = one_world.registered(0.7)
    one_world.set(TF_BUILD="True")

    first = one_world.run("registry", "promote", "--version", number)
    one_world.set(BUILD_SOURCEVERSION="d" * 40)  # Another commit tests the same version again.
    again = one_world.run("registry", "promote", "--version", number)

    assert "##vso[task.setvariable variable=is_new;isOutput=true]true" in first[1]
    assert "##vso[task.setvariable variable=is_new;isOutput=true]false" in again[1]


def test_a_plan_changes_nothing(one_world: World) -> None:
    one_world.registered(0.6)
    before = one_world.tags("1")

    code, text = one_world.run("registry", "promote", "--dry-run")

    assert code == 0
    assert '"outcome": "planned"' in text
    assert (one_world.tags("1"), one_world.roles()) == (before, one_world.expected(v1="candidate"))


def test_a_version_that_did_not_pass_the_gate_is_never_promoted(one_world: World) -> None:
    number = one_world.registered(0.6)
    one_world.client().delete_model_version_tag(one_world.name, number, "gate.verdict")

    code, text = one_world.run("registry", "promote")

    assert (code, "did not pass the gate" in text) == (1, True)
    assert one_world.roles() == one_world.expected(v1="candidate")


def test_a_rollback_goes_back_once(world: World) -> None:
    for accuracy in (0.6, 0.7, 0.8):
        world.promoted(accuracy)

    code, text = world.run("registry", "rollback")
    again = world.run("registry", "rollback")

    assert code == 0
    assert "Version 2 of" in text
    assert "in place of version 3" in text
    assert (again[0], "nothing to do" in again[1]) == (0, True)
    assert world.roles() == world.expected(v1="previous", v2="production", v3="archived")
    assert world.tags("2")["rolled_back_from"] == "3"


def test_a_rollback_to_a_named_version(world: World) -> None:
    for accuracy in (0.6, 0.7, 0.8):
        world.promoted(accuracy)
    world.registered(0.9)

    assert world.run("registry", "rollback", "--version", "1")[0] == 0
    never = world.run("registry", "rollback", "--version", "4")

    assert (never[0], "was never in production" in never[1]) == (1, True)
    roles = world.roles()
    assert roles["1"] == world.expected(v1="production")["1"]
    assert roles["3"] == world.expected(v3="archived")["3"]


def test_the_next_promotion_follows_a_rollback(world: World) -> None:
    for accuracy in (0.6, 0.7):
        world.promoted(accuracy)
    assert world.run("registry", "rollback")[0] == 0

    world.promoted(0.65)
    code, _ = world.run("registry", "rollback")

    assert code == 0
    assert world.roles()["1"] == world.expected(v1="production")["1"]


def test_without_a_version_in_production_there_is_nothing_to_roll_back(one_world: World) -> None:
    one_world.registered(0.6)

    code, text = one_world.run("registry", "rollback")

    assert (code, "No version is in production." in text) == (1, True)


def test_several_versions_may_stay_in_production(world: World) -> None:
    if world.life_cycle == "aliases":
        pytest.skip("An alias names one version only.")
    world.set(ARCHIVE_EXISTING_VERSIONS="false")
    for accuracy in (0.6, 0.7):
        world.promoted(accuracy)
    assert world.roles() == {"1": "Production", "2": "Production"}

    assert "keep champion" in world.gated(0.65)[1]  # The champion is the one that came last.
    assert world.run("registry", "rollback")[0] == 0

    assert world.roles() == {"1": "Production", "2": "Archived"}


def _expect_refused(world: World) -> None:
    """Neither packaged nor registered, and production is what it was."""
    code, _ = world.run("model", "package")
    assert code == 1
    assert world.run("registry", "register")[0] == 1
    assert world.roles() == world.expected(v1="production")


def _killed(*_: object) -> None:
    raise SystemExit("killed")


def test_a_promotion_that_is_overtaken_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.promoted(0.6)
    world.registered(0.7)
    world.registered(0.8)
    original = Registry.tag

    def tag(registry: Registry, version: ModelVersion, tags: Mapping[str, str]) -> None:
        original(registry, version, tags)
        if PROMOTED_AT in tags and version.number == "2":
            registry.promote(registry.find("3"))

    monkeypatch.setattr(Registry, "tag", tag)
    code, text = world.run("registry", "promote", "--version", "2")

    assert code == 1
    assert "Another version was promoted while version 2" in text
    with open_registry(world.configuration, os.environ) as registry:
        champion = registry.champion()
    assert champion is not None and champion.number == "3"
