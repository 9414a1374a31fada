"""What the tests need of Azure DevOps: one pipeline with runs, and faults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .http_service import Answer, Asked

TOKEN = "very-secret-token"
PROJECT = "The Project"
FINAL_YAML = "stages:\n  - stage: Train_Model\n"


@dataclass
class AzurePipelines:  # pylint: disable=too-many-instance-attributes
    """A project with the model's pipeline, in the folder of the model."""

    name: str = "sums-score-evaluate-pipeline"
    folder: str = "\\sums"
    runs: list[dict[str, Any]] = field(default_factory=list)
    #: Whether a list of runs holds their parameters, or only a single run does.
    lists_parameters: bool = True
    parameters: tuple[str, ...] = ("trigger_key",)
    authorization: str = f"Bearer {TOKEN}"
    #: Called for each start; an answer takes the place of the service's own.
    fault: Callable[[Asked], Answer | None] = lambda asked: None
    keeps_what_it_drops: bool = False

    def answer(self, asked: Asked) -> Answer:
        parts = urlsplit(asked.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if asked.headers.get("authorization") != self.authorization:
            return Answer(401, {"message": "TF400813: not authorized"})
        if query.get("api-version") != "7.1":
            return Answer(400, {"message": "No api-version was supplied."})
        path = parts.path.removeprefix("/org/The%20Project/_apis/")
        if path == "build/definitions":
            found = self.name == query["name"] and self.folder == query["path"]
            return Answer(200, {"value": [{"id": 7, "name": self.name}] if found else []})
        if path == "pipelines/7/runs":
            return self._start(asked) if asked.method == "POST" else self._list()
        number = int(path.removeprefix("pipelines/7/runs/"))
        return Answer(200, next(run for run in self.runs if run["id"] == number))

    def add_run(self, key: str | None, number: int | None = None) -> dict[str, Any]:
        """A run, with the key when it has one."""
        number = number or len(self.runs) + 1
        run = {
            "id": number,
            "state": "inProgress",
            "_links": {"web": {"href": f"https://dev.azure.com/run/{number}"}},
            "templateParameters": {"trigger_key": key} if key else {},
        }
        self.runs.append(run)
        return run

    def _list(self) -> Answer:
        left_out = () if self.lists_parameters else ("templateParameters",)
        runs = [
            {name: value for name, value in run.items() if name not in left_out}
            for run in self.runs
        ]
        return Answer(200, {"count": len(runs), "value": runs})

    def _start(self, asked: Asked) -> Answer:
        body: Any = asked.json()
        unknown = set(body["templateParameters"]) - set(self.parameters)
        if unknown:
            return Answer(400, {"message": f"Unexpected parameter '{unknown.pop()}'"})
        if body.get("previewRun"):
            return Answer(200, {"id": -1, "finalYaml": FINAL_YAML})
        fault = self.fault(asked)
        if fault is not None:
            if self.keeps_what_it_drops:
                self.add_run(body["templateParameters"]["trigger_key"])
            return fault
        return Answer(200, self.add_run(body["templateParameters"]["trigger_key"]))
