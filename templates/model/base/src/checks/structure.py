"""The folder structure that the pipelines and the update of this repository rely on."""

from __future__ import annotations

from pathlib import Path

from ..config import ModelVariables, Repository
from .files import read_bytes
from .result import CheckCase, CheckResult, Finding, case

_REQUIRED_FILES = (
    "README.md",
    "pyproject.toml",
    "docs/getting_started.md",
    "pipelines/base_variables.yml",
    "tests/unit_test.py",
    "tests/model/test_model.py",
)
_ENVIRONMENT_FILES = {"conda": "environment.yml", "pip": "requirements.txt"}


def check_structure(repository: Repository, variables: ModelVariables) -> CheckResult:
    """Every required file exists, and no file contradicts model_variables.yml."""
    cases = [_required_file(repository, repository.root / name) for name in _REQUIRED_FILES]
    cases += [
        _required_file(repository, repository.modules / name) for name in ("data.py", "scoring.py")
    ]
    cases += [
        _required_file(repository, repository.model_folder / name)
        for name in ("model_parameters.yml", "evaluation_thresholds.yml")
    ]
    cases.append(_environment_file(repository, variables))
    cases.append(_yml_endings(repository))
    return CheckResult("structure", tuple(cases))


def _required_file(repository: Repository, path: Path) -> CheckCase:
    name = repository.relative(path)
    if not path.is_file():
        finding = Finding(f"{name} is missing.", "Restore it from the git history.", name)
    elif not read_bytes(path).strip():
        finding = Finding(f"{name} is empty.", "Restore it from the git history.", name)
    else:
        return CheckCase(f"{name} exists")
    return case(f"{name} exists", [finding])


def _environment_file(repository: Repository, variables: ModelVariables) -> CheckCase:
    wanted = _ENVIRONMENT_FILES[variables.environment_file]
    findings = []
    for name in _ENVIRONMENT_FILES.values():
        path = repository.modules / name
        if path.is_file() == (name == wanted):
            continue
        relative = repository.relative(path)
        problem = "is missing" if name == wanted else "contradicts it"
        findings.append(
            Finding(
                f"ENVIRONMENT_FILE is {variables.environment_file}, but {relative} {problem}.",
                f"Keep exactly one environment file: {wanted}, or change ENVIRONMENT_FILE.",
                relative,
            )
        )
    return case("exactly one environment file, the one of ENVIRONMENT_FILE", findings)


def _yml_endings(repository: Repository) -> CheckCase:
    folders = (repository.root / "pipelines", repository.model_folder)
    misnamed = sorted(path for folder in folders for path in folder.rglob("*.yaml"))
    findings = [
        Finding(
            f"{repository.relative(path)} ends in .yaml.",
            "Rename it to end in .yml, as everywhere on the platform.",
            repository.relative(path),
        )
        for path in misnamed
    ]
    return case("YAML files end in .yml", findings)
