"""Bringing the planned files and the wheel into the workspace.

A record beside them says what was brought there. Only what an import brought is ever removed;
notebooks that people made in the same folder stay.
"""

from __future__ import annotations

import base64
import json
import posixpath
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from ..errors import FindingError
from ..utils.databricks import remote_errors
from .workspace_files import WorkspaceItem

if TYPE_CHECKING:
    from databricks.sdk import WorkspaceClient

RECORD_FILE = ".mloccli_import.json"
_KEPT_WHEELS = 5


@dataclass(frozen=True)
class ImportPlan:
    """What is to be in the folder of a branch; the wheel is made only when it is not there yet."""

    model_name: str
    folder: str
    items: Sequence[WorkspaceItem]
    wheel: str
    make_wheel: Callable[[], bytes]


@dataclass(frozen=True)
class Imported:
    """What an import sent and removed, as paths."""

    sent: list[str]
    removed: list[str]


@dataclass(frozen=True)
class _Record:
    """What imports brought into a folder, and for which model."""

    model_name: str
    #: SOURCE for a notebook, RAW for a file; by path.
    objects: dict[str, str] = field(default_factory=dict)
    #: The newest last. Old ones stay a while, because jobs may still name them.
    wheels: list[str] = field(default_factory=list)


def import_to_workspace(client: WorkspaceClient, plan: ImportPlan) -> Imported:
    """Bring everything there, and remove what earlier imports brought and is no longer planned."""
    before = _read_record(client, plan)
    objects = {item.path: item.form for item in plan.items}
    changed = {path for path in objects if before.objects.get(path, objects[path]) != objects[path]}
    for folder in sorted({posixpath.dirname(path) for path in (*objects, plan.wheel)}):
        with remote_errors(f"make the workspace folder {folder}"):
            client.workspace.mkdirs(folder)
    # First, so that an import that breaks off leaves nothing unknown behind.
    union = _Record(plan.model_name, {**before.objects, **objects}, before.wheels)
    _write_record(client, plan.folder, union)
    _remove(client, changed)
    for item in plan.items:
        _send(client, item.path, item.content(), item.language)
    sent = [*objects, *_send_wheel(client, plan)]
    wheels = [*(path for path in before.wheels if path != plan.wheel), plan.wheel]
    gone = {*(before.objects.keys() - objects.keys()), *wheels[:-_KEPT_WHEELS]}
    _remove(client, gone)
    after = _Record(plan.model_name, objects, wheels[-_KEPT_WHEELS:])
    _write_record(client, plan.folder, after)
    return Imported(sent, sorted(gone))


def _send_wheel(client: WorkspaceClient, plan: ImportPlan) -> list[str]:
    from databricks.sdk.errors import NotFound

    with remote_errors(f"look for {plan.wheel}"):
        try:
            client.workspace.get_status(plan.wheel)
            return []  # Its name says what is in it.
        except NotFound:
            pass
    _send(client, plan.wheel, base64.b64encode(plan.make_wheel()).decode("ascii"), None)
    return [plan.wheel]


def _send(client: WorkspaceClient, path: str, content: str, language: str | None) -> None:
    from databricks.sdk.service.workspace import ImportFormat, Language

    with remote_errors(f"import {path}"):
        client.workspace.import_(
            path,
            content=content,
            format=ImportFormat.RAW if language is None else ImportFormat.SOURCE,
            language=None if language is None else Language(language),
            overwrite=True,
        )


def _remove(client: WorkspaceClient, paths: set[str]) -> None:
    from databricks.sdk.errors import NotFound

    for path in sorted(paths):
        with remote_errors(f"remove {path}"):
            try:
                client.workspace.delete(path)
            except NotFound:
                pass


def _read_record(client: WorkspaceClient, plan: ImportPlan) -> _Record:
    from databricks.sdk.errors import NotFound
    from databricks.sdk.service.workspace import ExportFormat

    path = f"{plan.folder}/{RECORD_FILE}"
    with remote_errors(f"read {path}"):
        try:
            content = client.workspace.export(path, format=ExportFormat.AUTO).content
        except NotFound:
            return _Record(plan.model_name)
    record = _parse_record(path, content or "")
    if record.model_name != plan.model_name:
        raise FindingError(
            f"The workspace folder {plan.folder} is that of the model {record.model_name}.",
            "Give each model a NOTEBOOK_PATH of its own in pipelines/base_variables.yml.",
        )
    return record


def _parse_record(path: str, content: str) -> _Record:
    try:
        record = _Record(**json.loads(base64.b64decode(content)))
        known = {**record.objects, **dict.fromkeys(record.wheels, "")}
    except (ValueError, TypeError) as error:
        raise FindingError(
            f"{path} in the workspace is not what an import wrote.",
            "Delete it; the next import writes it anew and removes nothing.",
        ) from error
    folder = posixpath.dirname(path)
    if any(not name.startswith(f"{folder}/") or "/../" in name for name in known):
        raise FindingError(f"{path} in the workspace names paths outside its folder.", "Delete it.")
    return record


def _write_record(client: WorkspaceClient, folder: str, record: _Record) -> None:
    content = json.dumps(asdict(record), indent=1).encode()
    _send(client, f"{folder}/{RECORD_FILE}", base64.b64encode(content).decode("ascii"), None)
