"""Batch serving: every row once, in order, with who scored it and when."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pandas as pd
import pytest
from mloccli.batch_model.score_table import score_table
from mloccli.batch_model.serving import score_example, write_example
from mloccli.errors import DataError
from mloccli.model.package import open_package

from .conftest import MakeRepository
from .test_package import packaged

NOON = datetime(2026, 1, 2, 12, tzinfo=timezone.utc)
TABLE = pd.DataFrame(
    {"id": ["x", "y", "z"], "left": [5, 1, 3], "word": ["a", "b", "c"]}, index=[9, 4, 7]
)


def test_a_table_gets_its_scores_beside_each_row(make_repository: MakeRepository) -> None:
    with open_package(packaged(make_repository())) as model:
        version = model.version
        scored = score_table(model, TABLE, NOON)

    assert list(scored.columns) == [
        *("id", "left", "word", "double", "model_name", "model_version", "scored_at")
    ]
    assert scored.index.equals(TABLE.index)
    assert list(scored["id"]) == ["x", "y", "z"]
    assert list(scored["double"]) == [10, 2, 6]
    assert set(scored["model_name"]) == {"sums"}
    assert set(scored["model_version"]) == {version}
    assert set(scored["scored_at"]) == {NOON}


def test_rows_under_the_same_index_are_not_multiplied(make_repository: MakeRepository) -> None:
    table = TABLE.set_axis([1, 1, 1])

    with open_package(packaged(make_repository())) as model:
        scored = score_table(model, table, NOON)

    assert list(scored["double"]) == [10, 2, 6]


def test_scores_take_the_place_of_old_ones(make_repository: MakeRepository) -> None:
    with open_package(packaged(make_repository())) as model:
        scored = score_table(model, TABLE.assign(double=0), NOON)

    assert list(scored["double"]) == [10, 2, 6]


def test_an_example_comes_back_exactly(tmp_path: Path) -> None:
    data = pd.DataFrame({"a": [0.1 + 0.2, 1e-17], "b": ["x,y", 'quoted "z"']}, index=[3, 1])
    path = tmp_path / "example.csv"

    write_example(path, data)

    pd.testing.assert_frame_equal(score_example(path, lambda frame: frame), data.set_axis([0, 1]))


@pytest.mark.parametrize("content", ["", "a,b\n", 'a,b\n1,2,3\n"'])
def test_a_broken_example_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "example.csv"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(DataError, match="example.csv"):
        score_example(path, lambda frame: frame)
