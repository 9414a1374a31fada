"""REST serving: a good request gets one prediction for each row, a wrong one a reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from mloccli.errors import DataError
from mloccli.model.package import open_package
from mloccli.rest_model.score_request import score_request
from mloccli.rest_model.serving import score_example, write_example

from .conftest import MakeRepository
from .test_package import packaged

SPLIT = {"columns": ["word", "left"], "data": [["a", 5], ["b", 1], ["c", 3]]}
RECORDS = [{"left": 5, "word": "a"}, {"word": "b", "left": 1}, {"left": 3, "word": "c"}]


def answer(make_repository: MakeRepository, request: Any) -> Any:
    with open_package(packaged(make_repository())) as model:
        return json.loads(score_request(json.dumps(request), model.score))


@pytest.mark.parametrize(
    "request_body",
    [
        {"dataframe_split": SPLIT},
        {"dataframe_split": {**SPLIT, "index": [9, 4, 7]}},
        {"dataframe_records": RECORDS},
    ],
)
def test_a_request_gets_one_prediction_for_each_row_in_order(
    make_repository: MakeRepository, request_body: Any
) -> None:
    response = answer(make_repository, request_body)

    assert response == {"predictions": [{"double": 10}, {"double": 2}, {"double": 6}]}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{", "not JSON"),
        ("[]", "exactly one entry"),
        ("{}", "exactly one entry"),
        ('{"instances": []}', "neither dataframe_split nor dataframe_records"),
        ('{"dataframe_split": {"columns": ["left"]}}', "a list of rows"),
        ('{"dataframe_split": {"columns": ["left"], "data": [[1, 2]]}}', "Row 0 does not have 1"),
        ('{"dataframe_split": {"columns": ["a", "a"], "data": []}}', "names a column twice"),
        ('{"dataframe_split": {"columns": ["left"], "data": []}}', "holds no rows"),
        (
            '{"dataframe_split": {"columns": ["left"], "index": [1], "data": [[1], [2]]}}',
            "one entry for each row",
        ),
        ('{"dataframe_records": []}', "holds no rows"),
        ('{"dataframe_records": [{"left": 1}]}', "has no column word"),
        ('{"dataframe_records": [{"left": "one", "word": "a"}]}', "left is not int64"),
        ('{"dataframe_records": [{"left": null, "word": "a"}]}', "left is not int64"),
    ],
)
def test_a_wrong_request_is_refused_with_a_reason(
    make_repository: MakeRepository, body: str, expected: str
) -> None:
    with (
        open_package(packaged(make_repository())) as model,
        pytest.raises(DataError, match=expected),
    ):
        score_request(body, model.score)


def test_an_error_of_the_model_is_not_the_senders() -> None:
    def broken(_: pd.DataFrame) -> pd.DataFrame:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        score_request('{"dataframe_records": [{"left": 1}]}', broken)


def test_an_example_is_a_request_and_comes_back_exactly(tmp_path: Path) -> None:
    data = pd.DataFrame({"a": [0.1 + 0.2, 1e-30], "b": ["x", 'quoted "z"']}, index=[3, 1])
    path = tmp_path / "example.json"

    write_example(path, data)

    assert list(json.loads(path.read_text(encoding="utf-8"))) == ["dataframe_split"]
    back = score_example(path, lambda frame: frame)
    assert back.to_dict("list") == data.to_dict("list")
