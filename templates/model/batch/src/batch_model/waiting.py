"""Waiting for something in the workspace to happen: patiently, but not for ever."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Patience:
    """How long to wait, and how long the pauses between two looks are.

    They grow, so that an end is seen soon after a short wait, and a long one asks seldom.
    """

    timeout_seconds: float
    first_pause_seconds: float = 0.5
    longest_pause_seconds: float = 15


def wait_for(look: Callable[[], _Found | None], patience: Patience) -> _Found | None:
    """The first thing that a look finds; ``None`` when there was nothing in time."""
    deadline = time.monotonic() + patience.timeout_seconds
    pause = patience.first_pause_seconds
    while (found := look()) is None:
        left = deadline - time.monotonic()
        if left <= 0:
            return None
        time.sleep(min(pause, left))
        pause = min(pause * 1.2, patience.longest_pause_seconds)
    return found
