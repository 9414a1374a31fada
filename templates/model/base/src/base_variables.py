"""The platform's variables: pipelines/base_variables.yml, overridden by the process environment.

Azure Pipelines puts every variable that is not secret into the environment of a step, so the same
task reads the same configuration on a laptop and on an agent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from .errors import UsageError
from .variable_rules import BASE_RULES, ENVIRONMENT_RULES, Rule, Value

BASE_VARIABLES_FILE = "pipelines/base_variables.yml"

LifeCycleName: TypeAlias = Literal["stages", "aliases"]
ComputeMode: TypeAlias = Literal["all_purpose", "job_cluster", "serverless"]
DataAccess: TypeAlias = Literal["none", "sas_token", "credential_passthrough"]

_UNRESOLVED = re.compile(r"\$\([^)]*\)")


@dataclass(frozen=True)
class EnvironmentVariables:
    """One environment of the model; ``workspace_url`` is ``None`` while it is not known."""

    name: str
    workspace_url: str | None
    cluster_name: str

    @property
    def suffix(self) -> str:
        """The environment's name as it ends the name of a variable."""
        return suffix_of(self.name)


@dataclass(frozen=True)
class BaseVariables:  # pylint: disable=too-many-instance-attributes
    """What every pipeline and task of this repository shares, each value valid."""

    maturity_level: int
    environments: tuple[EnvironmentVariables, ...]
    model_src_path: str
    notebook_path: str
    cluster_spark_version: str
    cluster_node_type_id: str
    cluster_driver_node_id: str
    cluster_autotermination_minutes: int
    compute_mode: ComputeMode
    data_access: DataAccess
    cmr_scope: str
    cmr_prefix: str
    registry_lifecycle: LifeCycleName
    archive_existing_versions: bool
    register_model: bool
    slack_channel: str | None


def suffix_of(name: str) -> str:
    """``pre-prod`` as it ends the name of a variable: ``PRE_PROD``."""
    return re.sub(r"[^A-Z0-9]", "_", name.upper())


def parse_base_variables(
    raw: Mapping[str, object], environ: Mapping[str, str], model_name: str, model_folder: str
) -> tuple[BaseVariables | None, list[str]]:
    """The variables, or every problem of them; ``raw`` is the file's by lower-case name."""
    source = _Source(raw, environ)
    values, problems = source.read_all(BASE_RULES)
    listed = str(values.pop("environments", ""))
    names = [name.strip() for name in listed.split(",") if name.strip()]
    if len(set(map(suffix_of, names))) != len(names):
        problems.append("environments: a name stands there twice.")
    environments = []
    for name in names:
        found, wrong = source.read_environment(name)
        problems += wrong
        cluster = str(found.get("databricks_cluster_name") or f"{model_name}-{name}")
        url = found.get("workspace_url")
        environments.append(
            EnvironmentVariables(name, str(url).rstrip("/") if url else None, cluster)
        )
    if problems:
        return None, problems
    values["model_src_path"] = values.get("model_src_path") or model_folder
    values["notebook_path"] = values.get("notebook_path") or f"/ml_apps/{model_name}"
    values.setdefault("slack_channel", None)
    return BaseVariables(environments=tuple(environments), **values), []


def find_environment(base: BaseVariables, name: str) -> EnvironmentVariables:
    """The environment of that name, in any letter case."""
    for environment in base.environments:
        if environment.name == name.lower():
            return environment
    known = ", ".join(environment.name for environment in base.environments)
    raise UsageError(
        f"There is no environment {name!r}.", f"{BASE_VARIABLES_FILE} names these: {known}."
    )


class _Source:
    """Variables by name: of the process environment first, then of the file, then the default."""

    def __init__(self, raw: Mapping[str, object], environ: Mapping[str, str]) -> None:
        self._raw = raw
        self._environ = environ

    def read_all(self, rules: Mapping[str, Rule]) -> tuple[dict[str, Any], list[str]]:
        """The valid values by name, without those that are unset, and all problems."""
        values: dict[str, Any] = {}
        problems: list[str] = []
        for name, rule in rules.items():
            value, problem = self._read(name, rule, [name])
            if problem:
                problems.append(problem)
            elif value is not None:
                values[name] = value
        return values, problems

    def read_environment(self, environment: str) -> tuple[dict[str, Any], list[str]]:
        """The same for the variables of one environment, such as ``workspace_url_qa``."""
        values: dict[str, Any] = {}
        problems: list[str] = []
        own = self._environ.get("ENVIRONMENT", "").lower() == environment
        for name, rule in ENVIRONMENT_RULES.items():
            full = f"{name}_{suffix_of(environment).lower()}"
            value, problem = self._read(full, rule, [name, full] if own else [full])
            if problem:
                problems.append(problem)
            elif value is not None:
                values[name] = value
        return values, problems

    def _read(self, name: str, rule: Rule, overrides: list[str]) -> tuple[Value | None, str]:
        given = self._given(name, overrides)
        if given is None or given == "":
            missing = f"{name}: it is missing or empty. {rule.says}" if rule.required else ""
            return rule.default, missing
        value = rule.parse(given)
        return value, "" if value is not None else f"{name}: {given!r} is not allowed. {rule.says}"

    def _given(self, name: str, overrides: list[str]) -> object:
        """A variable that Azure Pipelines does not know stays ``$(NAME)``, and counts as unset."""
        for override in overrides:
            value = self._environ.get(override.upper(), "").strip()
            if value and not _UNRESOLVED.fullmatch(value):
                return value
        return self._raw.get(name)
