"""The configuration files: the variables of the model and the platform, and the settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from ..base_variables import BASE_VARIABLES_FILE
from ..config import Repository, read_configuration, read_model_variables
from ..errors import FindingError, ProblemsError
from ..model.settings import read_parameters, read_thresholds
from ..monitoring.settings import SETTINGS_FILE, read_settings
from ..utils.yaml_file import read_yaml_mapping
from .result import CheckCase, CheckResult, Finding, case


def check_configuration(repository: Repository, environ: Mapping[str, str]) -> CheckResult:
    """Each file can be read and every value in it keeps its rule."""
    folder = repository.model_folder
    variables = repository.relative(repository.variables_file)
    cases = [
        _readable(variables, lambda: read_model_variables(repository)),
        case(
            f"{variables} holds plain values",
            _values_that_pipelines_cannot_read(variables, repository.variables_file),
        ),
        _readable(
            repository.relative(folder / "model_parameters.yml"),
            lambda: read_parameters(folder),
        ),
        _readable(
            repository.relative(folder / "evaluation_thresholds.yml"),
            lambda: read_thresholds(folder),
        ),
    ]
    if (folder / SETTINGS_FILE).is_file():
        cases.append(
            _readable(repository.relative(folder / SETTINGS_FILE), lambda: read_settings(folder))
        )
    if cases[0].passed:
        cases.append(
            _readable(BASE_VARIABLES_FILE, lambda: read_configuration(repository, environ))
        )
    return CheckResult("config", tuple(cases))


def _readable(name: str, read: Callable[[], object]) -> CheckCase:
    try:
        read()
    except ProblemsError as error:
        findings = [Finding(problem, error.hint, name) for problem in error.problems]
    except FindingError as error:
        findings = [Finding(error.message, error.hint, name)]
    else:
        findings = []
    return case(f"{name} is valid", findings)


def _values_that_pipelines_cannot_read(name: str, path: Path) -> list[Finding]:
    """Azure Pipelines reads the file as a variables template; its rules are stricter than YAML's.

    What is not even readable is the finding of the case before.
    """
    try:
        content = read_yaml_mapping(path)
    except FindingError:
        return []
    findings = [
        Finding(
            f"{key} stands beside `variables`, where a variables template allows nothing.",
            "Move it below `variables`, or into model_parameters.yml.",
            name,
        )
        for key in content
        if key != "variables"
    ]
    variables = content.get("variables")
    for key, value in variables.items() if isinstance(variables, dict) else ():
        if isinstance(value, (dict, list)):
            problem = f"{key} holds more than one value."
        elif isinstance(value, str) and ("${{" in value or "$(" in value or "$[" in value):
            problem = f"{key} holds an expression, which mloccli cannot resolve."
        else:
            continue
        findings.append(Finding(problem, "Write one plain text or number.", name))
    return findings
