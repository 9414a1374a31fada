"""The configuration files: model_variables.yml, parameters and thresholds."""

from __future__ import annotations

from collections.abc import Callable

from ..config import Repository, read_model_variables
from ..errors import FindingError, ProblemsError
from ..model.settings import read_parameters, read_thresholds
from .result import CheckCase, CheckResult, Finding, case


def check_configuration(repository: Repository) -> CheckResult:
    """Each file can be read and every value in it keeps its rule."""
    folder = repository.model_folder
    return CheckResult(
        "config",
        (
            _readable(
                repository.relative(repository.variables_file),
                lambda: read_model_variables(repository),
            ),
            _readable(
                repository.relative(folder / "model_parameters.yml"),
                lambda: read_parameters(folder),
            ),
            _readable(
                repository.relative(folder / "evaluation_thresholds.yml"),
                lambda: read_thresholds(folder),
            ),
        ),
    )


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
