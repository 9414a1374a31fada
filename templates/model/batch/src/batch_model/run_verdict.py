"""What the state of a run means: it goes on, it succeeded, or how it failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_ENDS = frozenset({"TERMINATED", "SKIPPED", "INTERNAL_ERROR"})
_REASONS = {
    "FAILED": "it failed",
    "TIMEDOUT": "it took longer than its timeout",
    "CANCELED": "it was cancelled",
    "SUCCESS_WITH_FAILURES": "some of its tasks failed",
    "MAXIMUM_CONCURRENT_RUNS_REACHED": "another run of the job was active",
    "EXCLUDED": "its conditions were not met",
    "UPSTREAM_FAILED": "a task before it failed",
    "UPSTREAM_CANCELED": "a task before it was cancelled",
    "DISABLED": "it is disabled",
}
_REASONS_WITHOUT_RESULT = {
    "SKIPPED": "it was skipped, because another run of the job was active",
    "INTERNAL_ERROR": "the Jobs service itself failed",
}
_FAILED_ITSELF = frozenset({"FAILED", "TIMEDOUT", "CANCELED"})


@dataclass(frozen=True)
class TaskRun:
    """The last attempt of one task."""

    key: str
    run_id: int
    result: str


@dataclass(frozen=True)
class Verdict:
    """How a run ended; ``reason`` is empty when it succeeded."""

    reason: str
    tasks: tuple[TaskRun, ...]

    @property
    def succeeded(self) -> bool:
        """Only a run whose result is SUCCESS did; that it ended says nothing."""
        return self.reason == ""

    @property
    def failed_tasks(self) -> tuple[TaskRun, ...]:
        """The tasks that failed themselves, not because of others."""
        return tuple(task for task in self.tasks if task.result in _FAILED_ITSELF)


def judge_run(run: Mapping[str, Any]) -> Verdict | None:
    """The verdict on a run as the Jobs API describes it; ``None`` while it goes on."""
    state = run.get("state") or {}
    life_cycle = state.get("life_cycle_state")
    if life_cycle not in _ENDS:
        return None
    result = state.get("result_state")
    tasks = _last_attempts(run.get("tasks") or [])
    if life_cycle == "TERMINATED" and result == "SUCCESS":
        return Verdict("", tasks)
    reason = _REASONS.get(str(result)) or _REASONS_WITHOUT_RESULT.get(str(life_cycle))
    said = str(state.get("state_message") or "").strip().rstrip(".")
    return Verdict((reason or "it ended without a result") + (f": {said}" if said else ""), tasks)


def progress_of(run: Mapping[str, Any]) -> str:
    """Where a run is, in one word."""
    return str((run.get("state") or {}).get("life_cycle_state") or "UNKNOWN")


def _last_attempts(tasks: list[Mapping[str, Any]]) -> tuple[TaskRun, ...]:
    last: dict[str, TaskRun] = {}
    for task in sorted(tasks, key=lambda task: int(task.get("attempt_number") or 0)):
        result = (task.get("state") or {}).get("result_state") or ""
        last[str(task["task_key"])] = TaskRun(
            str(task["task_key"]), int(task["run_id"]), str(result)
        )
    return tuple(last.values())
