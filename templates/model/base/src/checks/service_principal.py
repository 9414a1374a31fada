"""The service principals: every environment has the one that deploys to it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..base_variables import EnvironmentVariables
from ..config import Configuration
from ..utils.variables import variable
from .result import CheckResult, Finding, case

_OWN = "SERVICE_PRINCIPAL_ID"
_APPLICATION_ID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def check_service_principal(
    configuration: Configuration, environ: Mapping[str, str]
) -> CheckResult:
    """Every environment has one, or the environment that ENVIRONMENT names.

    A run without the variable group of an environment cannot know its service principal, so that
    a missing one is a warning until something is deployed: then it is an error.
    """
    own = variable(environ, "ENVIRONMENT")
    wanted = configuration.environments if own is None else (configuration.environment(own),)
    given = {one.name: _given(one, environ, is_own=own is not None) for one in wanted}
    missing = [one for one in wanted if not given[one.name]]
    findings = [_missing(configuration, missing, is_required=own is not None)] if missing else []
    cases = [
        case(
            f"{one.name} names an application id",
            [_not_an_id(name, value) for name, value in given[one.name].items()],
        )
        for one in wanted
        if given[one.name]
    ]
    names = _listed([one.name for one in wanted])
    return CheckResult(
        "service-principal",
        (case(f"a service principal is known for {names}", findings), *cases),
        f"{len(wanted) - len(missing)} of {len(wanted)} known",
    )


def _given(
    environment: EnvironmentVariables, environ: Mapping[str, str], *, is_own: bool
) -> dict[str, str]:
    names = [f"SPN_{environment.suffix}", *([_OWN] if is_own else [])]
    return {name: value for name in names if (value := variable(environ, name)) is not None}


def _not_an_id(name: str, value: str) -> Finding | None:
    if _APPLICATION_ID.fullmatch(value) and not set(value) <= {"0", "-"}:
        return None
    return Finding(
        f"{name} is not the application id of a service principal.",
        "Copy its Application (client) ID, of the form 01234567-89ab-cdef-0123-456789abcdef.",
    )


def _missing(
    configuration: Configuration, missing: Sequence[EnvironmentVariables], *, is_required: bool
) -> Finding:
    model = configuration.model
    names = _listed([one.name for one in missing])
    groups = _listed([f"{model.model_name}-{one.name}" for one in missing])
    shared = _listed([f"SPN_{one.suffix}" for one in missing])
    pays = model.financial_id or "that of your team, to be written into model_variables.yml"
    instructions = [
        "If it was filled in already, this run does not see the variable group. Otherwise:",
        f"1. Ask the platform team for a service principal for {model.model_name} in {names}. "
        f"They need the financial id: {pays}.",
        f"2. In Azure DevOps, Pipelines, Library, open the variable group {groups}.",
        f"3. Write the Application (client) ID into {_OWN}; it is no secret. As {shared} in the "
        "variable group eac-platform every run sees it.",
        f"4. Ask the owner of the workspace of {names} to let it create jobs and clusters.",
        "5. Run the pipeline again.",
    ]
    return Finding(
        f"No service principal is known for {names}.",
        "\n".join(instructions),
        severity="error" if is_required else "warning",
    )


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
