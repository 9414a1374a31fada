"""Deciding what drift leads to: nothing, waiting, or a training. Nothing here touches a service.

    stable             the window has not drifted
    waiting            it has, but too few of the last windows have
    cooling down       enough have, but a training was started a short time ago
    trigger            the training is to be started
    already triggered  this window of this version started it before
    not enough data    too few rows to say anything; neither drift nor its absence
    broken data        a column is gone or empty; training on such data would make it worse
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from .drift import ColumnDrift, DriftReport
from .history import History, Verdict, Window
from .settings import MonitoringSettings

Outcome: TypeAlias = Literal[
    "stable",
    "waiting",
    "cooling down",
    "trigger",
    "already triggered",
    "not enough data",
    "broken data",
]

#: Outcomes that a person has to look at; nothing can be said of the model.
FAULTS: frozenset[Outcome] = frozenset({"not enough data", "broken data"})


@dataclass(frozen=True)
class Moment:
    """What is judged, and when: one window of data for one version of the model."""

    model_name: str
    version: str
    window: str
    now: datetime

    @property
    def key(self) -> str:
        """Names the training that this window may start; there is never a second one."""
        return f"drift:{self.model_name}:{self.version}:{self.window}"


@dataclass(frozen=True)
class ColumnVerdict:
    """One column against its limits."""

    found: ColumnDrift
    limits: Mapping[str, float]
    exceeded: tuple[str, ...]

    @property
    def drifted(self) -> bool:
        """Whether any measure is above its limit."""
        return bool(self.exceeded)

    @property
    def reason(self) -> str:
        """The verdict on this column, and why."""
        if self.found.is_broken:
            return f"BROKEN: {self.found.note}"
        if self.found.state == "not compared":
            return f"not compared: {self.found.note}"
        verdict = "DRIFT" if self.drifted else "stable"
        over = [f"{name} above {self.limits[name]:g}" for name in self.exceeded]
        why = "; ".join([*over, *filter(None, [self.found.note])])
        return f"{verdict}: {why}" if why else verdict


@dataclass(frozen=True)
class Decision:
    """What was decided on one window, and everything that led to it."""

    moment: Moment
    outcome: Outcome
    reasons: tuple[str, ...]
    rows: int
    reference_rows: int
    columns: tuple[ColumnVerdict, ...]
    window: Window


def decide(
    settings: MonitoringSettings, report: DriftReport, history: History, moment: Moment
) -> Decision:
    """The decision on a window, given what was remembered before it."""
    columns = judge_columns(settings, report)
    verdict, reason = _judge_window(settings, report, columns)
    at = moment.now.isoformat(timespec="seconds")
    window = Window(moment.version, moment.window, at, verdict, report.rows)
    known = history.with_window(window)
    window = known.window_of(moment.version, moment.window) or window
    outcome, more = _outcome(settings, known, window, moment)
    reasons = (reason, *more)
    return Decision(
        moment, outcome, reasons, report.rows, report.reference_rows, columns, window
    )


def judge_columns(
    settings: MonitoringSettings, report: DriftReport
) -> tuple[ColumnVerdict, ...]:
    """Each column of the report against its limits, without those that the team ignores."""
    return tuple(
        _judge_column(found, settings.limits_of(found.column))
        for found in report.columns
        if found.column not in settings.ignored_columns
    )


def _judge_column(found: ColumnDrift, limits: Mapping[str, float]) -> ColumnVerdict:
    exceeded = tuple(
        name for name, value in found.measures.items() if name in limits and value > limits[name]
    )
    return ColumnVerdict(found, limits, exceeded)


def _judge_window(
    settings: MonitoringSettings, report: DriftReport, columns: tuple[ColumnVerdict, ...]
) -> tuple[Verdict, str]:
    """What one window shows on its own; few rows are judged first, for they prove nothing."""
    if report.rows < settings.minimum_rows:
        return (
            "not enough data",
            f"The window has {report.rows} rows; {settings.minimum_rows} are needed.",
        )
    broken = [column.found.column for column in columns if column.found.is_broken]
    if broken:
        return "broken data", f"Nothing arrives in {', '.join(broken)}; look at the data's source."
    if not any(column.found.state == "measured" for column in columns):
        return "not enough data", "No column could be compared with the reference."
    drifted = [column.found.column for column in columns if column.drifted]
    names = f": {', '.join(drifted)}" if drifted else ""
    count = f"{len(drifted)} of {len(columns)} columns drifted{names}"
    needed = settings.drifted_columns
    if len(drifted) < needed:
        return "stable", f"{count}. The window drifts with {needed}."
    return "drift", f"{count}."


def _outcome(
    settings: MonitoringSettings, history: History, window: Window, moment: Moment
) -> tuple[Outcome, tuple[str, ...]]:
    if window.verdict != "drift":
        return window.verdict, ()
    done = history.trigger_of(moment.version, moment.window)
    if done:
        return "already triggered", (f"This window started {done.run} at {done.at}.",)
    drifted, counted = _drifted_windows(settings, history, moment)
    needed = f"{settings.drifted_windows} of {settings.of_windows}"
    counts = f"{drifted} of the last {counted} windows drifted; {needed} start the training."
    if drifted < settings.drifted_windows:
        return "waiting", (counts,)
    until = _cooling_until(settings, history)
    if until is not None and moment.now < until:
        latest = history.triggers[-1]
        return "cooling down", (
            counts,
            f"A training was started at {latest.at}; the next one starts from "
            f"{until.isoformat(timespec='seconds')} on.",
        )
    return "trigger", (counts,)


def _drifted_windows(
    settings: MonitoringSettings, history: History, moment: Moment
) -> tuple[int, int]:
    """How many of the last windows drifted, and how many there are to count.

    Windows of another version had another reference, and windows that were not measured say
    nothing; neither counts.
    """
    measured: list[Window] = []
    for window in history.windows:
        if window.version == moment.version and window.verdict in ("drift", "stable"):
            measured.append(window)
        if (window.version, window.window) == (moment.version, moment.window):
            break
    last = measured[-settings.of_windows :]
    return sum(window.verdict == "drift" for window in last), len(last)


def _cooling_until(settings: MonitoringSettings, history: History) -> datetime | None:
    """When the next training may start; one of any version counts, it is the same model."""
    if not history.triggers:
        return None
    latest = datetime.fromisoformat(history.triggers[-1].at)
    return latest + timedelta(days=settings.cool_down_days)
