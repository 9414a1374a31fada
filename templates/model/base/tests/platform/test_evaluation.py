"""Judging metrics: it fails closed, and in the right direction."""

from __future__ import annotations

import json
import math

import pandas as pd
import pytest
from mloccli.config import read_model_variables
from mloccli.errors import ModelCodeError
from mloccli.model.data_digest import digest_of
from mloccli.model.evaluation import format_summary, is_accepted, judge
from mloccli.model.settings import Threshold
from mloccli.model.tasks import evaluate_model, train_model

from .conftest import FILES, MakeRepository
from .test_checks import SUPERVISED, WITH_TRAINING

AT_LEAST = Threshold("accuracy", 0.9, None)
AT_MOST = Threshold("error", None, 0.1)
BETWEEN = Threshold("share", 0.2, 0.4)


@pytest.mark.parametrize(
    ("threshold", "value", "accepted"),
    [
        (AT_LEAST, 0.91, True),
        (AT_LEAST, 0.9, True),
        (AT_LEAST, 0.8999, False),
        (AT_MOST, 0.09, True),
        (AT_MOST, 0.1, True),
        (AT_MOST, 0.1001, False),
        (BETWEEN, 0.3, True),
        (BETWEEN, 0.1, False),
        (BETWEEN, 0.5, False),
        (AT_LEAST, math.nan, False),
        (AT_LEAST, math.inf, False),
        (AT_MOST, -math.inf, False),
    ],
)
def test_a_metric_must_be_finite_and_in_its_range(
    threshold: Threshold, value: float, accepted: bool
) -> None:
    verdicts = judge([threshold], {threshold.metric: value})

    assert is_accepted(verdicts) is accepted


def test_a_missing_metric_fails() -> None:
    verdicts = judge([AT_LEAST, AT_MOST], {"error": 0.01})

    assert [verdict.passed for verdict in verdicts] == [False, True]
    assert verdicts[0].row == ("accuracy", "missing", "≥ 0.9", "FAILED: the metric is missing")


def test_a_metric_without_threshold_is_shown_and_must_be_finite() -> None:
    assert is_accepted(judge([AT_LEAST], {"accuracy": 1.0, "other": 3.0}))
    assert not is_accepted(judge([AT_LEAST], {"accuracy": 1.0, "other": math.nan}))


def test_nothing_to_judge_is_not_accepted() -> None:
    assert not is_accepted(judge([], {}))


def test_the_summary_says_whether_the_model_is_accepted() -> None:
    good = format_summary("sums", 12, judge([AT_LEAST], {"accuracy": 0.95}))
    bad = format_summary("sums", 12, judge([AT_LEAST], {"accuracy": 0.5}))

    assert "\naccepted, on 12 rows." in good
    assert "| accuracy | 0.9500 | ≥ 0.9 | passed |" in good
    assert "**not accepted**" in bad
    assert "FAILED: outside the range" in bad


def test_an_evaluation_that_fails_leaves_no_older_one_behind(
    make_repository: MakeRepository,
) -> None:
    pytest.importorskip("joblib")
    repository = make_repository(WITH_TRAINING, SUPERVISED)
    variables = read_model_variables(repository)
    folder = repository.root / "outputs" / "candidate"
    train_model(repository, variables, folder)
    evaluate_model(repository, variables, folder)
    assert json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))["accepted"]
    (folder / "gate.json").write_text("{}", encoding="utf-8")
    name = "the_model/model_modules/scoring.py"
    broken = {name: FILES[name].replace("return pd", "raise RuntimeError('no') or pd")}

    with pytest.raises(ModelCodeError):
        evaluate_model(make_repository({**WITH_TRAINING, **broken}, SUPERVISED), variables, folder)

    assert not (folder / "evaluation.json").exists()
    assert not (folder / "gate.json").exists()


def test_the_digest_tells_data_apart_by_values_order_index_and_names() -> None:
    data = pd.DataFrame({"left": [1.0, float("nan")], "word": ["a", None]})
    others = [
        data.assign(left=[1.0, 2.0]),
        data.iloc[::-1],
        data.set_axis([5, 6]),
        data.rename(columns={"word": "words"}),
        data[["word", "left"]],
    ]

    digests = {digest_of(other) for other in (data, *others)}

    assert digest_of(data.copy()) == digest_of(data)
    assert len(digests) == 6
    assert digest_of(pd.DataFrame({"lists": [[1], [2]]})) != digest_of(
        pd.DataFrame({"lists": [[1], [3]]})
    )
