"""A Databricks workspace on this machine, for the real databricks-sdk to talk to.

Clusters, libraries and runs go through their states, one state each time somebody looks. A test
says beforehand what goes wrong: an answer, a connection that drops, a cluster that fails.
"""

from __future__ import annotations

import base64
import json
import posixpath
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from ..http_service import Answer, Asked, running_service

TOKEN = "dapi0123456789abcdef0123456789abcdef"
ADDRESS = "https://workspace.example"
Json = dict[str, Any]


class ApiError(Exception):
    """An error as the service answers it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.answer = Answer(status, {"error_code": code, "message": message})


@dataclass
class Fault:
    """What happens to the next request of a route; ``arrives``: done, and the answer is lost."""

    route: str
    answer: Answer | None = None
    arrives: bool = False


@dataclass
class Workspace:  # pylint: disable=too-many-instance-attributes
    """All that the service keeps; tests read it, and change it to set the scene."""

    url: str = ""
    objects: dict[str, Json] = field(default_factory=dict)
    clusters: dict[str, Json] = field(default_factory=dict)
    libraries: dict[str, list[Json]] = field(default_factory=dict)
    jobs: dict[int, Json] = field(default_factory=dict)
    runs: dict[int, Json] = field(default_factory=dict)
    run_of_token: dict[str, int] = field(default_factory=dict)
    secrets: dict[str, dict[str, str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    asked: list[tuple[str, Json]] = field(default_factory=list)
    #: The states a cluster goes through once it is created or started.
    cluster_states: list[str] = field(default_factory=lambda: ["PENDING", "PENDING", "RUNNING"])
    termination: Json = field(default_factory=dict)
    #: The messages of libraries that fail, by name.
    library_failures: dict[str, list[str]] = field(default_factory=dict)
    #: The states of a run and of its task, and the task's output.
    run_states: list[Json] = field(default_factory=lambda: [*GOING_ON, SUCCEEDED])
    task_state: Json = field(default_factory=lambda: dict(SUCCEEDED))
    run_output: Json = field(default_factory=lambda: {"notebook_output": {"result": "{}"}})

    def bodies(self, route: str) -> list[Json]:
        """What was sent to a route, one entry for each request that arrived."""
        return [body for asked, body in self.asked if asked == route]

    def text(self, path: str) -> str:
        """The content of a workspace object."""
        return base64.b64decode(self.objects[path]["content"]).decode()


SUCCEEDED: Json = {"life_cycle_state": "TERMINATED", "result_state": "SUCCESS"}
GOING_ON: list[Json] = [{"life_cycle_state": "PENDING"}, {"life_cycle_state": "RUNNING"}]


@contextmanager
def running_workspace() -> Iterator[Workspace]:
    """The workspace, until the block ends."""
    workspace = Workspace()
    with running_service(lambda asked: _answer(workspace, asked)) as service:
        workspace.url = service.url
        yield workspace


def a_cluster(name: str, state: str = "RUNNING", **settings: Any) -> Json:
    """A cluster that is there already."""
    return {"cluster_name": name, "states": [state], **settings}


def _answer(workspace: Workspace, asked: Asked) -> Answer:
    parts = urlsplit(asked.path)
    route = re.sub(r"^/api/2\.\d/", "", parts.path)
    body = asked.json() if asked.body else dict(parse_qsl(parts.query))
    assert isinstance(body, dict)
    if route == "/.well-known/databricks-config":
        return Answer(200, {})
    if asked.headers.get("authorization") != f"Bearer {TOKEN}":
        return Answer(403, {"error_code": 403, "message": "Invalid access token."})
    fault = next((fault for fault in workspace.faults if fault.route == route), None)
    if fault is not None:
        workspace.faults.remove(fault)
        if not fault.arrives:
            return fault.answer or Answer(drop=True)
    workspace.asked.append((route, body))
    try:
        answer = Answer(200, _ROUTES[route](workspace, body))
    except ApiError as error:
        answer = error.answer
    return (fault.answer or Answer(drop=True)) if fault is not None else answer


def _mkdirs(workspace: Workspace, body: Json) -> Json:
    path = body["path"]
    while path != "/":
        workspace.objects.setdefault(path, {"object_type": "DIRECTORY"})
        path = posixpath.dirname(path)
    return {}


def _import(workspace: Workspace, body: Json) -> Json:
    path = body["path"]
    kind = "NOTEBOOK" if body["format"] == "SOURCE" else "FILE"
    if posixpath.dirname(path) not in workspace.objects:
        raise ApiError(404, "RESOURCE_DOES_NOT_EXIST", f"The parent folder of {path} is missing.")
    if (kind == "NOTEBOOK") != ("language" in body):
        raise ApiError(400, "INVALID_PARAMETER_VALUE", "A notebook needs a language.")
    before = workspace.objects.get(path)
    if before is not None and (before["object_type"] != kind or not body.get("overwrite")):
        raise ApiError(400, "RESOURCE_ALREADY_EXISTS", f"{path} is a {before['object_type']}.")
    workspace.objects[path] = {
        "object_type": kind,
        "content": body["content"],
        "language": body.get("language"),
    }
    return {}


def _object(workspace: Workspace, path: str) -> Json:
    if path not in workspace.objects:
        raise ApiError(404, "RESOURCE_DOES_NOT_EXIST", f"Path ({path}) doesn't exist.")
    return workspace.objects[path]


def _delete(workspace: Workspace, body: Json) -> Json:
    _object(workspace, body["path"])
    del workspace.objects[body["path"]]
    return {}


def _create_cluster(workspace: Workspace, body: Json) -> Json:
    cluster_id = f"0101-{len(workspace.clusters):06}-made"
    workspace.clusters[cluster_id] = {**body, "states": list(workspace.cluster_states)}
    return {"cluster_id": cluster_id}


def _shown_cluster(workspace: Workspace, cluster_id: str, *, looks: bool) -> Json:
    if cluster_id not in workspace.clusters:
        raise ApiError(400, "INVALID_PARAMETER_VALUE", f"Cluster {cluster_id} does not exist")
    cluster = workspace.clusters[cluster_id]
    states = cluster["states"]
    state = states.pop(0) if looks and len(states) > 1 else states[0]
    shown = {key: value for key, value in cluster.items() if key != "states"}
    ended = workspace.termination if state in ("TERMINATED", "ERROR") else {}
    return {**shown, "cluster_id": cluster_id, "state": state, **ended}


def _start_cluster(workspace: Workspace, body: Json) -> Json:
    cluster = workspace.clusters[body["cluster_id"]]
    if cluster["states"][0] != "TERMINATED":
        raise ApiError(400, "INVALID_STATE", f"unexpected state {cluster['states'][0]}.")
    cluster["states"] = list(workspace.cluster_states)
    return {}


def _install(workspace: Workspace, body: Json) -> Json:
    statuses = workspace.libraries.setdefault(body["cluster_id"], [])
    for library in body["libraries"]:
        statuses[:] = [status for status in statuses if status["library"] != library]
        statuses.append({"library": library, "status": "PENDING"})
    return {}


def _uninstall(workspace: Workspace, body: Json) -> Json:
    for status in workspace.libraries.get(body["cluster_id"], []):
        if status["library"] in body["libraries"]:
            status["status"] = "UNINSTALL_ON_RESTART"
    return {}


def _library_statuses(workspace: Workspace, body: Json) -> Json:
    statuses = workspace.libraries.get(body["cluster_id"], [])
    shown = json.loads(json.dumps(statuses))
    after: dict[str, Literal["INSTALLING", "INSTALLED"]] = {
        "PENDING": "INSTALLING",
        "INSTALLING": "INSTALLED",
    }
    for status in statuses:
        library = status["library"]
        messages = workspace.library_failures.get(library.get("pypi", {}).get("package", ""))
        status["status"] = after.get(status["status"], status["status"])
        if messages and status["status"] == "INSTALLED":
            status.update(status="FAILED", messages=messages)
    return {"cluster_id": body["cluster_id"], "library_statuses": shown}


def _create_job(workspace: Workspace, body: Json) -> Json:
    job_id = 100 + len(workspace.jobs)
    workspace.jobs[job_id] = body
    return {"job_id": job_id}


def _list_jobs(workspace: Workspace, body: Json) -> Json:
    name = body.get("name", "").lower()
    return {
        "jobs": [
            {"job_id": job_id, "settings": {"name": settings["name"]}}
            for job_id, settings in workspace.jobs.items()
            if settings["name"].lower() == name
        ]
    }


def _reset_job(workspace: Workspace, body: Json) -> Json:
    workspace.jobs[body["job_id"]] = body["new_settings"]
    return {}


def _run_now(workspace: Workspace, body: Json) -> Json:
    token = body.get("idempotency_token", f"none-{len(workspace.runs)}")
    if token not in workspace.run_of_token:
        run_id = 900 + len(workspace.runs)
        workspace.run_of_token[token] = run_id
        workspace.runs[run_id] = {"job_id": body["job_id"], "states": list(workspace.run_states)}
    return {"run_id": workspace.run_of_token[token]}


def _get_run(workspace: Workspace, body: Json) -> Json:
    run_id = int(body["run_id"])
    run = workspace.runs[run_id]
    state = run["states"].pop(0) if len(run["states"]) > 1 else run["states"][0]
    task = workspace.jobs[run["job_id"]]["tasks"][0]
    ended = state["life_cycle_state"] not in ("PENDING", "RUNNING", "QUEUED")
    task_state = workspace.task_state if ended else state
    return {
        "run_id": run_id,
        "run_page_url": f"{ADDRESS}/#job/{run['job_id']}/run/{run_id}",
        "state": state,
        "tasks": [{"task_key": task["task_key"], "run_id": run_id + 1000, "state": task_state}],
    }


def _get_output(workspace: Workspace, body: Json) -> Json:
    if int(body["run_id"]) in workspace.runs:
        raise ApiError(400, "INVALID_PARAMETER_VALUE", "Ask for the output of each task run.")
    return workspace.run_output


def _create_scope(workspace: Workspace, body: Json) -> Json:
    if body["scope"] in workspace.secrets:
        raise ApiError(400, "RESOURCE_ALREADY_EXISTS", f"Scope {body['scope']} exists.")
    workspace.secrets[body["scope"]] = {}
    return {}


def _put_secret(workspace: Workspace, body: Json) -> Json:
    workspace.secrets[body["scope"]][body["key"]] = body["string_value"]
    return {}


def _listed_clusters(workspace: Workspace, _: Json) -> Json:
    shown = [_shown_cluster(workspace, name, looks=False) for name in workspace.clusters]
    return {"clusters": shown}


_ROUTES: dict[str, Callable[[Workspace, Json], Json]] = {
    "workspace/mkdirs": _mkdirs,
    "workspace/import": _import,
    "workspace/delete": _delete,
    "workspace/export": lambda workspace, body: _object(workspace, body["path"]),
    "workspace/get-status": lambda workspace, body: _object(workspace, body["path"]),
    "clusters/create": _create_cluster,
    "clusters/get": lambda workspace, body: _shown_cluster(
        workspace, body["cluster_id"], looks=True
    ),
    "clusters/list": _listed_clusters,
    "clusters/start": _start_cluster,
    "libraries/install": _install,
    "libraries/uninstall": _uninstall,
    "libraries/cluster-status": _library_statuses,
    "jobs/create": _create_job,
    "jobs/list": _list_jobs,
    "jobs/reset": _reset_job,
    "jobs/run-now": _run_now,
    "jobs/runs/get": _get_run,
    "jobs/runs/get-output": _get_output,
    "secrets/scopes/list": lambda workspace, _: {
        "scopes": [{"name": name} for name in workspace.secrets]
    },
    "secrets/scopes/create": _create_scope,
    "secrets/put": _put_secret,
}
