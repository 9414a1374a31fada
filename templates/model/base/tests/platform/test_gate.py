"""The gate's decision: pure, fails closed, and in the right direction."""

from __future__ import annotations

import math
import random
from pathlib import Path

import pytest
from mloccli.errors import FindingError
from mloccli.model.acceptance import passed_gate
from mloccli.model.candidate import Candidate
from mloccli.model.files import write_json
from mloccli.model.gate import GateVerdict, Metrics, decide
from mloccli.model.settings import Direction, Threshold, read_thresholds

HIGHER = Threshold("accuracy", 0.5, None)
LOWER = Threshold("error", None, 0.5)
BETWEEN = Threshold("share", 0.2, 0.8)


@pytest.mark.parametrize(
    ("threshold", "candidate", "champion", "verdict"),
    [
        (HIGHER, 0.7, None, "first version"),
        (HIGHER, 0.7, 0.6, "promote"),
        (HIGHER, 0.7, 0.7, "keep champion"),
        (HIGHER, 0.6, 0.7, "keep champion"),
        (HIGHER, 0.4, 0.3, "keep champion"),
        (HIGHER, 0.4, None, "keep champion"),
        (HIGHER, 0.5, 0.4, "promote"),
        (LOWER, 0.1, 0.2, "promote"),
        (LOWER, 0.2, 0.1, "keep champion"),
        (LOWER, 0.2, 0.2, "keep champion"),
        (LOWER, 0.6, 0.7, "keep champion"),
        (HIGHER, None, 0.6, "error"),
        (HIGHER, None, None, "error"),
        (HIGHER, math.nan, 0.6, "error"),
        (HIGHER, math.inf, 0.6, "error"),
        (LOWER, -math.inf, 0.6, "error"),
        (HIGHER, 0.7, math.nan, "error"),
        (HIGHER, 0.7, math.inf, "error"),
        (BETWEEN, 0.5, 0.4, "error"),
        (BETWEEN, 0.5, None, "first version"),
        (Threshold("share", 0.2, 0.8, better="lower"), 0.3, 0.4, "promote"),
        (Threshold("share", 0.2, 0.8, better="higher"), 0.3, 0.4, "keep champion"),
    ],
)
def test_one_metric(
    threshold: Threshold, candidate: float | None, champion: float | None, verdict: GateVerdict
) -> None:
    before = None if champion is None else {threshold.metric: champion}

    decision = decide([threshold], {threshold.metric: candidate}, before)

    assert decision.verdict == verdict
    assert decision.passes is (verdict in ("promote", "first version"))
    assert decision.reasons


@pytest.mark.parametrize(
    ("candidate", "champion", "expected"),
    [
        (0.7, 0.6, True),
        (0.7, 0.7, True),
        (0.6, 0.7, True),
        (0.4, 0.3, False),
        (0.4, None, False),
        (None, 0.6, False),
        (0.7, math.nan, False),
    ],
)
def test_to_be_no_better_is_not_to_be_too_low(
    candidate: float | None, champion: float | None, expected: bool
) -> None:
    before = None if champion is None else {"accuracy": champion}

    assert decide([HIGHER], {"accuracy": candidate}, before).is_good_enough is expected


@pytest.mark.parametrize(
    ("tolerance", "minimum_improvement", "candidate", "verdict"),
    [
        (0, 0.01, 0.709, "keep champion"),
        (0, 0.01, 0.71, "promote"),
        (0, 0.1, 0.8, "promote"),  # 0.8 - 0.7 is a little less than 0.1 in floating point.
        (0, 0, 0.7 + 1e-16, "keep champion"),
        (0, 0, 0.7001, "promote"),
    ],
)
def test_a_small_gain_counts_only_when_it_is_allowed_to(
    tolerance: float, minimum_improvement: float, candidate: float, verdict: GateVerdict
) -> None:
    threshold = Threshold(
        "accuracy", 0.5, None, tolerance=tolerance, minimum_improvement=minimum_improvement
    )

    assert decide([threshold], {"accuracy": candidate}, {"accuracy": 0.7}).verdict == verdict


@pytest.mark.parametrize(
    ("accuracy", "error", "verdict"),
    [
        (0.8, 0.2, "promote"),
        (0.8, 0.21, "promote"),
        (0.8, 0.23, "keep champion"),
        (0.7, 0.1, "promote"),
        (0.69, 0.1, "keep champion"),
        (0.7, 0.21, "keep champion"),
    ],
)
def test_no_metric_may_be_worse_than_its_tolerance_and_one_must_be_better(
    accuracy: float, error: float, verdict: GateVerdict
) -> None:
    thresholds = [HIGHER, Threshold("error", None, 0.5, tolerance=0.02)]

    decision = decide(
        thresholds, {"accuracy": accuracy, "error": error}, {"accuracy": 0.7, "error": 0.2}
    )

    assert decision.verdict == verdict


def test_a_metric_that_the_champion_does_not_have_is_an_error_until_the_team_says_otherwise() -> (
    None
):
    candidate, champion = {"accuracy": 0.8, "new": 0.9}, {"accuracy": 0.7}

    strict = decide([HIGHER, Threshold("new", 0.5, None)], candidate, champion)
    told = decide([HIGHER, Threshold("new", 0.5, None, compare=False)], candidate, champion)

    assert strict.verdict == "error"
    assert "compare: false" in strict.reasons[0]
    assert told.verdict == "promote"


def test_a_metric_without_threshold_is_shown_and_must_be_a_number() -> None:
    assert decide([HIGHER], {"accuracy": 0.8, "other": 1.0}, None).verdict == "first version"
    assert decide([HIGHER], {"accuracy": 0.8, "other": math.nan}, None).verdict == "error"
    assert decide([], {"other": 1.0}, None).verdict == "error"
    assert decide([], {}, None).verdict == "error"


def test_the_tables_show_both_models() -> None:
    decision = decide([HIGHER], {"accuracy": 0.8}, {"accuracy": 0.7})

    assert "accuracy  0.8000     0.7000    ≥ 0.5" in decision.table
    assert "| accuracy | 0.8000 | 0.7000 | ≥ 0.5 | better" in decision.markdown_table


@pytest.mark.parametrize("seed", range(200))
def test_properties_that_always_hold(seed: int) -> None:
    chance = random.Random(seed)
    thresholds = [_threshold(chance, f"m{number}") for number in range(chance.randint(1, 4))]
    candidate = {item.metric: chance.random() for item in thresholds}
    champion = {item.metric: chance.random() for item in thresholds}
    forward = decide(thresholds, candidate, champion).verdict
    backward = decide(thresholds, candidate=champion, champion=candidate).verdict

    assert forward != "first version"
    assert not forward == backward == "promote"
    assert decide(thresholds, candidate, candidate).verdict != "promote"
    assert decide(list(reversed(thresholds)), candidate, champion).verdict == forward
    broken: Metrics = {**candidate, thresholds[0].metric: chance.choice([None, math.nan])}
    assert decide(thresholds, broken, champion).verdict == "error"
    if forward == "promote":
        assert all(item.accepts(candidate[item.metric]) for item in thresholds)
        assert decide(thresholds, candidate, None).verdict == "first version"
        improved = {
            item.metric: _better(item, candidate[item.metric]) for item in thresholds
        }
        assert decide(thresholds, improved, champion).verdict in ("promote", "keep champion")
        if all(item.accepts(improved[item.metric]) for item in thresholds):
            assert decide(thresholds, improved, champion).verdict == "promote"


@pytest.mark.parametrize(
    ("limits", "direction"),
    [
        ("minimum: 0.5", "higher"),
        ("maximum: 0.5", "lower"),
        ("minimum: 0.2, maximum: 0.5", None),
        ("minimum: 0.2, maximum: 0.5, better: lower", "lower"),
        ("minimum: 0.2, better: higher, tolerance: 0.1, minimum_improvement: 0.01", "higher"),
        ("minimum: 0.2, compare: false", None),
    ],
)
def test_which_values_are_better_follows_from_the_file(
    tmp_path: Path, limits: str, direction: Direction | None
) -> None:
    path = tmp_path / "evaluation_thresholds.yml"
    path.write_text(f"metric: {{ {limits} }}\n", encoding="utf-8")

    assert read_thresholds(tmp_path)[0].direction == direction


@pytest.mark.parametrize(
    ("limits", "problem"),
    [
        ("minimum: 0.5, better: lower", "better: lower contradicts its only limit, the minimum"),
        ("maximum: 0.5, better: higher", "better: higher contradicts its only limit"),
        ("minimum: 0.5, better: more", "'more' is neither higher nor lower"),
        ("minimum: 0.5, tolerance: -0.1", "tolerance: -0.1 is below 0"),
        ("minimum: 0.5, tolerance: .nan", "tolerance: nan is not a finite number"),
        ("minimum: 0.5, compare: 3", "compare: 3 is neither true nor false"),
        ("tolerance: 0.1", "it has neither minimum nor maximum"),
        ("minimum: 0.5, minimal_improvement: 1", "'minimal_improvement' is none of"),
    ],
)
def test_what_cannot_be_meant_in_the_file_is_a_finding(
    tmp_path: Path, limits: str, problem: str
) -> None:
    path = tmp_path / "evaluation_thresholds.yml"
    path.write_text(f"metric: {{ {limits} }}\n", encoding="utf-8")

    with pytest.raises(FindingError, match=problem):
        read_thresholds(tmp_path)


@pytest.mark.parametrize(
    ("record", "has_registry", "problem"),
    [
        (None, False, ""),
        (None, True, "did not go through the gate"),
        ({"verdict": "promote", "registry": "iris"}, True, ""),
        ({"verdict": "first version", "registry": "iris"}, True, ""),
        ({"verdict": "first version", "registry": None}, False, ""),
        ({"verdict": "first version", "registry": None}, True, "it knew of no registry"),
        ({"verdict": "keep champion", "registry": "iris"}, True, "did not let the model pass"),
        ({"verdict": "keep champion", "registry": None}, False, "did not let the model pass"),
        ({"verdict": "error", "registry": "iris"}, True, "did not let the model pass: error"),
        ({"verdict": "PROMOTE", "registry": "iris"}, True, "did not let the model pass"),
        ({"registry": "iris"}, True, "did not let the model pass"),
        ({"verdict": "promote", "model_sha256": "other"}, True, "of another model"),
    ],
)
def test_only_a_gate_that_let_exactly_this_model_pass_counts(
    tmp_path: Path, record: dict[str, object] | None, has_registry: bool, problem: str
) -> None:
    candidate = Candidate(tmp_path, tmp_path / "model.json", "this", {})
    if record is not None:
        write_json(tmp_path / "gate.json", {"model_sha256": "this", **record})

    if problem:
        with pytest.raises(FindingError, match=problem):
            passed_gate(candidate, has_registry)
    else:
        passed_gate(candidate, has_registry)


def _threshold(chance: random.Random, metric: str) -> Threshold:
    limit = chance.uniform(0, 0.6)
    tolerance, improvement = chance.choice([0, 0.05]), chance.choice([0, 0.05])
    if chance.random() < 0.5:
        return Threshold(metric, limit, None, None, tolerance, improvement)
    return Threshold(metric, None, 1 - limit, None, tolerance, improvement)


def _better(threshold: Threshold, value: float) -> float:
    return value + 0.2 if threshold.direction == "higher" else value - 0.2
