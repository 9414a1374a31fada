"""The repository's configuration: where the model folder is, and what its variables say.

Nothing here knows the name of the model folder: it is the folder that holds model_variables.yml.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from .base_variables import (
    BASE_VARIABLES_FILE,
    BaseVariables,
    EnvironmentVariables,
    find_environment,
    parse_base_variables,
)
from .errors import FindingError, ProblemsError, UsageError
from .utils.yaml_file import read_yaml_mapping
from .variable_rules import BASE_RULES, MODEL_RULES, Rule, Value

VARIABLES_FILE = "model_variables.yml"

ModelType: TypeAlias = Literal["supervised", "unsupervised", "rule-based"]
Serving: TypeAlias = Literal["batch", "rest"]
EnvironmentFile: TypeAlias = Literal["conda", "pip"]


@dataclass(frozen=True)
class ModelVariables:  # pylint: disable=too-many-instance-attributes
    """The variables of model_variables.yml, each valid; ``None`` where an optional one is unset."""

    model_name: str
    team_name: str
    model_type: ModelType
    serving: Serving
    environment_file: EnvironmentFile
    dataset_name: str
    dataset_template_file: str
    adf_job: str
    category: str
    cluster_min_worker_node: int | None = None
    cluster_max_worker_node: int | None = None
    artifactory_repository_model: str | None = None
    image: str | None = None
    financial_id: str | None = None

    @property
    def is_rule_based(self) -> bool:
        """Whether the model is plain rules and has no training."""
        return self.model_type == "rule-based"


@dataclass(frozen=True)
class Repository:
    """A model repository on disk."""

    root: Path
    model_folder: Path

    @property
    def variables_file(self) -> Path:
        """The file with the model's variables."""
        return self.model_folder / VARIABLES_FILE

    @property
    def modules(self) -> Path:
        """The folder with the model's own code and its environment file."""
        return self.model_folder / "model_modules"

    def relative(self, path: Path) -> str:
        """The path as it reads from the root of the repository, with forward slashes."""
        return path.relative_to(self.root).as_posix() if path.is_absolute() else path.as_posix()


@dataclass(frozen=True)
class Configuration:
    """Everything that a task of this repository is told by its variables."""

    repository: Repository
    model: ModelVariables
    base: BaseVariables

    @property
    def environments(self) -> tuple[EnvironmentVariables, ...]:
        """In order: the first trains, the last is production."""
        return self.base.environments

    def environment(self, name: str) -> EnvironmentVariables:
        """The environment of that name; UsageError names those that exist."""
        return find_environment(self.base, name)


def find_repository(start: Path | None = None) -> Repository:
    """The repository around a folder: the nearest one upwards with a model folder in it."""
    folder = (start or Path.cwd()).resolve()
    for root in (folder, *folder.parents):
        found = sorted(path.parent for path in root.glob(f"*/{VARIABLES_FILE}"))
        if len(found) == 1:
            return Repository(root, found[0])
        if found:
            names = ", ".join(path.name for path in found)
            raise FindingError(
                f"Several folders of {root} hold a {VARIABLES_FILE}: {names}.",
                "A repository is for one model; keep one of them.",
            )
    raise UsageError(
        f"No folder with a {VARIABLES_FILE} was found in {folder} or above it.",
        "Run this command inside a model repository.",
    )


def read_model_variables(repository: Repository) -> ModelVariables:
    """The validated variables of the model; every problem of the file is reported at once."""
    values, problems = _model_values(repository)
    _raise_for({repository.relative(repository.variables_file): problems})
    return ModelVariables(**values)


def read_configuration(repository: Repository, environ: Mapping[str, str]) -> Configuration:
    """The whole configuration; every problem of both files and the environment at once."""
    values, problems = _model_values(repository)
    path = repository.root / BASE_VARIABLES_FILE
    raw, base_problems = _raw_variables(read_yaml_mapping(path), BASE_RULES)
    base, more = parse_base_variables(
        raw, environ, str(values.get("model_name", "")), repository.model_folder.name
    )
    _raise_for(
        {
            repository.relative(repository.variables_file): problems,
            BASE_VARIABLES_FILE: [*base_problems, *more],
        }
    )
    assert base is not None  # It has a value where there is no problem.
    return Configuration(repository, ModelVariables(**values), base)


def _raise_for(problems: Mapping[str, list[str]]) -> None:
    files = [name for name, found in problems.items() if found]
    if not files:
        return
    found = [
        problem if len(files) == 1 else f"{name}: {problem}"
        for name in files
        for problem in problems[name]
    ]
    verb = "needs" if len(files) == 1 else "need"
    raise ProblemsError(
        f"{' and '.join(files)} {verb} correcting:",
        found,
        "docs/getting_started.md explains the variables.",
    )


def _model_values(repository: Repository) -> tuple[dict[str, Any], list[str]]:
    raw, problems = _raw_variables(read_yaml_mapping(repository.variables_file), MODEL_RULES)
    values: dict[str, Any] = {}
    for name, rule in MODEL_RULES.items():
        given = raw.get(name)
        if given is None or given == "":
            if rule.required:
                problems.append(f"{name}: it is missing or empty. {rule.says}")
            elif rule.default is not None:
                values[name] = rule.default
            continue
        value = rule.parse(given)
        if value is None:
            problems.append(f"{name}: {given!r} is not allowed. {rule.says}")
        else:
            values[name] = value
    return values, problems + _worker_problems(values)


def _raw_variables(
    content: Mapping[str, object], rules: Mapping[str, Rule]
) -> tuple[dict[str, object], list[str]]:
    """The values by lower-case name, as Azure Pipelines ignores case, and what is wrong there."""
    variables = content.get("variables")
    if not isinstance(variables, dict):
        return {}, ["variables: it must hold `NAME: value` lines."]
    raw: dict[str, object] = {}
    problems: list[str] = []
    for key, value in variables.items():
        name = str(key).lower()
        if name in raw:
            problems.append(f"{name}: it stands here twice, in different letter case.")
        elif name not in rules and (meant := difflib.get_close_matches(name, rules, 1, 0.85)):
            problems.append(f"{key}: no such variable. Did you mean {meant[0]}?")
        raw[name] = value
    return raw, problems


def _worker_problems(values: Mapping[str, Value]) -> list[str]:
    least, most = values.get("cluster_min_worker_node"), values.get("cluster_max_worker_node")
    if (least is None) != (most is None):
        return ["cluster_min_worker_node, cluster_max_worker_node: set both, or neither."]
    if isinstance(least, int) and isinstance(most, int) and least > most:
        return [f"cluster_min_worker_node: {least} is more than cluster_max_worker_node, {most}."]
    return []
