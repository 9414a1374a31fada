"""What code finds in a workspace, as far as a single machine can offer it.

It is dbutils, spark and the rest, in the names of a notebook and in databricks.sdk.runtime.
"""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, NoReturn, Optional

from workspace_fs import Files
from workspace_spark import Spark

Task = dict[str, Any]


class NotebookExit(BaseException):
    """The notebook has said that it is done; no Exception, so that no handler of it stops it."""

    def __init__(self, value: str) -> None:
        super().__init__(value)
        self.value = value


class InputWidgetNotDefined(Exception):
    """A parameter was asked for that nobody gave or declared."""


def install(task: Task, names: dict[str, Any]) -> None:
    """Offers dbutils, spark and the rest in a notebook's names and in databricks.sdk.runtime."""
    spark = Spark(Path(task["folder"], "tables"), task.get("conf", {}))
    dbutils = DbUtils(task)
    offered: dict[str, Any] = {
        "dbutils": dbutils,
        "spark": spark,
        "sql": spark.sql,
        "table": spark.table,
        "getArgument": dbutils.widgets.getArgument,
        "display": lambda value=None, *_, **__: print(value),
        "displayHTML": lambda _html=None: None,
        "sc": None,
        "sqlContext": None,
        "udf": None,
    }
    names.update(offered)
    runtime = ModuleType("databricks.sdk.runtime")
    vars(runtime).update(
        offered,
        init_runtime_native_auth=None,
        init_runtime_native_unified=None,
        init_runtime_repl_auth=no_auth,
        init_runtime_legacy_auth=no_auth,
    )
    if not is_installed("databricks.sdk"):
        for name in ("databricks", "databricks.sdk"):
            package = ModuleType(name)
            package.__path__ = []
            sys.modules.setdefault(name, package)
        vars(sys.modules["databricks.sdk"])["runtime"] = runtime
    sys.modules["databricks.sdk.runtime"] = runtime


def no_auth() -> tuple[None, None]:
    """The runtime gives no credential of its own: DATABRICKS_TOKEN is there."""
    return None, None


def is_installed(name: str) -> bool:
    """Whether a package can be imported, without importing it as a whole."""
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


class DbUtils:
    """The utilities of a notebook."""

    def __init__(self, task: Task) -> None:
        given = task.get("parameters", {})
        self.widgets = Widgets(given if isinstance(given, dict) else {})
        self.secrets = Secrets()
        self.notebook = Notebook(task.get("notebookPath", ""))
        self.fs = Files(Path(task["folder"], "dbfs"))
        self.library = SimpleNamespace(restartPython=lambda: None)


class Widgets:
    """The parameters of a notebook."""

    def __init__(self, given: dict[str, str]) -> None:
        self._given = given
        self._defaults: dict[str, str] = {}

    def text(self, name: str, defaultValue: str, label: Optional[str] = None) -> None:
        """Declares a parameter."""
        del label
        self._defaults[name] = defaultValue

    def dropdown(
        self, name: str, defaultValue: str, choices: list[str], label: Optional[str] = None
    ) -> None:
        """Declares a parameter with choices."""
        if defaultValue not in choices:
            raise ValueError(f"The default of the widget {name} is none of its choices.")
        self.text(name, defaultValue, label)

    combobox = dropdown
    multiselect = dropdown

    def get(self, name: str) -> str:
        """The value of a parameter: what the job gives, or the default."""
        if name in self._given:
            return self._given[name]
        if name in self._defaults:
            return self._defaults[name]
        raise InputWidgetNotDefined(f"No input widget named {name} is defined")

    def getArgument(self, name: str, defaultValue: Optional[str] = None) -> str:
        """The value of a parameter, with a default for where it is used."""
        if defaultValue is not None and name not in self._given and name not in self._defaults:
            return defaultValue
        return self.get(name)

    def getAll(self) -> dict[str, str]:
        """All parameters."""
        return {**self._defaults, **self._given}

    def remove(self, name: str) -> None:
        """Forgets a parameter that was declared."""
        self._defaults.pop(name, None)

    def removeAll(self) -> None:
        """Forgets what was declared."""
        self._defaults.clear()


class Secrets:
    """Secrets of the workspace, which takes their values out of everything that the task prints."""

    def get(self, scope: str, key: str) -> str:
        """The value of a secret."""
        return self.getBytes(scope, key).decode("utf-8")

    def getBytes(self, scope: str, key: str) -> bytes:
        """The value of a secret, as it is."""
        answer = ask("/api/2.0/secrets/get", {"scope": scope, "key": key})
        return base64.b64decode(answer["value"])

    def listScopes(self) -> list[Any]:
        """The scopes, each with a name."""
        found = ask("/api/2.0/secrets/scopes/list", {}).get("scopes", [])
        return [SimpleNamespace(name=scope["name"]) for scope in found]

    def list(self, scope: str) -> list[Any]:
        """The secrets of a scope, each with a key."""
        found = ask("/api/2.0/secrets/list", {"scope": scope}).get("secrets", [])
        return [SimpleNamespace(key=secret["key"]) for secret in found]


def ask(path: str, query: dict[str, str]) -> dict[str, Any]:
    """Asks the workspace, as whoever runs the task."""
    url = f"{os.environ['DATABRICKS_HOST']}{path}?{urllib.parse.urlencode(query)}"
    headers = {"Authorization": f"Bearer {os.environ['DATABRICKS_TOKEN']}"}
    # Straight to this machine, whatever proxy the environment names.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(url, headers=headers), timeout=60) as response:
            answer: dict[str, Any] = json.load(response)
            return answer
    except urllib.error.HTTPError as error:
        message = json.load(error).get("message", error.reason)
        raise RuntimeError(message) from None


class Notebook:
    """The notebook itself."""

    def __init__(self, path: str) -> None:
        context = SimpleNamespace(notebookPath=lambda: SimpleNamespace(get=lambda: path))
        self.entry_point = SimpleNamespace(
            getDbutils=lambda: SimpleNamespace(
                notebook=lambda: SimpleNamespace(getContext=lambda: context)
            )
        )

    def exit(self, value: object = "") -> NoReturn:
        """Ends the notebook; the job gets the value."""
        raise NotebookExit(str(value))

    def run(self, path: str, timeout_seconds: int = 0, arguments: object = None) -> NoReturn:
        """Running a notebook as a task of its own needs a cluster."""
        raise NotImplementedError(
            f"This workspace cannot run {path} from a notebook; use %run, or a job with tasks."
        )
