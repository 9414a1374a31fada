"""What pylint said of the platform's code, kept in the repository for as long as that holds.

The platform's code is ten times the team's, changes with updates of the template only, and takes
pylint most of its time. Only a rating without any message is kept.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_FOLDER = ".lint_cache"
_FILE = "platform.json"
#: Where pylint looks for its settings.
_SETTINGS = ("pylintrc", ".pylintrc", "pyproject.toml", "setup.cfg", "tox.ini")


def recall(root: Path, targets: Sequence[str]) -> float | None:
    """The score of these folders, if they and everything that decides on it are as they were."""
    try:
        kept = json.loads((root / _FOLDER / _FILE).read_text(encoding="utf-8"))
        return float(kept["score"]) if kept["digest"] == _digest(root, targets) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(root: Path, targets: Sequence[str], score: float) -> None:
    """Keep the score of these folders; if that cannot be, pylint reads them again next time."""
    kept = {"digest": _digest(root, targets), "score": score}
    with suppress(OSError):
        (root / _FOLDER).mkdir(exist_ok=True)
        (root / _FOLDER / _FILE).write_text(json.dumps(kept), encoding="utf-8")


def _digest(root: Path, targets: Sequence[str]) -> str:
    """Of the files, their settings, and the versions of what reads them."""
    digest = hashlib.sha256(repr((sys.version_info, _pylint_version())).encode())
    files = [path for target in targets for path in sorted((root / target).rglob("*.py"))]
    for path in [*(root / name for name in _SETTINGS), *files]:
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        digest.update(f"\n{path.relative_to(root).as_posix()} {content}".encode())
    return digest.hexdigest()


def _pylint_version() -> str:
    try:
        return version("pylint")
    except PackageNotFoundError:
        return ""
