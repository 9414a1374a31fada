"""Installing the model's environment with conda where one is active, else with pip."""

from __future__ import annotations

import os
import shutil
import subprocess  # argument lists only, never a shell
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..errors import RemoteError
from .requirements import Requirements, is_met


def plan_install(
    requirements: Requirements, environment: Mapping[str, str], *, quiet: bool = False
) -> list[str]:
    """The one command that installs the requirements into the running Python's environment."""
    options = ["--quiet"] if quiet else []
    if requirements.file.suffix == ".yml":
        conda = _active_conda(environment)
        if conda is not None:
            prefix = environment["CONDA_PREFIX"]
            file = str(requirements.file)
            return [conda, "env", "update", *options, "--prefix", prefix, "--file", file]
    return [sys.executable, "-m", "pip", "install", *options, "--", *requirements.lines]


def install(requirements: Requirements, *, quiet: bool = False) -> None:
    """Install what the model needs and is not there, or raise with the installer's exit code."""
    command = plan_install(requirements, os.environ, quiet=quiet)
    # pip takes seconds to find that nothing is to do; conda's file has more than Python can see.
    if command[0] == sys.executable and all(map(is_met, requirements.lines)):
        return
    _run(command)


def _active_conda(environment: Mapping[str, str]) -> str | None:
    prefix = environment.get("CONDA_PREFIX")
    if prefix is None or Path(prefix).resolve() != Path(sys.prefix).resolve():
        return None
    return environment.get("CONDA_EXE") or shutil.which("conda")


def _run(command: Sequence[str]) -> None:
    try:
        completed = subprocess.run(list(command), check=False)
    except OSError as error:
        raise RemoteError(f"{command[0]} cannot be started: {error.strerror}.") from error
    if completed.returncode != 0:
        raise RemoteError(
            f"Installing the environment failed; the installer exited with "
            f"{completed.returncode}.",
            "Its own messages stand above. Check the versions in the environment file and the "
            "package index of this machine.",
        )
