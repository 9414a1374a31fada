"""Which checks there are, what each of them reads, and running several of them at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ..config import (
    Configuration,
    ModelVariables,
    Repository,
    read_configuration,
    read_model_variables,
)
from ..errors import FindingError, RemoteError
from .result import CheckResult, Finding


class BrokenConfigurationError(Exception):
    """A check needs variables that are broken; the config check says what is wrong there."""


@dataclass(frozen=True)
class CheckInputs:
    """What checks read; the variables raise BrokenConfigurationError while they are broken."""

    repository: Repository
    environ: Mapping[str, str]

    @property
    def variables(self) -> ModelVariables:
        """The variables of model_variables.yml."""
        try:
            return read_model_variables(self.repository)
        except FindingError as error:
            raise BrokenConfigurationError from error

    @property
    def configuration(self) -> Configuration:
        """The variables of both files and the environment."""
        try:
            return read_configuration(self.repository, self.environ)
        except FindingError as error:
            raise BrokenConfigurationError from error


def _structure(inputs: CheckInputs) -> CheckResult:
    from .structure import check_structure

    return check_structure(inputs.repository, inputs.variables)


def _functions(inputs: CheckInputs) -> CheckResult:
    from .functions import check_functions

    return check_functions(inputs.repository, inputs.variables)


def _config(inputs: CheckInputs) -> CheckResult:
    from .configuration import check_configuration

    return check_configuration(inputs.repository, inputs.environ)


def _requirements(inputs: CheckInputs) -> CheckResult:
    from .requirements import check_requirements

    return check_requirements(inputs.repository, inputs.variables)


def _pipelines(inputs: CheckInputs) -> CheckResult:
    from .pipelines import check_pipelines

    return check_pipelines(inputs.repository)


def _notebooks(inputs: CheckInputs) -> CheckResult:
    from .notebooks import check_notebooks

    return check_notebooks(inputs.repository, inputs.variables)


def _readme(inputs: CheckInputs) -> CheckResult:
    from .readme import check_readme

    return check_readme(inputs.repository)


def _secrets(inputs: CheckInputs) -> CheckResult:
    from .hard_coded_secrets import check_hard_coded_secrets

    return check_hard_coded_secrets(inputs.repository)


def _duplicates(inputs: CheckInputs) -> CheckResult:
    from .duplicates import check_duplicates

    return check_duplicates(inputs.repository)


def _runtime(inputs: CheckInputs) -> CheckResult:
    from .runtime import check_runtime

    return check_runtime(inputs.configuration, inputs.environ)


def _service_principal(inputs: CheckInputs) -> CheckResult:
    from .service_principal import check_service_principal

    return check_service_principal(inputs.configuration, inputs.environ)


def _security(inputs: CheckInputs) -> CheckResult:
    from .security import check_security

    return check_security(inputs.repository)


def _lint(inputs: CheckInputs) -> CheckResult:
    from .lint import check_lint

    return check_lint(
        inputs.repository, platform_passed=inputs.environ.get("PLATFORM_PASSED") == "true"
    )


#: In the order of the reports: what is quick to put right comes first.
CHECKS: Mapping[str, Callable[[CheckInputs], CheckResult]] = {
    "structure": _structure,
    "functions": _functions,
    "config": _config,
    "requirements": _requirements,
    "pipelines": _pipelines,
    "notebooks": _notebooks,
    "readme": _readme,
    "secrets": _secrets,
    "duplicates": _duplicates,
    "runtime": _runtime,
    "service-principal": _service_principal,
    "security": _security,
    "lint": _lint,
}


def run_checks(inputs: CheckInputs, names: Sequence[str]) -> list[CheckResult]:
    """The results of the named checks, in that order; they run at the same time.

    While variables are broken, the checks that depend on them give way to the config check. A
    tool or service that fails stops its own check only.
    """
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda name: _run(inputs, name), names))
    results = [answer for answer in answers if answer is not None]
    if len(results) < len(names) and "config" not in names:
        results.insert(0, _config(inputs))
    return results


def _run(inputs: CheckInputs, name: str) -> CheckResult | None:
    try:
        return CHECKS[name](inputs)
    except BrokenConfigurationError:
        return None
    except RemoteError as error:
        return CheckResult(name, (), cannot_run=Finding(error.message, error.hint))
