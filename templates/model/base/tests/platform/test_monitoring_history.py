"""The memory of monitoring: no record is lost, none is kept twice, and times keep their order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from mloccli.errors import FindingError, UsageError
from mloccli.monitoring.history import (
    History,
    Trigger,
    Window,
    check_window,
    history_of_tags,
    read_history,
    tag_of,
    write_history,
)

FIRST = Window("3", "2026-01-01", "2026-01-02T06:00:00+00:00", "drift", 120)
SECOND = Window("3", "2026-01-02", "2026-01-03T06:00:00+00:00", "stable", 130)
TRIGGER = Trigger("3", "2026-01-01", "2026-01-02T06:01:00+00:00", "https://dev.azure.com/run/7")


def test_a_history_reads_back_as_it_was_written(tmp_path: Path) -> None:
    history = History().with_window(SECOND).with_window(FIRST).with_trigger(TRIGGER)
    path = tmp_path / "new" / "history.json"

    write_history(path, "iris", history)

    assert read_history(path, "iris") == history
    assert history.windows == (FIRST, SECOND)
    assert [entry.name for entry in path.parent.iterdir()] == ["history.json"]


def test_a_file_that_does_not_exist_is_an_empty_history(tmp_path: Path) -> None:
    assert read_history(tmp_path / "history.json", "iris") == History()


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        {"format": 2, "model_name": "iris", "windows": [], "triggers": []},
        {"format": 1, "model_name": "churn", "windows": [], "triggers": []},
        {"format": 1, "model_name": "iris"},
        {"format": 1, "model_name": "iris", "windows": [3], "triggers": []},
        {"format": 1, "model_name": "iris", "windows": [{}], "triggers": []},
        {"format": 1, "model_name": "iris", "windows": [], "triggers": [{"version": "3"}]},
    ],
)
def test_a_file_that_is_no_history_is_refused_and_left(tmp_path: Path, content: Any) -> None:
    path = tmp_path / "history.json"
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_text(text, encoding="utf-8")

    with pytest.raises(FindingError, match="history.json"):
        read_history(path, "iris")
    assert path.read_text(encoding="utf-8") == text


def test_a_window_that_is_measured_again_keeps_its_place_in_time() -> None:
    again = Window("3", "2026-01-01", "2026-02-01T06:00:00+00:00", "stable", 125)

    history = History((FIRST, SECOND)).with_window(again)

    assert [(window.window, window.verdict) for window in history.windows] == [
        ("2026-01-01", "stable"),
        ("2026-01-02", "stable"),
    ]


def test_a_second_trigger_of_the_same_window_is_not_kept() -> None:
    other = Trigger("3", "2026-01-01", "2026-01-09T06:00:00+00:00", "https://dev.azure.com/run/8")

    assert History().with_trigger(TRIGGER).with_trigger(other).triggers == (TRIGGER,)


def test_histories_are_merged_without_losing_or_doubling_a_record() -> None:
    older = History((FIRST,), (TRIGGER,))
    newer = History((FIRST, SECOND))

    assert newer.merged(older) == older.merged(newer) == History((FIRST, SECOND), (TRIGGER,))


def test_records_survive_as_tags_of_a_version() -> None:
    tags = dict([tag_of(FIRST), tag_of(SECOND), tag_of(TRIGGER)])

    assert set(tags) == {
        "monitor.window.2026-01-01",
        "monitor.window.2026-01-02",
        "monitor.trigger.2026-01-01",
    }
    assert history_of_tags("3", {**tags, "git_commit": "abc"}) == History(
        (FIRST, SECOND), (TRIGGER,)
    )


@pytest.mark.parametrize("value", ["", "yes", "3", "{}", '{"at": "yesterday", "run": ""}'])
def test_a_tag_that_somebody_wrote_by_hand_is_left_out(value: str) -> None:
    tags = {"monitor.window.x": value, "monitor.trigger.x": value}

    assert history_of_tags("3", tags) == History()


def test_times_of_other_zones_sort_by_their_moment() -> None:
    late = tag_of(FIRST)[1].replace("2026-01-02T06:00:00+00:00", "2026-01-02T01:00:00-06:00")

    history = history_of_tags("3", {"monitor.window.late": late, **dict([tag_of(FIRST)])})

    assert [window.window for window in history.windows] == ["2026-01-01", "late"]


@pytest.mark.parametrize("window", ["2026-01-31", "2026-W05", "run_17", "x"])
def test_plain_names_name_a_window(window: str) -> None:
    assert check_window(window) == window


@pytest.mark.parametrize("window", ["", "-x", "a/b", "a b", "a\n", "ä", "x" * 51, "a.b:c"])
def test_other_names_cannot_name_a_window(window: str) -> None:
    with pytest.raises(UsageError, match="cannot name a window"):
        check_window(window)
