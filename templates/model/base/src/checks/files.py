"""The files of a repository, read so that no file can do harm: no links, no limitless sizes."""

from __future__ import annotations

import os
import stat
import subprocess  # argument lists only, never a shell
from collections.abc import Iterator
from pathlib import Path

#: What the platform owns: equal in every repository, and not for a team to change.
_PLATFORM_OWNED = ("src/", "tests/platform/", ".eac-model/")
_NOT_OURS = frozenset({".git", "__pycache__", "node_modules", "outputs", "build", "dist", "mlruns"})
_LARGEST_BYTES = 10_000_000


def repository_files(root: Path) -> list[Path]:
    """The regular files that git tracks or would add; without git all but those of tools.

    Links are left out: what they lead to is either here under its own name or not ours.
    """
    names = _listed_by_git(root) if (root / ".git").exists() else None
    paths = _walk(root) if names is None else (root / name for name in names)
    return sorted(path for path in paths if _is_regular(path))


def is_platform_owned(name: str) -> bool:
    """Whether the platform owns a path, given from the root of the repository."""
    return name.startswith(_PLATFORM_OWNED)


def read_bytes(path: Path) -> bytes:
    """The file's first ten megabytes; nothing for a file that cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_BYTES)
    except OSError:
        return b""


def is_cut(path: Path) -> bool:
    """Whether ``read_bytes`` leaves out the end of this file."""
    return path.stat().st_size > _LARGEST_BYTES


def text_of(content: bytes) -> str | None:
    """The text in a file's content, in UTF-8, UTF-16 or else Latin-1; ``None`` if it is binary."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\0" in content[:8192]:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _listed_by_git(root: Path) -> list[str] | None:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        completed = subprocess.run(command, cwd=root, capture_output=True, check=False)
    except OSError:
        return None
    if completed.returncode != 0:
        return None
    return [os.fsdecode(name) for name in completed.stdout.split(b"\0") if name]


def _walk(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = [
            name
            for name in folders
            if name not in _NOT_OURS
            and not name.endswith(("_cache", ".egg-info"))
            and not os.path.exists(os.path.join(folder, name, "pyvenv.cfg"))
        ]
        yield from (Path(folder, name) for name in names)


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False
