"""Starting the pipeline that trains the model (or scores it, where it is rules) in Azure DevOps.

A run carries its key as the template parameter ``trigger_key``, so Azure DevOps itself remembers
what was started: a run with the key is looked for before one is started, and again when it is
not known whether a request arrived. No crash in between can start a second one.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode

from ..config import ModelVariables
from ..errors import RemoteError, UsageError
from ..utils.http import Request, Response, send
from ..utils.variables import Secret, require, secret

KEY_PARAMETER = "trigger_key"

_SERVICE = "Azure DevOps"
_VERSION = {"api-version": "7.1"}
_RUNS_LOOKED_INTO = 50


@dataclass(frozen=True)
class Run:
    """A run of the pipeline; ``is_new`` when this process started it."""

    number: int
    address: str
    state: str
    is_new: bool = False


@dataclass(frozen=True)
class Preview:
    """What would be sent, and what Azure DevOps would run; ``existing`` is a run with the key."""

    url: str
    body: Mapping[str, object]
    final_yaml: str
    existing: Run | None


def training_pipeline_name(variables: ModelVariables) -> str:
    """The name of the pipeline that makes a new version of the model."""
    kind = "score" if variables.is_rule_based else "train"
    return f"{variables.model_name}-{kind}-evaluate-pipeline"


def run_body(key: str, branch: str | None) -> dict[str, object]:
    """The body that starts a run; without a branch it is the pipeline's default branch."""
    body: dict[str, object] = {"templateParameters": {KEY_PARAMETER: key}}
    if branch:
        ref = branch if branch.startswith("refs/") else f"refs/heads/{branch}"
        body["resources"] = {"repositories": {"self": {"refName": ref}}}
    return body


@dataclass(frozen=True)
class TrainingPipeline:
    """One pipeline of a project, found by its name."""

    project_url: str
    name: str
    folder: str
    token: Secret | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def start(self, key: str, branch: str | None = None) -> Run:
        """The run with this key: the one that is there, or else a new one."""
        runs_url = self._runs_url()
        existing = self._find(runs_url, key)
        if existing is not None:
            return existing
        try:
            answer = self._send("POST", _address(runs_url), run_body(key, branch))
            return _run(answer.json(), is_new=True)
        except RemoteError:
            # The request may have arrived although its answer did not.
            arrived = self._find(runs_url, key)
            if arrived is None:
                raise
            return replace(arrived, is_new=True)

    def preview(self, key: str, branch: str | None = None) -> Preview:
        """What ``start`` would send and what would run; nothing is started."""
        runs_url = self._runs_url()
        body = {**run_body(key, branch), "previewRun": True}
        answer = _mapping(self._send("POST", _address(runs_url), body).json())
        return Preview(
            runs_url, body, str(answer.get("finalYaml") or ""), self._find(runs_url, key)
        )

    def _runs_url(self) -> str:
        query = {"name": self.name, "path": self.folder, **_VERSION}
        found = self._values(f"{self.project_url}/_apis/build/definitions?{urlencode(query)}")
        numbers = [
            entry.get("id")
            for entry in found
            if str(entry.get("name", "")).lower() == self.name.lower()
        ]
        if not numbers or not isinstance(numbers[0], int):
            raise RemoteError(
                f"{_SERVICE} has no pipeline {self.name} in the folder {self.folder}.",
                "Provision the repository's pipelines, or give this credential access to them.",
            )
        return f"{self.project_url}/_apis/pipelines/{numbers[0]}/runs"

    def _find(self, runs_url: str, key: str) -> Run | None:
        """The oldest run with the key. A list of runs need not hold their parameters."""
        runs = sorted(self._values(_address(runs_url)), key=lambda run: -int(run.get("id") or 0))
        found = [run for run in self._with_parameters(runs_url, runs) if _key_of(run) == key]
        return _run(found[-1]) if found else None

    def _with_parameters(
        self, runs_url: str, runs: list[Mapping[str, Any]]
    ) -> Iterator[Mapping[str, Any]]:
        for place, run in enumerate(runs):
            if run.get("templateParameters") or place >= _RUNS_LOOKED_INTO:
                yield run
            else:
                yield _mapping(self._send("GET", _address(f"{runs_url}/{run.get('id')}")).json())

    def _values(self, url: str) -> list[Mapping[str, Any]]:
        values = _mapping(self._send("GET", url).json()).get("value")
        return [_mapping(value) for value in values] if isinstance(values, list) else []

    def _send(self, method: str, url: str, body: object = None) -> Response:
        return send(Request(method, url, _SERVICE, self.token, json=body, headers=self.headers))


def find_training_pipeline(
    variables: ModelVariables, environ: Mapping[str, str]
) -> TrainingPipeline:
    """The model's pipeline with the credential of this step; UsageError when something is unset."""
    place = require(
        environ,
        {
            "SYSTEM_COLLECTIONURI": "the address of the Azure DevOps organization",
            "SYSTEM_TEAMPROJECT": "the project that holds the pipelines",
        },
    )
    token = secret(environ, "SYSTEM_ACCESSTOKEN")
    personal = secret(environ, "AZURE_DEVOPS_EXT_PAT")
    if token is None and personal is None:
        raise UsageError(
            "There is no credential for Azure DevOps.",
            "Map SYSTEM_ACCESSTOKEN: $(System.AccessToken) in the step's env, or on your machine "
            "set AZURE_DEVOPS_EXT_PAT to a personal access token.",
        )
    project = quote(place["SYSTEM_TEAMPROJECT"], safe="")
    return TrainingPipeline(
        f"{place['SYSTEM_COLLECTIONURI'].rstrip('/')}/{project}",
        training_pipeline_name(variables),
        f"\\{variables.model_name}",
        token,
        _basic(personal) if token is None and personal is not None else {},
    )


def _basic(personal: Secret) -> dict[str, str]:
    """A personal access token is the password of a user without a name."""
    encoded = base64.b64encode(f":{personal.reveal()}".encode()).decode()
    return {"Authorization": f"Basic {encoded}"}


def _address(url: str) -> str:
    return f"{url}?{urlencode(_VERSION)}"


def _key_of(run: Mapping[str, Any]) -> object:
    return _mapping(run.get("templateParameters") or {}).get(KEY_PARAMETER)


def _run(content: object, *, is_new: bool = False) -> Run:
    run = _mapping(content)
    links = run.get("_links")
    web = links.get("web") if isinstance(links, dict) else None
    address = web.get("href") if isinstance(web, dict) else run.get("url")
    number = run.get("id")
    if not isinstance(number, int):
        raise RemoteError(f"{_SERVICE} answered without the number of the run.")
    return Run(number, str(address or ""), str(run.get("result") or run.get("state")), is_new)


def _mapping(content: object) -> Mapping[str, Any]:
    if not isinstance(content, dict):
        raise RemoteError(f"{_SERVICE} answered with something other than was asked for.")
    return content
