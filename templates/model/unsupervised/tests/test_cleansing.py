"""Unit tests of the cleansing; yours to change together with it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from model_modules.cleansing import cleanse, kept_rows
from model_modules.data import FEATURES, KNOWN_GROUP, load_raw_data


def flowers(*lengths: Any) -> pd.DataFrame:
    data = pd.DataFrame({name: [1.0] * len(lengths) for name in FEATURES})
    return data.assign(petal_length_cm=lengths, **{KNOWN_GROUP: "setosa"})


def test_one_flower_of_the_demo_was_measured_twice() -> None:
    reasons = cleanse(load_raw_data())["reject_reason"]

    assert reasons[reasons != ""].to_list() == ["a flower that was measured before"]
    assert len(kept_rows(load_raw_data())) == len(load_raw_data()) - 1


@pytest.mark.parametrize(
    ("length", "reason"),
    [
        (2.0, ""),
        (0.1, ""),
        (0.0, "a length that is not above 0"),
        (-1.0, "a length that is not above 0"),
        (1.0, "a flower that was measured before"),
        (None, "a value is missing"),
    ],
)
def test_each_flower_is_kept_or_left_out_for_its_reason(length: float, reason: str) -> None:
    cleansed = cleanse(flowers(1.0, length))

    assert list(cleansed["reject_reason"]) == ["", reason]


def test_rows_keep_their_order_and_the_kept_ones_their_columns() -> None:
    data = flowers(3.0, -1.0, 2.0)

    assert list(cleanse(data).index) == [0, 1, 2]
    pd.testing.assert_frame_equal(kept_rows(data), data.loc[[0, 2]])
