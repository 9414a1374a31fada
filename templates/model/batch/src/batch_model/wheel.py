"""The wheel with this repository's tasks, for clusters and jobs to install.

Its version ends in a hash of what is in it. Therefore a change always has a new name, which is
what makes pip and Databricks replace the old one, and the same content is never sent twice.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess  # argument lists only, never a shell
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib import metadata as installed
from pathlib import Path

from ..errors import FindingError, RemoteError

_NAME = re.compile(r'^name = "([^"]+)"$', re.MULTILINE)
_VERSION = re.compile(r'^version = "([^"+]+)"$', re.MULTILINE)
_SETUPTOOLS_THAT_MAKES_WHEELS_ALONE = 71
_FIRST_MOMENT_OF_A_ZIP = "315532800"
_SHOWN_CHARACTERS = 2000


def wheel_file_name(root: Path) -> str:
    """The file name of the wheel, known without building it."""
    project = _project(root)
    name = re.sub(r"[-_.]+", "_", _only(_NAME, project, "name")).lower()
    return f"{name}-{_version(root, project)}-py3-none-any.whl"


def build_wheel(root: Path, folder: Path, environ: Mapping[str, str]) -> Path:
    """Build the wheel into a folder; the repository itself is left as it is."""
    wanted = wheel_file_name(root)
    with tempfile.TemporaryDirectory(prefix="mloccli-wheel-") as temporary:
        copy = Path(temporary) / "project"
        _copy_sources(root, copy)
        command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet"]
        command += ["--disable-pip-version-check", "--wheel-dir", str(folder)]
        command += ["--no-build-isolation"] if _setuptools_is_here() else []
        completed = subprocess.run(
            [*command, str(copy)],
            env={**environ, "SOURCE_DATE_EPOCH": _FIRST_MOMENT_OF_A_ZIP},
            capture_output=True,
            text=True,
            check=False,
        )
    if completed.returncode != 0:
        raise RemoteError(
            f"The wheel of src cannot be built:\n{completed.stderr.strip()[-_SHOWN_CHARACTERS:]}",
            "Check pyproject.toml, and that pip reaches its package index.",
        )
    wheel = folder / wanted
    if not wheel.is_file():
        made = ", ".join(path.name for path in folder.glob("*.whl"))
        raise FindingError(f"pip made {made or 'no wheel'} instead of {wanted}.")
    return wheel


def _copy_sources(root: Path, copy: Path) -> None:
    for path in _sources(root):
        target = copy / path.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    project = _project(root)
    text = _VERSION.sub(f'version = "{_version(root, project)}"', project)
    (copy / "pyproject.toml").write_text(text, encoding="utf-8")


def _version(root: Path, project: str) -> str:
    digest = hashlib.sha256()
    for path in _sources(root):
        name = path.relative_to(root).as_posix().encode()
        content = path.read_bytes()
        digest.update(b"%d %s %d " % (len(name), name, len(content)) + content)
    return f"{_only(_VERSION, project, 'version')}+{digest.hexdigest()[:12]}"


def _sources(root: Path) -> Iterator[Path]:
    yield root / "pyproject.toml"
    for path in sorted((root / "src").rglob("*.py")):
        if not any(part.endswith(".egg-info") for part in path.parts):
            yield path


def _project(root: Path) -> str:
    path = root / "pyproject.toml"
    if not path.is_file():
        raise FindingError("pyproject.toml is missing.", "Restore it from the git history.")
    return path.read_text(encoding="utf-8")


def _only(pattern: re.Pattern[str], project: str, key: str) -> str:
    found = pattern.findall(project)
    if len(found) != 1:
        raise FindingError(
            f'pyproject.toml must have exactly one line `{key} = "…"`, and it has {len(found)}.',
            "The platform owns this file; restore that line.",
        )
    return str(found[0])


def _setuptools_is_here() -> bool:
    try:
        major = installed.version("setuptools").split(".")[0]
    except installed.PackageNotFoundError:
        return False
    return major.isdigit() and int(major) >= _SETUPTOOLS_THAT_MAKES_WHEELS_ALONE
