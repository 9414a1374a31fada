"""Every package that the model's code imports is listed in its environment file."""

from __future__ import annotations

import ast
import importlib.metadata
import sys
from collections.abc import Iterator
from pathlib import Path

from ..config import ModelVariables, Repository
from ..environment.requirements import normalised_name, read_requirements
from ..errors import FindingError
from .files import read_bytes
from .result import CheckCase, CheckResult, Finding, case

_DISTRIBUTIONS = {
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "PIL": "pillow",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
_FROM_THE_PLATFORM = frozenset({"mloccli", "databricks", "pyspark", "model_modules"})


def check_requirements(repository: Repository, variables: ModelVariables) -> CheckResult:
    """The model's imports, and what packaging needs, are all in the environment file."""
    try:
        requirements = read_requirements(repository.modules)
    except FindingError as error:
        finding = Finding(error.message, error.hint, repository.relative(repository.modules))
        return CheckResult("requirements", (case("the environment file can be read", [finding]),))
    file = repository.relative(requirements.file)
    cases = [
        _imports(repository, path, requirements.names, file)
        for path in sorted(repository.modules.rglob("*.py"))
    ]
    cases.append(_for_packaging(file, requirements.names, variables))
    return CheckResult("requirements", tuple(cases))


def _imports(repository: Repository, path: Path, names: frozenset[str], file: str) -> CheckCase:
    relative = repository.relative(path)
    findings = [
        Finding(
            f"{relative} imports {module}, but {file} does not list it.",
            f"Add {sorted(distributions)[0]} to {file}.",
            relative,
            line,
        )
        for module, line in _third_party(path, repository.modules)
        if not (distributions := _distributions(module, names)) & names
    ]
    return case(f"{relative} imports only what {file} lists", findings)


def _third_party(path: Path, modules: Path) -> Iterator[tuple[str, int]]:
    try:
        tree = ast.parse(read_bytes(path))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return  # `check functions` and pylint report it.
    own = {entry.stem for entry in modules.iterdir()} | _FROM_THE_PLATFORM
    seen: set[str] = set()
    for node in ast.walk(tree):
        for name in _imported(node):
            top = name.partition(".")[0]
            if top not in seen and top not in sys.stdlib_module_names and top not in own:
                seen.add(top)
                yield top, getattr(node, "lineno", 1)


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module is not None:
        return [node.module]
    return []


def _distributions(module: str, listed: frozenset[str]) -> frozenset[str]:
    """The packages that may provide a module; asks the installed ones only when needed."""
    known = normalised_name(_DISTRIBUTIONS.get(module, module))
    if known in listed:
        return frozenset({known})
    installed = importlib.metadata.packages_distributions().get(module, [])
    return frozenset({known, *(normalised_name(name) for name in installed)})


def _for_packaging(file: str, names: frozenset[str], variables: ModelVariables) -> CheckCase:
    needed = ["pandas"] if variables.is_rule_based else ["joblib", "pandas"]
    findings = [
        Finding(f"{file} does not list {name}, which packaging the model needs.", "Add it.", file)
        for name in needed
        if name not in names
    ]
    return case(f"{file} lists {' and '.join(needed)}", findings)
