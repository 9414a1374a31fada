"""Runs this repository's tests on a machine that has nothing but Python and pip's package index.

    python src/scripts/run_tests.py                    all tests
    python src/scripts/run_tests.py -k scores -x       with options of pytest
    python src/scripts/run_tests.py --help             this text; installs nothing

It uses the active virtual or conda environment, or else makes one in .venv. It installs what
pyproject.toml and the model's environment file list, again only when one of them changes.
"""

from __future__ import annotations

import hashlib
import os
import subprocess  # argument lists only, never a shell
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OLDEST_PYTHON = (3, 10)
_ENVIRONMENT_FILES = ("*/model_modules/requirements.txt", "*/model_modules/environment.yml")


def main(arguments: Sequence[str]) -> int:
    """Prepare the environment, run pytest, and return its exit code."""
    if sys.version_info < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        print(f"Python {wanted} or newer is needed; this is {sys.version.split()[0]}.")
        return 2
    if {"-h", "--help"} & set(arguments):
        print(__doc__)
        return 0
    python = choose_python()
    try:
        install(python)
    except subprocess.CalledProcessError as error:
        print(f"Installing failed; the command ended with {error.returncode}.", file=sys.stderr)
        return 3
    _say("Running the tests")
    command = [str(python), "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def choose_python() -> Path:
    """The interpreter of the active environment, or of .venv, made when it is not there."""
    if is_environment_active():
        return Path(sys.executable)
    folder = ROOT / ".venv"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        _say("Making a virtual environment in .venv")
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    return python


def is_environment_active() -> bool:
    """Whether this Python belongs to a virtual environment or a conda environment of its own."""
    if sys.prefix != sys.base_prefix:
        return True
    conda = os.environ.get("CONDA_PREFIX")
    named = os.environ.get("CONDA_DEFAULT_ENV") not in (None, "base")
    return conda is not None and named and Path(conda).resolve() == Path(sys.prefix).resolve()


def install(python: Path) -> None:
    """Install everything, unless the same was installed into the same environment before."""
    environment = python.parent.parent if python.parent.name in ("bin", "Scripts") else python.parent
    stamp_file = environment / f"mloccli-{_digest(str(ROOT).encode())[:16]}.stamp"
    stamp = _stamp()
    if stamp_file.is_file() and stamp_file.read_text(encoding="utf-8") == stamp:
        return
    _say("Installing the repository and its development tools")
    _run(python, "-m", "pip", "install", "--quiet", "--editable", ".[dev]")
    _say("Installing the model's environment")
    _run(python, "-m", "mloccli", "environment", "install", "--quiet")
    stamp_file.write_text(stamp, encoding="utf-8")


def _stamp() -> str:
    """A hash over everything that decides what is installed."""
    files = [ROOT / "pyproject.toml"]
    files += [path for pattern in _ENVIRONMENT_FILES for path in sorted(ROOT.glob(pattern))]
    parts = [sys.version.encode(), *(path.read_bytes() for path in files)]
    return _digest(b"\0".join(parts))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _run(python: Path, *arguments: str) -> None:
    subprocess.run([str(python), *arguments], cwd=ROOT, check=True)


def _say(text: str) -> None:
    print(f"=> {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
