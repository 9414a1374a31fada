"""Drift is measured against the reference's own bins, in the right direction, and never guessed."""

from __future__ import annotations

import json
from decimal import Decimal
from math import inf, log, nan
from typing import Any

import pandas as pd
import pytest
from mloccli.errors import FindingError
from mloccli.monitoring.drift import (
    ColumnDrift,
    DriftReport,
    kolmogorov_smirnov,
    measure_drift,
    population_stability_index,
)
from mloccli.monitoring.reference import bin_edges, bin_shares, build_reference, describe

NO_SCORES = pd.DataFrame({"score": [0.0]})


def measured(reference: list[Any], current: list[Any]) -> ColumnDrift:
    """The drift of one column."""
    report = compare(pd.DataFrame({"x": reference}), pd.DataFrame({"x": current}))
    return report.columns[0]


def compare(reference: pd.DataFrame, current: pd.DataFrame) -> DriftReport:
    return measure_drift(build_reference(reference, NO_SCORES), current, None)


def noise(count: int, start: int) -> list[float]:
    """Numbers from 0 to 1 without a pattern, the same in every run."""
    return [((start + index) * 7919 % 10007) / 10007 for index in range(count)]


@pytest.mark.parametrize(
    ("expected", "actual", "index"),
    [
        ([0.5, 0.5], [0.5, 0.5], 0),
        # (0.4 - 0.5) ln(0.4 / 0.5) + (0.6 - 0.5) ln(0.6 / 0.5)
        ([0.5, 0.5], [0.4, 0.6], 0.0405465),
        # (0.2 - 0.1) ln 2 + (0.5 - 0.6) ln(5 / 6) + 0
        ([0.1, 0.6, 0.3], [0.2, 0.5, 0.3], 0.0875469),
        # An empty bin counts as 0.0001, on either side.
        ([0.1, 0.9], [0.0, 1.0], (0.0001 - 0.1) * log(0.001) + 0.1 * log(10 / 9)),
        ([0.0, 1.0], [0.1, 0.9], (0.0001 - 0.1) * log(0.001) + 0.1 * log(10 / 9)),
        ([0.0, 1.0], [0.0, 1.0], 0),
    ],
)
def test_the_stability_index_of_tables_worked_out_by_hand(
    expected: list[float], actual: list[float], index: float
) -> None:
    assert population_stability_index(expected, actual) == pytest.approx(index, abs=1e-7)


def test_the_stability_index_never_sinks_below_zero_and_grows_with_the_distance() -> None:
    shares = [[0.5, 0.5], [0.4, 0.6], [0.2, 0.8], [0.0, 1.0]]

    indexes = [population_stability_index([0.5, 0.5], actual) for actual in shares]

    assert indexes == sorted(indexes)
    assert indexes[0] == 0
    assert len(set(indexes)) == 4


def test_shares_of_other_bins_are_not_compared() -> None:
    with pytest.raises(ValueError, match="longer"):
        population_stability_index([0.5, 0.5], [0.2, 0.3, 0.5])


def test_bins_hold_equal_shares_and_end_with_their_edge() -> None:
    numbers = [float(number) for number in range(1, 101)]

    edges = bin_edges(numbers)

    assert edges == [10, 20, 30, 40, 50, 60, 70, 80, 90]
    assert bin_shares(numbers, edges) == [0.1] * 10
    assert bin_shares([10.0, 10.5, 1000.0], edges) == [1 / 3, 1 / 3, *[0] * 7, 1 / 3]


@pytest.mark.parametrize(
    ("numbers", "edges"),
    [
        ([1.0, 2.0], [1]),
        ([0.0] * 99 + [1.0], [0]),
        ([0.0] + [1.0] * 99, [0]),
        ([1.0] * 30 + [2.0] * 30 + [3.0] * 30, [1, 2]),
        ([float(number) for number in range(25)], [12]),
        ([float(number) for number in range(30)], [9, 19]),
    ],
)
def test_few_or_repeated_numbers_get_fewer_bins(numbers: list[float], edges: list[float]) -> None:
    assert bin_edges(numbers) == edges
    assert min(bin_shares(numbers, edges)) > 0


@pytest.mark.parametrize(("rows", "other_rows"), [(60, 40), (101, 99), (90, 500)])
@pytest.mark.parametrize("move", [0, 0.02, 0.3, -0.3, 5])
def test_the_gap_is_that_of_scipy(rows: int, other_rows: int, move: float) -> None:
    stats = pytest.importorskip("scipy.stats")
    old, new = noise(rows, 1), [value * 1.1 + move for value in noise(other_rows, 4000)]

    found = measured(old, new).measures["ks"]

    assert found == pytest.approx(stats.ks_2samp(old, new).statistic, abs=1e-12)


@pytest.mark.parametrize("move", [0, 0.02, 0.3, -0.3, 5])
def test_the_gap_of_a_long_reference_is_that_of_scipy_but_for_one_hundredth(move: float) -> None:
    stats = pytest.importorskip("scipy.stats")
    old, new = noise(3000, 1), [value + move for value in noise(2000, 5000)]

    found = measured(old, new).measures["ks"]
    exact = stats.ks_2samp(old, new).statistic

    assert exact - 0.0101 <= found <= exact + 1e-12


def test_the_gap_of_repeated_numbers_is_that_of_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    old, new = [1, 1, 2, 3, 3, 3, 8, 9], [0, 1, 3, 3, 4, 9, 9, 9, 9]

    assert measured(old, new).measures["ks"] == stats.ks_2samp(old, new).statistic


def test_the_gap_worked_out_by_hand() -> None:
    # Up to 2 lies 1/2 of the reference and 1/4 of the current numbers.
    curve = [[1.0, 0.0, 0.25], [2.0, 0.25, 0.5], [3.0, 0.5, 0.75], [4.0, 0.75, 1.0]]

    assert kolmogorov_smirnov(curve, [2.0, 3.0, 4.0, 4.0]) == 0.25
    assert kolmogorov_smirnov(curve, [9.0, 9.0]) == 1
    assert kolmogorov_smirnov(curve, [-9.0, -9.0]) == 1


def test_the_same_rows_in_another_order_are_no_drift() -> None:
    column = measured(noise(200, 1), list(reversed(noise(200, 1))))

    assert column.measures == {"psi": 0, "ks": 0, "missing": 0}


@pytest.mark.parametrize("move", [0.4, -0.4])
def test_a_move_in_either_direction_raises_every_measure(move: float) -> None:
    column = measured(noise(500, 1), [value + move for value in noise(500, 1)])

    assert column.measures["psi"] > 0.25
    assert column.measures["ks"] == pytest.approx(0.4, abs=0.02)


def test_the_bins_stay_those_of_the_reference() -> None:
    # Bins of the current data would hold a tenth of it each, and hide that it moved.
    reference = build_reference(pd.DataFrame({"x": noise(1000, 1)}), NO_SCORES)
    before = json.dumps(reference)

    column = measure_drift(reference, pd.DataFrame({"x": [2.0] * 100}), None).columns[0]

    assert column.measures["psi"] > 5
    assert json.dumps(reference) == before


@pytest.mark.parametrize("value", [0.0, -3.5, 1e300])
@pytest.mark.parametrize("change", [-1e299, 1e299])
def test_a_constant_column_that_moves_is_drift_whichever_way(value: float, change: float) -> None:
    same = measured([value] * 50, [value] * 40).measures
    other = measured([value] * 50, [value + change] * 40).measures

    assert (same["psi"], same["ks"]) == (0, 0)
    assert other["psi"] > 10
    assert other["ks"] == 1


@pytest.mark.parametrize("values", [[1, 2, 3], ["a", "b", "a"]])
def test_missing_values_count_by_how_much_their_share_rose(values: list[Any]) -> None:
    risen = measured([*values, None], [*values[:2], None, None])
    fallen = measured([*values[:2], None, None], [*values, None])

    assert risen.measures["missing"] == pytest.approx(0.25)
    assert fallen.measures["missing"] == pytest.approx(-0.25)


def test_what_is_no_finite_number_is_missing() -> None:
    column = measured([1, 2, 3, 4], [1.0, inf, nan, "n/a"])

    assert column.measures["missing"] == pytest.approx(0.75)


@pytest.mark.parametrize("values", [[1, 2, 3, 4], ["a", "a", "b", "b"]])
def test_a_column_without_any_value_is_broken_and_not_measured(values: list[Any]) -> None:
    column = measured(values, [None, None])

    assert (column.state, column.is_broken, column.measures) == ("all missing", True, {})


def test_a_column_that_is_gone_is_broken_and_the_others_are_measured() -> None:
    report = compare(pd.DataFrame({"x": [1, 2], "y": [1, 2]}), pd.DataFrame({"y": [1, 2], "z": 0}))

    assert [(found.column, found.state) for found in report.columns] == [
        ("x", "gone"),
        ("y", "measured"),
    ]
    assert report.columns[0].is_broken


@pytest.mark.parametrize("values", [[None, None], [nan, inf]])
def test_a_column_without_a_reference_is_not_compared(values: list[Any]) -> None:
    column = measured(values, [1, 2])

    assert (column.state, column.is_broken) == ("not compared", False)


def test_times_are_not_compared_because_they_always_move() -> None:
    column = measured(list(pd.date_range("2026-01-01", periods=3)), [pd.Timestamp("2027-01-01")])

    assert column.state == "not compared"


def test_no_rows_say_nothing_about_any_column() -> None:
    report = compare(pd.DataFrame({"x": [1, 2]}), pd.DataFrame({"x": []}))

    assert (report.rows, report.reference_rows, report.columns) == (0, 2, ())


def test_categories_are_compared_by_their_shares() -> None:
    column = measured(["SE"] * 5 + ["FI"] * 5, ["SE"] * 4 + ["FI"] * 6)

    assert column.measures["psi"] == pytest.approx(0.0405465, abs=1e-7)
    assert column.measures["unseen"] == 0
    assert column.note == ""


def test_a_new_category_is_named_and_its_share_measured() -> None:
    column = measured(["SE"] * 8 + ["FI"] * 2, ["SE"] * 6 + ["FI"] * 2 + ["NO"] * 2)

    assert column.measures["unseen"] == pytest.approx(0.2)
    assert column.measures["psi"] > 1
    assert column.note == "not in the reference: NO"


def test_a_category_that_is_gone_is_drift() -> None:
    column = measured(["SE"] * 8 + ["FI"] * 2, ["SE"] * 10)

    assert column.measures["psi"] > 1


def test_a_category_of_a_single_row_is_never_named_however_large_its_share() -> None:
    assert describe(pd.Series(["often", "often", "once"]))["shares"] == {"often": 2 / 3}


def test_rare_categories_are_counted_together_and_never_named() -> None:
    names = ["often"] * 100 + [f"Person {number}" for number in range(100)]

    described = describe(pd.Series(names))

    assert described["shares"] == {"often": 0.5}
    assert described["other_share"] == 0.5
    assert measured(names, ["often"] * 10 + ["Somebody"] * 9 + ["else"]).measures["psi"] == 0
    assert "Person" not in measured(["often"] * 9, names).note


@pytest.mark.parametrize(
    "values",
    [
        [True, False, True],
        [Decimal("1.5"), Decimal("2.5"), None],
        pd.array([1, 2, None], dtype="Int64"),
        pd.Categorical(["a", "b", "a"]),
    ],
)
def test_columns_of_other_types_are_compared_too(values: Any) -> None:
    column = measured(values, values)

    assert column.state == "measured"
    assert column.measures["psi"] == 0


def test_a_reference_is_plain_json_and_reads_back_to_the_same_result() -> None:
    data = pd.DataFrame({"x": noise(300, 1), "word": ["a", "b", "c"] * 100, "none": [None] * 300})
    scores = pd.DataFrame({"score": noise(300, 50), "label": ["yes", "no"] * 150})

    reference = build_reference(data, scores)
    again = json.loads(json.dumps(reference, allow_nan=False))

    assert again == reference
    report = measure_drift(again, data, scores)
    assert [(column.part, column.column) for column in report.columns] == [
        ("data", "x"),
        ("data", "word"),
        ("data", "none"),
        ("scores", "score"),
        ("scores", "label"),
    ]
    assert all(value == 0 for column in report.columns for value in column.measures.values())


def test_a_reference_of_no_rows_is_refused() -> None:
    with pytest.raises(FindingError, match="no rows"):
        build_reference(pd.DataFrame({"x": []}), NO_SCORES)


def test_a_reference_of_another_format_is_refused() -> None:
    with pytest.raises(FindingError, match="another format"):
        measure_drift({"format": 99}, pd.DataFrame({"x": [1]}), None)
