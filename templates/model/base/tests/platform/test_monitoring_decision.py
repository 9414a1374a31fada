"""What drift leads to: each outcome, and the border between each two of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from mloccli.errors import FindingError
from mloccli.monitoring.decide import FAULTS, Decision, Moment, decide
from mloccli.monitoring.drift import ColumnDrift, DriftReport
from mloccli.monitoring.history import History, Trigger, Verdict, Window
from mloccli.monitoring.report import (
    format_decision,
    format_summary,
    read_decision,
    stored,
    write_decision,
)
from mloccli.monitoring.settings import MonitoringSettings

NOW = datetime(2026, 1, 20, 12, tzinfo=timezone.utc)
SETTINGS = MonitoringSettings(
    minimum_rows=100,
    limits={"psi": 0.25, "ks": 0.3},
    drifted_columns=1,
    drifted_windows=2,
    of_windows=3,
    cool_down_days=7,
    column_limits={"tight": {"psi": 0.1}},
    ignored_columns=frozenset({"ignored"}),
)


def column(name: str = "x", **measures: float) -> ColumnDrift:
    return ColumnDrift(name, "data", "measured", {"psi": 0.0, "ks": 0.0, **measures})


DRIFT, STABLE = column(psi=0.26), column(psi=0.24)


def day(number: int) -> str:
    return (NOW - timedelta(days=20 - number)).isoformat(timespec="seconds")


def windows(*verdicts: Verdict, version: str = "3") -> History:
    """Windows of the days 10, 11 and so on."""
    return History(
        tuple(
            Window(version, f"day-{number}", day(number), verdict, 500)
            for number, verdict in enumerate(verdicts, 10)
        )
    )


def decided(
    *columns: ColumnDrift,
    history: History | None = None,
    settings: MonitoringSettings = SETTINGS,
    rows: int = 500,
) -> Decision:
    report = DriftReport(rows, 1000, columns)
    return decide(settings, report, history or History(), Moment("iris", "3", "day-20", NOW))


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (column(psi=0.25), "stable"),
        (column(psi=0.2500001), "drift"),
        (column(ks=0.3), "stable"),
        (column(ks=0.31), "drift"),
        (column(missing=0.9), "stable"),  # It has no limit.
        (column("tight", psi=0.1), "stable"),
        (column("tight", psi=0.11), "drift"),
        (column("tight", ks=0.31), "drift"),
        (column("ignored", psi=9), "not enough data"),
    ],
)
def test_a_window_drifts_when_a_measure_is_above_its_limit(
    found: ColumnDrift, verdict: Verdict
) -> None:
    assert decided(found).window.verdict == verdict


def test_a_window_drifts_when_enough_columns_do() -> None:
    settings = replace(SETTINGS, drifted_columns=2)
    two = (column("a", psi=1), column("b", psi=1), column("c"))

    assert decided(DRIFT, column("b"), settings=settings).window.verdict == "stable"
    assert decided(*two, settings=settings).window.verdict == "drift"


@pytest.mark.parametrize(
    ("before", "outcome"),
    [
        ((), "waiting"),
        (("stable", "stable"), "waiting"),
        (("drift",), "trigger"),
        (("drift", "stable"), "trigger"),
        (("stable", "drift"), "trigger"),
        (("drift", "stable", "stable"), "waiting"),
        (("drift", "not enough data", "broken data", "stable"), "trigger"),
    ],
)
def test_two_of_the_last_three_measured_windows_start_the_training(
    before: tuple[Verdict, ...], outcome: str
) -> None:
    assert decided(DRIFT, history=windows(*before)).outcome == outcome


def test_one_window_of_one_starts_the_training_at_once() -> None:
    settings = replace(SETTINGS, drifted_windows=1, of_windows=1)

    assert decided(DRIFT, settings=settings).outcome == "trigger"


def test_a_stable_window_starts_nothing_whatever_came_before() -> None:
    assert decided(STABLE, history=windows("drift", "drift")).outcome == "stable"


def test_windows_of_another_version_do_not_count() -> None:
    history = windows("drift", "drift", version="2")

    assert decided(DRIFT, history=history).outcome == "waiting"


def test_a_window_that_is_measured_again_counts_once() -> None:
    earlier = Window("3", "day-20", day(15), "stable", 300)

    again = decided(DRIFT, history=History((earlier,)))

    assert again.outcome == "waiting"
    assert again.window == Window("3", "day-20", day(15), "drift", 500)


def test_an_old_window_that_is_measured_again_is_judged_by_those_before_it() -> None:
    history = windows("stable", "stable", "drift", "drift")
    moment = Moment("iris", "3", "day-11", NOW)

    decision = decide(SETTINGS, DriftReport(500, 1000, (DRIFT,)), history, moment)

    assert decision.outcome == "waiting"


@pytest.mark.parametrize(
    ("triggered", "version", "outcome"),
    [
        (13, "3", "trigger"),  # Exactly seven days ago.
        (14, "3", "cooling down"),
        (14, "2", "cooling down"),
        (20, "3", "cooling down"),
    ],
)
def test_no_training_starts_while_the_last_one_cools_down(
    triggered: int, version: str, outcome: str
) -> None:
    trigger = Trigger(version, "another", day(triggered), "https://run/1")
    history = windows("drift", "drift").with_trigger(trigger)

    assert decided(DRIFT, history=history).outcome == outcome


def test_the_same_window_of_the_same_version_starts_one_training_only() -> None:
    settings = replace(SETTINGS, cool_down_days=0)
    history = windows("drift", "drift").with_trigger(
        Trigger("3", "day-20", day(19), "https://run/1")
    )

    decision = decided(DRIFT, history=history, settings=settings)

    assert decision.outcome == "already triggered"
    assert "https://run/1" in decision.reasons[1]


@pytest.mark.parametrize("rows", [0, 99])
@pytest.mark.parametrize("columns", [(), (DRIFT,), (STABLE,), (ColumnDrift("x", "data", "gone"),)])
def test_too_few_rows_are_not_enough_data_and_never_an_absence_of_drift(
    rows: int, columns: tuple[ColumnDrift, ...]
) -> None:
    decision = decided(*columns, rows=rows, history=windows("drift", "drift"))

    assert decision.outcome == "not enough data"
    assert decision.outcome in FAULTS
    assert decision.reasons == (f"The window has {rows} rows; 100 are needed.",)


def test_exactly_enough_rows_are_enough() -> None:
    assert decided(STABLE, rows=100).outcome == "stable"


def test_the_latest_of_several_trainings_cools_down() -> None:
    history = windows("drift", "drift")
    for number in (1, 16):
        history = history.with_trigger(Trigger("3", f"day-{number}", day(number), "https://run"))

    decision = decided(DRIFT, history=history)

    assert decision.outcome == "cooling down"
    assert day(16) in decision.reasons[-1]
    assert day(23) in decision.reasons[-1]


@pytest.mark.parametrize("state", ["gone", "all missing"])
def test_broken_data_never_starts_a_training(state: str) -> None:
    broken = ColumnDrift("amount", "data", "gone" if state == "gone" else "all missing")

    decision = decided(broken, DRIFT, history=windows("drift", "drift"))

    assert decision.outcome == "broken data"
    assert decision.outcome in FAULTS
    assert "amount" in decision.reasons[0]


def test_columns_that_cannot_be_compared_prove_nothing() -> None:
    times = ColumnDrift("at", "data", "not compared", note="neither numbers nor categories")

    assert decided(times).outcome == "not enough data"
    assert decided(times, STABLE).outcome == "stable"


def test_the_key_names_model_version_and_window() -> None:
    assert decided(DRIFT).moment.key == "drift:iris:3:day-20"


def test_the_table_names_each_column_with_its_measures_and_the_reason() -> None:
    score = replace(column("probability", psi=0.02), part="scores")

    text = format_decision(decided(column("amount", psi=1.23456), score))

    assert text.startswith("Monitoring of iris 3, window day-20: waiting.\n")
    assert "amount               1.235  0.000  -        -       DRIFT: psi above 0.25\n" in text
    assert "probability (score)  0.020  0.000  -        -       stable\n" in text
    assert text.endswith("1 of the last 1 windows drifted; 2 of 3 start the training.")


def test_the_summary_is_markdown_that_a_category_cannot_break() -> None:
    hostile = replace(DRIFT, note="not in the reference: a|b <script>")

    summary = format_summary(decided(hostile))

    assert "**waiting**" in summary
    assert "a\\|b &lt;script>" in summary


def test_a_decision_is_kept_for_the_next_step(tmp_path: Path) -> None:
    decision = decided(DRIFT, history=windows("drift"))

    write_decision(tmp_path, decision)

    kept = read_decision(tmp_path)
    assert kept == stored(decision)
    assert (kept.outcome, kept.key) == ("trigger", "drift:iris:3:day-20")
    content = json.loads((tmp_path / "decision.json").read_text(encoding="utf-8"))
    assert content["columns"][0]["exceeded"] == ["psi"]
    assert content["columns"][0]["limits"] == {"psi": 0.25, "ks": 0.3}


@pytest.mark.parametrize("content", [None, "[]", "{}", '{"reasons": [], "outcome": 1}'])
def test_what_is_no_decision_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "decision.json").write_text(content, encoding="utf-8")

    with pytest.raises(FindingError):
        read_decision(tmp_path)


def test_measures_are_shown_whatever_their_limits() -> None:
    limits: Mapping[str, float] = {"ks": 0.3}
    settings = replace(SETTINGS, limits=limits)

    assert "0.260" in format_decision(decided(DRIFT, settings=settings))
