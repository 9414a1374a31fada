"""Where a package comes from: commit, branch and pipeline run, as far as they are known."""

from __future__ import annotations

import os
import subprocess  # argument lists only, never a shell
from datetime import datetime, timezone
from pathlib import Path


def read_origin(root: Path) -> dict[str, object]:
    """Version, commit, branch, run and time; ``None`` for what cannot be known here."""
    commit = os.environ.get("BUILD_SOURCEVERSION") or _git(root, "rev-parse", "HEAD")
    branch = os.environ.get("BUILD_SOURCEBRANCHNAME") or _git(root, "branch", "--show-current")
    run = os.environ.get("BUILD_BUILDNUMBER")
    return {
        "version": run or (commit[:12] if commit else "local"),
        "git_commit": commit,
        "git_branch": branch,
        "pipeline_run": run,
        "packaged_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }


def _git(root: Path, *arguments: str) -> str | None:
    try:
        completed = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return completed.stdout.strip() or None
