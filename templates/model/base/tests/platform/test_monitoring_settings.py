"""monitoring.yml: every problem of it is found, and all at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from mloccli.errors import FindingError, ProblemsError
from mloccli.monitoring.settings import MonitoringSettings, read_settings

SETTINGS: dict[str, Any] = {
    "minimum_rows": 30,
    "limits": {"psi": 0.25, "ks": 0.3},
    "columns": {"amount": {"psi": 0.1, "missing": 0.02}, "row_number": "ignore"},
    "drifted_columns": 2,
    "windows": {"drifted": 2, "of": 3},
    "cool_down_days": 7,
}


def read(folder: Path, **changes: Any) -> MonitoringSettings:
    content = {name: value for name, value in {**SETTINGS, **changes}.items() if value is not ...}
    (folder / "monitoring.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    return read_settings(folder)


def test_the_settings_are_those_of_the_file(tmp_path: Path) -> None:
    settings = read(tmp_path)

    assert settings.minimum_rows == 30
    assert (settings.drifted_columns, settings.drifted_windows, settings.of_windows) == (2, 2, 3)
    assert settings.cool_down_days == 7
    assert settings.ignored_columns == {"row_number"}


def test_a_column_has_its_own_limits_and_otherwise_those_of_all(tmp_path: Path) -> None:
    settings = read(tmp_path)

    assert settings.limits_of("amount") == {"psi": 0.1, "ks": 0.3, "missing": 0.02}
    assert settings.limits_of("another") == {"psi": 0.25, "ks": 0.3}


def test_columns_can_be_left_out(tmp_path: Path) -> None:
    assert read(tmp_path, columns=...).column_limits == {}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"minimum_rows": 0}, "minimum_rows: 0 is not a whole number from 1."),
        ({"minimum_rows": ...}, "minimum_rows: nothing is not a whole number from 1."),
        ({"minimum_rows": True}, "minimum_rows: True is not a whole number from 1."),
        ({"limits": {}}, "limits: it holds no limit, so that nothing would be drift."),
        ({"limits": ...}, "limits: it holds no limit, so that nothing would be drift."),
        ({"limits": {"psi": 0}}, "limits.psi: 0 is not a number above 0."),
        ({"limits": {"psi": "0.2 "}}, "limits.psi: '0.2 ' is not a number above 0."),
        ({"limits": {"psi": float("nan")}}, "limits.psi: nan is not a number above 0."),
        (
            {"limits": {"p_value": 0.05}},
            "limits.p_value: no such measure; there are psi, ks, missing, unseen.",
        ),
        ({"columns": ["amount"]}, "columns: write `name: { psi: 0.1 }` or `name: ignore` lines."),
        ({"columns": {"amount": 0.1}}, "columns.amount: write its limits, or `ignore`."),
        ({"columns": {"amount": {"psi": -1}}}, "columns.amount.psi: -1 is not a number above 0."),
        ({"drifted_columns": 0.5}, "drifted_columns: 0.5 is not a whole number from 1."),
        ({"windows": 3}, "windows: write it as `{ drifted: 2, of: 3 }`."),
        ({"windows": {"drifted": 2}}, "windows: write it as `{ drifted: 2, of: 3 }`."),
        ({"windows": {"drifted": 0, "of": 1}}, "windows.drifted: 0 is not a whole number from 1."),
        (
            {"windows": {"drifted": 3, "of": 2}},
            "windows: 3 of 2 windows can never drift; swap the numbers.",
        ),
        ({"cool_down_days": -1}, "cool_down_days: -1 is not a number from 0."),
        ({"cool_down_days": ...}, "cool_down_days: nothing is not a number from 0."),
        ({"cooldown_days": 1}, "cooldown_days: no such setting. Did you mean cool_down_days?"),
    ],
)
def test_each_problem_is_named(tmp_path: Path, changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        read(tmp_path, **changes)

    assert caught.value.problems == (problem,)


def test_all_problems_are_reported_at_once(tmp_path: Path) -> None:
    with pytest.raises(ProblemsError) as caught:
        read(tmp_path, minimum_rows="many", limits={"psi": -1}, windows=0, cool_down_days="long")

    assert len(caught.value.problems) == 4


def test_a_missing_file_is_a_finding(tmp_path: Path) -> None:
    with pytest.raises(FindingError, match="monitoring.yml does not exist"):
        read_settings(tmp_path)


def test_a_column_that_does_not_exist_is_found_with_what_was_meant(tmp_path: Path) -> None:
    problems = read(tmp_path).unknown_columns(["amounts", "row_number", "score"])

    assert problems == [
        "columns.amount: neither the data nor the scores have it. Did you mean amounts?"
    ]
