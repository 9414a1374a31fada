"""The job as configured: what is asked of Databricks, decided without asking it."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import FindingError, UsageError
from ..utils.variables import variable
from .cluster_request import cluster_settings
from .library_plan import wanted_libraries
from .target import Target, safe_segment
from .workspace_files import notebook_language

COMPUTE_KEY = "model"
_SERVERLESS_VERSION = "5"


@dataclass(frozen=True)
class JobPlan:
    """One notebook as a job; ``cluster_id`` is for the compute mode all_purpose."""

    target: Target
    notebook: str
    parameters: Mapping[str, str]
    timeout_seconds: int
    cluster_id: str | None = None

    @property
    def name(self) -> str:
        """The job's name: each notebook of each branch has a job of its own."""
        return f"{self.target.model_name}-{self.notebook}-{safe_segment(str(self.target.branch))}"

    @property
    def all_parameters(self) -> dict[str, str]:
        """The notebook's parameters, and which commit of which branch it is."""
        return {
            **self.parameters,
            "git_commit": self.target.commit or "",
            "branch": self.target.branch or "",
        }


def default_notebook(target: Target) -> str:
    """The notebook that makes the candidate."""
    return "evaluate" if target.configuration.model.is_rule_based else "train"


def job_settings(plan: JobPlan) -> dict[str, object]:
    """The settings of the job, as the Jobs API names them."""
    target = plan.target
    compute, task_compute = _compute(plan)
    return {
        "name": plan.name,
        "tags": {"model": target.model_name, "environment": target.environment.name},
        "max_concurrent_runs": 1,
        "queue": {"enabled": True},
        "timeout_seconds": plan.timeout_seconds,
        "parameters": [
            {"name": name, "default": value} for name, value in sorted(plan.all_parameters.items())
        ],
        "tasks": [
            {
                "task_key": plan.notebook,
                "notebook_task": {
                    "notebook_path": target.notebook(plan.notebook),
                    "source": "WORKSPACE",
                },
                **task_compute,
            }
        ],
        **compute,
    }


def idempotency_token(plan: JobPlan, environ: Mapping[str, str]) -> str:
    """The same for the same job in the same attempt of a pipeline job; else a new one each time.

    Databricks starts nothing for a token that it knows, and answers with the run that it started.
    """
    build = variable(environ, "BUILD_BUILDID")
    if build is None:
        return uuid.uuid4().hex
    attempt = [variable(environ, name) for name in ("SYSTEM_JOBATTEMPT", "SYSTEM_JOBID")]
    host = variable(environ, "SYSTEM_COLLECTIONURI")
    parts = [host, build, *attempt, plan.name, sorted(plan.all_parameters.items())]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def require_notebook(target: Target, given: str | None) -> str:
    """The notebook that is meant; when this repository lacks it, an error names those it has."""
    name = given or default_notebook(target)
    folder = target.configuration.repository.model_folder / "notebooks"
    paths = folder.iterdir() if folder.is_dir() else []
    known = sorted(path.stem for path in paths if path.is_file() and notebook_language(path))
    if name not in known:
        raise (UsageError if given else FindingError)(
            f"There is no notebook {name!r}.",
            f"{folder.name} holds these: {', '.join(known) or 'none'}.",
        )
    return name


def _compute(plan: JobPlan) -> tuple[dict[str, object], dict[str, object]]:
    """What the compute mode adds to the job, and what it adds to the task."""
    target = plan.target
    base = target.configuration.base
    if base.compute_mode == "all_purpose":
        return {}, {"existing_cluster_id": plan.cluster_id}
    if base.compute_mode == "job_cluster":
        cluster = {"job_cluster_key": COMPUTE_KEY, "new_cluster": cluster_settings(target)}
        libraries = wanted_libraries(target)
        return {"job_clusters": [cluster]}, {"job_cluster_key": COMPUTE_KEY, "libraries": libraries}
    if base.data_access != "none":
        raise UsageError(
            f"COMPUTE_MODE serverless cannot work with DATA_ACCESS {base.data_access}.",
            "Serverless compute takes no Spark configuration: use Unity Catalog and DATA_ACCESS "
            "none, or another compute mode.",
        )
    lines = [_as_pip_line(library) for library in wanted_libraries(target)]
    spec = {"environment_version": _SERVERLESS_VERSION, "dependencies": lines}
    environment = {"environment_key": COMPUTE_KEY, "spec": spec}
    return {"environments": [environment]}, {"environment_key": COMPUTE_KEY}


def _as_pip_line(library: Mapping[str, object]) -> str:
    pypi = library.get("pypi")
    return str(pypi["package"] if isinstance(pypi, dict) else library["whl"])
