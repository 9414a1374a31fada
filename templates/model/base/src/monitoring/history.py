"""What monitoring remembers: the windows it measured and the trainings it started.

The memory is a JSON file, and where the registry is reachable the tags of the model's versions
as well; both hold the same records, and reading them together loses none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar

from ..errors import FindingError, UsageError
from ..model.files import read_json_object

WINDOW_TAG = "monitor.window."
TRIGGER_TAG = "monitor.trigger."

Verdict: TypeAlias = Literal["drift", "stable", "not enough data", "broken data"]

_FORMAT = 1
_VERDICTS = ("drift", "stable", "not enough data", "broken data")
_WINDOW = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,49}")


@dataclass(frozen=True)
class Window:
    """One window of current data and what it showed of a model version; ``at`` is UTC."""

    version: str
    window: str
    at: str
    verdict: Verdict
    rows: int


@dataclass(frozen=True)
class Trigger:
    """One training that a window started; ``run`` is its address."""

    version: str
    window: str
    at: str
    run: str


@dataclass(frozen=True)
class History:
    """All records, the oldest first, one for each version and window."""

    windows: tuple[Window, ...] = ()
    triggers: tuple[Trigger, ...] = ()

    def with_window(self, new: Window) -> History:
        """With the window; one that is measured again keeps its place in time."""
        old = self.window_of(new.version, new.window)
        kept = tuple(window for window in self.windows if window is not old)
        placed = replace(new, at=old.at) if old else new
        return replace(self, windows=_in_order((*kept, placed)))

    def with_trigger(self, new: Trigger) -> History:
        """With the trigger, unless that version and window have one."""
        if self.trigger_of(new.version, new.window):
            return self
        return replace(self, triggers=_in_order((*self.triggers, new)))

    def merged(self, other: History) -> History:
        """The records of both; where both know one, that of this history."""
        result = self
        for window in other.windows:
            if not result.window_of(window.version, window.window):
                result = result.with_window(window)
        for trigger in other.triggers:
            result = result.with_trigger(trigger)
        return result

    def window_of(self, version: str, window: str) -> Window | None:
        """What this window showed of this version."""
        return _named(self.windows, version, window)

    def trigger_of(self, version: str, window: str) -> Trigger | None:
        """The training that this window of this version started."""
        return _named(self.triggers, version, window)


def check_window(window: str) -> str:
    """The name of a window, which becomes part of a tag; UsageError when it cannot."""
    if not _WINDOW.fullmatch(window):
        raise UsageError(
            f"{window!r} cannot name a window.",
            "Use up to 50 letters, digits, hyphens and underscores, such as 2026-01-31.",
        )
    return window


def read_history(path: Path, model_name: str) -> History:
    """The history of a model in a file; a file that does not exist yet is an empty history."""
    if not path.exists():
        return History()
    content = read_json_object(path)
    if content.get("format") != _FORMAT or content.get("model_name") != model_name:
        raise FindingError(
            f"{path} is not a monitoring history of {model_name}.",
            "Name another file with --history; this one was left as it is.",
        )
    try:
        return History(
            _in_order(_window(entry) for entry in _entries(content, "windows")),
            _in_order(_trigger(entry) for entry in _entries(content, "triggers")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise FindingError(
            f"{path} holds a record that cannot be read: {error}.",
            "Restore the file from the previous run, or name another one with --history.",
        ) from error


def write_history(path: Path, model_name: str, history: History) -> None:
    """Write the history; the file is the new one or the old one, never half of one."""
    content = {"format": _FORMAT, "model_name": model_name, **asdict(history)}
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_text(f"{json.dumps(content, indent=2, ensure_ascii=False)}\n", encoding="utf-8")
    new.replace(path)


def history_of_tags(version: str, tags: Mapping[str, str]) -> History:
    """The records that a version's tags hold; a tag that somebody wrote differently is left out."""
    windows: list[Window] = []
    triggers: list[Trigger] = []
    for name, value in tags.items():
        try:
            if name.startswith(WINDOW_TAG):
                known = {"version": version, "window": name.removeprefix(WINDOW_TAG)}
                windows.append(_window({**json.loads(value), **known}))
            elif name.startswith(TRIGGER_TAG):
                known = {"version": version, "window": name.removeprefix(TRIGGER_TAG)}
                triggers.append(_trigger({**json.loads(value), **known}))
        except (KeyError, TypeError, ValueError):
            continue
    return History(_in_order(windows), _in_order(triggers))


def tag_of(record: Window | Trigger) -> tuple[str, str]:
    """The name and the value of the tag that holds a record."""
    content = {
        name: value for name, value in asdict(record).items() if name not in ("version", "window")
    }
    prefix = WINDOW_TAG if isinstance(record, Window) else TRIGGER_TAG
    return f"{prefix}{record.window}", json.dumps(content)


def now_utc() -> datetime:
    """The time now, in UTC and without fractions of a second."""
    return datetime.now(timezone.utc).replace(microsecond=0)


_Record = TypeVar("_Record", Window, Trigger)


def _named(records: Iterable[_Record], version: str, window: str) -> _Record | None:
    for record in records:
        if (record.version, record.window) == (version, window):
            return record
    return None


def _in_order(records: Iterable[_Record]) -> tuple[_Record, ...]:
    return tuple(sorted(records, key=lambda record: (record.at, record.window)))


def _entries(content: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    entries = content[name]
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise TypeError(f"{name} is not a list of records")
    return entries


def _window(entry: Mapping[str, Any]) -> Window:
    if entry["verdict"] not in _VERDICTS:
        raise ValueError(f"the verdict {entry['verdict']!r}")
    return Window(
        str(entry["version"]),
        str(entry["window"]),
        _time(entry),
        entry["verdict"],
        int(entry["rows"]),
    )


def _trigger(entry: Mapping[str, Any]) -> Trigger:
    return Trigger(str(entry["version"]), str(entry["window"]), _time(entry), str(entry["run"]))


def _time(entry: Mapping[str, Any]) -> str:
    """A UTC time as text, so that texts sort by time."""
    at = datetime.fromisoformat(str(entry["at"]))
    if at.tzinfo is None:
        raise ValueError(f"the time {entry['at']!r} without its zone")
    return at.astimezone(timezone.utc).isoformat(timespec="seconds")
