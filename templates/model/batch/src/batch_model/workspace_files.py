"""Which files of the repository go into the workspace, where, and in which form.

Notebooks become notebooks and lose their extension, as Databricks has it; every other file stays
a file under its own name, so that the repository can be found from a notebook's folder.
"""

from __future__ import annotations

import base64
import subprocess  # argument lists only, never a shell
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..base_variables import BASE_VARIABLES_FILE
from ..config import Repository
from ..errors import FindingError, ProblemsError

#: The language of a notebook by its extension, and the line that every notebook begins with.
NOTEBOOKS = {
    ".py": ("PYTHON", "# Databricks notebook source"),
    ".sql": ("SQL", "-- Databricks notebook source"),
    ".scala": ("SCALA", "// Databricks notebook source"),
    ".r": ("R", "# Databricks notebook source"),
}
_LARGEST_BYTES = 10 * 1024 * 1024
_CACHES = frozenset({"__pycache__", ".ipynb_checkpoints", ".pytest_cache", ".mypy_cache"})


@dataclass(frozen=True)
class WorkspaceItem:
    """One file and what it becomes; ``language`` is ``None`` unless it is a notebook."""

    path: str
    source: Path
    language: str | None = None

    @property
    def form(self) -> str:
        """The format of the import: SOURCE makes a notebook, RAW keeps the file as it is."""
        return "RAW" if self.language is None else "SOURCE"

    def content(self) -> str:
        """The content as the workspace takes it."""
        return base64.b64encode(self.source.read_bytes()).decode("ascii")


def plan_import(repository: Repository, folder: str) -> list[WorkspaceItem]:
    """An item for each file of the model folder and for base_variables.yml, sorted by path.

    Notebooks without their first line, files that are too large, and two files for one path are
    reported all at once.
    """
    items = []
    problems: list[str] = []
    for path in repository_files(repository):
        name = repository.relative(path)
        language = notebook_language(path)
        if language is None and _is_misnamed(repository, path):
            line = NOTEBOOKS[path.suffix.lower()][1]
            problems.append(f"{name}: it does not begin with `{line}`, so no job could run it.")
        size = (path.stat().st_size + 2) // 3 * 4
        if size > _LARGEST_BYTES:
            problems.append(f"{name}: encoded it has {size} bytes, and Databricks takes 10 MB.")
        target = name if language is None else name[: -len(path.suffix)]
        items.append(WorkspaceItem(f"{folder}/{target}", path, language))
    counts = Counter(item.path for item in items)
    problems += [f"{path}: two files would become it." for path in counts if counts[path] > 1]
    if problems:
        raise ProblemsError(
            "The workspace cannot take these files:", problems, "Nothing was imported."
        )
    return sorted(items, key=lambda item: item.path)


def notebook_language(path: Path) -> str | None:
    """The language of a notebook; ``None`` for every other file."""
    language, header = NOTEBOOKS.get(path.suffix.lower(), (None, None))
    if header is None:
        return None
    with path.open("rb") as file:
        line = file.readline(200).decode("utf-8-sig", errors="replace").rstrip("\r\n")
    return language if line == header else None


def repository_files(repository: Repository) -> list[Path]:
    """The files for the workspace: those that git knows or would add, never a cache.

    Outside git every file counts whose name does not begin with a dot.
    """
    folder = repository.model_folder
    listed = _files_of_git(repository)
    found = _files_below(folder) if listed is None else listed
    kept = {path for path in found if folder in path.parents and not _CACHES & set(path.parts)}
    outside = [path for path in sorted(kept) if not _is_inside(path, repository.root)]
    if outside:
        names = ", ".join(repository.relative(path) for path in outside)
        raise FindingError(
            f"Links lead out of the repository: {names}.", "Put the files themselves there."
        )
    variables = repository.root / BASE_VARIABLES_FILE
    return sorted(path for path in {*kept, variables} if path.is_file())


def _is_misnamed(repository: Repository, path: Path) -> bool:
    """Whether a file that is no notebook stands among the notebooks."""
    return path.parent == repository.model_folder / "notebooks" and (
        path.suffix.lower() in NOTEBOOKS
    )


def _files_of_git(repository: Repository) -> list[Path] | None:
    command = ["git", "-C", str(repository.root), "ls-files", "--cached", "--others"]
    command += ["--exclude-standard", "-z", "--", str(repository.model_folder)]
    try:
        completed = subprocess.run(command, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    names: Sequence[str] = completed.stdout.decode("utf-8", "surrogateescape").split("\0")
    return [repository.root / name for name in names if name]


def _files_below(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield path


def _is_inside(path: Path, root: Path) -> bool:
    return path.resolve().is_relative_to(root.resolve())
