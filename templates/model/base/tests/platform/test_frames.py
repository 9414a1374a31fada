"""Tables as JSON: plain values there and back, and every difference between scores told."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from mloccli.model.frames import frame_from_json, frame_to_json, score_differences


def test_every_kind_of_value_becomes_plain_json() -> None:
    data = pd.DataFrame(
        {
            "number": [0.1 + 0.2, float("nan"), float("inf")],
            "count": pd.array([1, None, 3], dtype="Int64"),
            "text": ["å", None, ""],
            "time": pd.to_datetime(["2026-01-02T03:04:05Z", "NaT", "2026-01-02T00:00:00Z"]),
            "flag": [True, False, True],
            "kind": pd.Categorical(["a", "b", "a"]),
        }
    )

    rows = json.loads(json.dumps(frame_to_json(data), allow_nan=False))["data"]

    assert rows == [
        [0.1 + 0.2, 1, "å", "2026-01-02T03:04:05+00:00", True, "a"],
        [None, None, None, None, False, "b"],
        [None, 3, "", "2026-01-02T00:00:00+00:00", True, "a"],
    ]


def test_a_table_comes_back_with_its_index() -> None:
    data = pd.DataFrame({"a": [1e-30, 2.5]}, index=["x", "y"])

    pd.testing.assert_frame_equal(frame_from_json(frame_to_json(data)), data)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        ({"a": [1.0, 2.0], "b": ["x", "y"]}, []),
        ({"a": [1.0 + 1e-9, 2.0], "b": ["x", "y"]}, []),
        ({"a": [1.001, 2.0], "b": ["x", "y"]}, ["a, row 0: 1.001, expected 1.0"]),
        ({"a": [1.0, float("nan")], "b": ["x", "y"]}, ["a, row 1: nan is not a finite number"]),
        ({"a": [1.0, 2.0], "b": ["y", "x"]}, ["b, row 0", "b, row 1"]),
        ({"b": ["x", "y"], "a": [1.0, 2.0]}, ["columns are"]),
        ({"a": [1.0], "b": ["x"]}, ["1 rows, expected 2"]),
    ],
)
def test_differences_between_scores_are_told(actual: dict[str, Any], expected: list[str]) -> None:
    wanted = pd.DataFrame({"a": [1.0, 2.0], "b": ["x", "y"]})

    found = score_differences(wanted, pd.DataFrame(actual))

    assert len(found) == len(expected)
    assert all(text.startswith(start) for text, start in zip(found, expected))
