"""Settings for libraries that read them from the process environment and from nowhere else."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


@contextmanager
def process_environment(settings: Mapping[str, str | None]) -> Iterator[None]:
    """The settings until the block ends, whatever happens in it; ``None`` takes a variable away."""
    before = {name: os.environ.get(name) for name in settings}
    try:
        _put(settings)
        yield
    finally:
        _put(before)


def _put(settings: Mapping[str, str | None]) -> None:
    for name, value in settings.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
