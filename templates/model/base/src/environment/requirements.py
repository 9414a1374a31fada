"""What the model's environment file requires, as pip understands it, from pip or conda spelling."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import FindingError, ProblemsError
from ..utils.yaml_file import read_yaml_mapping

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_CONDA_SPEC = re.compile(
    r"(?:[^\s:]+::)?(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?P<version>[\s=<>!~0-9].*)?"
)
_CONDA_EXACT = re.compile(r"(?P<operator>==?)?\s*(?P<version>[0-9][^\s=,<>|]*)(?:[\s=]+\S+)?")
_LIMIT = r"(?:[<>!~=]=|[<>])\s*[0-9][^\s,<>=|]*"
_RANGE = re.compile(rf"{_LIMIT}(?:\s*,\s*{_LIMIT})*")

_NOT_FROM_PIP = frozenset({"python", "pip"})
_PIP_NAMES = {"pytorch": "torch", "py-xgboost": "xgboost", "matplotlib-base": "matplotlib"}


@dataclass(frozen=True)
class Requirements:
    """The packages of one environment file, each a line that pip accepts."""

    file: Path
    lines: tuple[str, ...]
    python: str | None = None

    @property
    def names(self) -> frozenset[str]:
        """The normalised names of the packages."""
        return frozenset(requirement_name(line) for line in self.lines)


def requirement_name(line: str) -> str:
    """The package's name as registries compare it: lower case, one dash between words."""
    match = _NAME.match(line)
    return "" if match is None else normalised_name(match.group())


def normalised_name(name: str) -> str:
    """A package name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def is_met(line: str) -> bool:
    """Whether the running Python has a package as the line asks; false where only pip can tell."""
    from importlib.metadata import PackageNotFoundError, version

    from packaging.requirements import InvalidRequirement, Requirement

    try:
        requirement = Requirement(line)
        if requirement.url is not None or requirement.extras:
            return False
        if requirement.marker is not None and not requirement.marker.evaluate():
            return True
        return requirement.specifier.contains(version(requirement.name), prereleases=True)
    except (InvalidRequirement, PackageNotFoundError):
        return False


def read_requirements(modules: Path) -> Requirements:
    """The requirements in the model_modules folder, from requirements.txt or environment.yml."""
    files = [path for path in _candidates(modules) if path.is_file()]
    if len(files) != 1:
        found = "both" if files else "neither"
        raise FindingError(
            f"{modules} must hold requirements.txt or environment.yml, and it holds {found}.",
            "Keep exactly one, the one that ENVIRONMENT_FILE names.",
        )
    path = files[0]
    return _read_conda(path) if path.suffix == ".yml" else _read_pip(path)


def _candidates(modules: Path) -> tuple[Path, Path]:
    return modules / "requirements.txt", modules / "environment.yml"


def _read_pip(path: Path) -> Requirements:
    content = path.read_text(encoding="utf-8-sig", errors="replace")
    lines = [re.sub(r"(^|\s)#.*$", "", line).strip() for line in content.splitlines()]
    return _checked(path, [line for line in lines if line])


def _read_conda(path: Path) -> Requirements:
    dependencies = read_yaml_mapping(path).get("dependencies")
    if not isinstance(dependencies, list) or not dependencies:
        raise FindingError(f"{path} has no list of `dependencies`.")
    lines: list[str] = []
    problems: list[str] = []
    python: str | None = None
    for entry in dependencies:
        if isinstance(entry, dict) and set(entry) == {"pip"} and isinstance(entry["pip"], list):
            lines += [str(line).strip() for line in entry["pip"]]
            continue
        name, line = _translate(entry) if isinstance(entry, str) else (None, None)
        if name is None or line is None:
            problems.append(f"{entry!r} is not a dependency that pip can install.")
        elif name == "python":
            python = line[len(name) :] or None
        elif name not in _NOT_FROM_PIP:
            lines.append(line)
    if problems:
        raise ProblemsError(f"{path} cannot be translated for pip:", problems)
    return _checked(path, lines, python)


def _checked(path: Path, lines: Sequence[str], python: str | None = None) -> Requirements:
    problems = [
        f"{line!r} is an option or no package name; only packages may stand here."
        for line in lines
        if requirement_name(line) == ""
    ]
    if problems:
        raise ProblemsError(
            f"{path} has lines that are not packages:",
            problems,
            "Options such as an index belong in pip's own configuration.",
        )
    return Requirements(path, tuple(lines), python)


def _translate(entry: str) -> tuple[str | None, str | None]:
    """The name and the pip line of a conda dependency such as ``conda-forge::pandas=2.2``."""
    match = _CONDA_SPEC.fullmatch(entry.strip())
    if match is None:
        return None, None
    name = match.group("name").lower()
    name = _PIP_NAMES.get(name, name)
    version = (match.group("version") or "").strip()
    if not version:
        return name, name
    if _RANGE.fullmatch(version):
        return name, name + re.sub(r"\s+", "", version)
    exact = _CONDA_EXACT.fullmatch(version)
    if exact is None:
        return None, None
    number = exact.group("version")
    is_prefix = exact.group("operator") == "=" and exact.group().count("=") == 1
    return name, f"{name}=={number}{'.*' if is_prefix and not number.endswith('*') else ''}"
