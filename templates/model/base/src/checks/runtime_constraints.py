"""The library versions of a runtime, from a file, a folder, or an address on the network.

Folders and addresses hold ``python/dbr/<runtime>/constraints.txt``, one package in a line. What
came over the network is kept for a day.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ..environment.requirements import normalised_name
from ..errors import RemoteError, UsageError
from .files import read_bytes
from .runtime_facts import Runtime

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

_FRESH_SECONDS = 24 * 60 * 60


def read_constraints(where: str, runtime: Runtime, cache: Path) -> Mapping[str, SpecifierSet]:
    """The versions by normalised package name."""
    name = f"python/dbr/{runtime.key}/constraints.txt"
    if "://" in where:
        return _parse(_fetched(f"{where.rstrip('/')}/{name}", cache / f"{runtime.key}.txt"))
    path = Path(where) / name if Path(where).is_dir() else Path(where)
    if not path.is_file():
        raise UsageError(
            f"{path} does not exist, so the versions of {runtime.key} are not known.",
            "Give a constraints.txt, or a folder or an address that holds it under python/dbr.",
        )
    return _parse(read_bytes(path).decode("utf-8", errors="replace"))


def _fetched(url: str, cache: Path) -> str:
    from ..utils.http import Request, send

    if cache.is_file() and time.time() - cache.stat().st_mtime < _FRESH_SECONDS:
        return cache.read_text(encoding="utf-8")
    text = send(Request("GET", url, "The list of runtime libraries")).text
    if not _parse(text):
        raise RemoteError(
            "The list of runtime libraries names no package.",
            "Check DATABRICKS_CONSTRAINTS_URL; a sign-in page may stand in the way.",
        )
    cache.parent.mkdir(parents=True, exist_ok=True)
    cache.write_text(text, encoding="utf-8")
    return text


def _parse(text: str) -> dict[str, SpecifierSet]:
    from packaging.requirements import InvalidRequirement, Requirement

    versions = {}
    for line in text.splitlines():
        content = line.partition("#")[0].strip()
        if not content:
            continue
        try:
            requirement = Requirement(content)
        except InvalidRequirement:
            continue  # Another kind of line that pip knows; it names no version of a runtime.
        versions[normalised_name(requirement.name)] = requirement.specifier
    return versions
