"""Where in Databricks this repository's tasks work: environment, folders and what runs there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..base_variables import EnvironmentVariables
from ..config import Configuration, find_repository, read_configuration
from ..errors import UsageError
from ..model.origin import read_origin
from ..utils.databricks import choose_environment
from ..utils.variables import variable
from .wheel import wheel_file_name

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_SEGMENT = 100
_PASSED_ON = ("CMR_URI", "CMR_HOST", "CMR_SCHEMA")


@dataclass(frozen=True)
class Target:
    """One branch of the model in the workspace of one environment."""

    configuration: Configuration
    environment: EnvironmentVariables
    branch: str | None
    commit: str | None
    storage_account: str | None = None
    #: What notebooks find in their environment.
    variables: Mapping[str, str] = field(default_factory=dict)
    #: The names of the secret variables that are set; never their values.
    secrets: frozenset[str] = frozenset()

    @property
    def model_name(self) -> str:
        """The model's name."""
        return self.configuration.model.model_name

    @property
    def folder(self) -> str:
        """The branch's folder in the workspace, such as /ml_apps/iris/main."""
        if self.branch is None:
            raise UsageError("The branch is not known here.", "Name it with --branch.")
        return f"{self.configuration.base.notebook_path}/{safe_segment(self.branch)}"

    @property
    def wheel(self) -> str:
        """The workspace path of the wheel with the tasks of this very commit."""
        return f"{self.folder}/wheels/{wheel_file_name(self.configuration.repository.root)}"

    def notebook(self, name: str) -> str:
        """The workspace path of a notebook of the model."""
        return f"{self.folder}/{self.configuration.repository.model_folder.name}/notebooks/{name}"


def read_target(
    environment: str | None, branch: str | None, environ: Mapping[str, str]
) -> Target:
    """The target that options, process environment and git name, in this order."""
    configuration = read_configuration(find_repository(), environ)
    origin = read_origin(configuration.repository.root)
    chosen = branch or _pipeline_branch(environ) or origin["git_branch"]
    _refuse_steps_upwards(configuration.base.notebook_path)
    commit = origin["git_commit"]
    return Target(
        configuration,
        choose_environment(configuration, environment, environ),
        str(chosen) if chosen else None,
        None if commit is None else str(commit),
        variable(environ, "STORAGE_ACCOUNT"),
        _variables(environ),
        _secrets(configuration, environ),
    )


def safe_segment(name: str) -> str:
    """A name as one segment of a path; two names never become the same segment."""
    safe = _UNSAFE.sub("-", name).strip(".-")[:_LONGEST_SEGMENT]
    if safe == name:
        return safe
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{safe}-{digest}" if safe else digest


def _variables(environ: Mapping[str, str]) -> dict[str, str]:
    """Where the registry is, and MLflow, unless it is the workspace's own."""
    given = {name: variable(environ, name) for name in (*_PASSED_ON, "MLFLOW_TRACKING_URI")}
    return {
        name: value
        for name, value in given.items()
        if value is not None and (name in _PASSED_ON or value.startswith("http"))
    }


def _secrets(configuration: Configuration, environ: Mapping[str, str]) -> frozenset[str]:
    """The secrets that are set and of use: a token without its address is not."""
    wanted = {
        "SAS_TOKEN": configuration.base.data_access == "sas_token",
        "CMR_TOKEN": "CMR_URI" in _variables(environ),
        "MLFLOW_TRACKING_TOKEN": "MLFLOW_TRACKING_URI" in _variables(environ),
    }
    return frozenset(
        name for name, is_wanted in wanted.items() if is_wanted and variable(environ, name)
    )


def _pipeline_branch(environ: Mapping[str, str]) -> str | None:
    """The whole name: BUILD_SOURCEBRANCHNAME alone is ``x`` for feature/x and for fix/x."""
    reference = variable(environ, "BUILD_SOURCEBRANCH")
    if reference is None:
        return variable(environ, "BUILD_SOURCEBRANCHNAME")
    return reference.removeprefix("refs/heads/").removeprefix("refs/")


def _refuse_steps_upwards(path: str) -> None:
    if any(segment.strip() in {".", ".."} for segment in path.split("/")):
        raise UsageError(f"NOTEBOOK_PATH {path} must not hold the segments `.` and `..`.")
