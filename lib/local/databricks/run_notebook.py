"""Runs one task of the local workspace: a notebook, a Python file, an entry point of a wheel, or pip.

What to do comes as one line of JSON on standard input. The other end of standard input is held by
the workspace: when that lets go, however it ends, this process and everything it started are
killed. What became of the task goes as JSON to file descriptor 3.
"""

from __future__ import annotations

import json
import linecache
import os
import re
import runpy
import shlex
import signal
import subprocess
import sys
import threading
import traceback
from pathlib import Path
from typing import Any, NoReturn

import workspace_runtime

Task = dict[str, Any]

HEADER = "# Databricks notebook source"
SEPARATOR = "# COMMAND ----------"
MAGIC = re.compile(r"^#\s*MAGIC ?", re.MULTILINE)
LARGEST_RESULT = 5 * 1024 * 1024
# In this process's own files nothing went wrong that the reader of a trace could mend.
OWN_FILES = (__file__, runpy.__file__, "<frozen runpy>")


def main() -> int:
    """Reads the task, runs it, and says what became of it."""
    report = os.dup(3)
    os.close(3)
    # One stream, so that what is written stays in its order.
    os.dup2(1, 2)
    task = take_over_input()
    sys.path.pop(0)
    if task["kind"] == "pip":
        run_pip(task["words"])
    outcome = run(task)
    with os.fdopen(report, "w", encoding="utf-8") as stream:
        json.dump(outcome, stream)
    return 1 if "error" in outcome else 0


def take_over_input() -> Task:
    """Reads the task, then watches for the end of input; the task itself finds an empty one."""
    watched = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    line = b""
    while not line.endswith(b"\n"):
        part = os.read(watched, 65536)
        if not part:
            os._exit(1)
        line += part
    threading.Thread(target=end_with_workspace, args=(watched,), daemon=True).start()
    task: Task = json.loads(line)
    return task


def end_with_workspace(watched: int) -> None:
    """Waits for the end of input, then kills the process group."""
    while os.read(watched, 1024):
        pass
    os.killpg(0, signal.SIGKILL)


def run(task: Task) -> dict[str, str]:
    """Runs the task's code; answers the result, or the error and its trace."""
    try:
        if task["kind"] == "notebook":
            run_notebook(task)
        elif task["kind"] == "file":
            workspace_runtime.install(task, {})
            run_file(task["path"], task["parameters"])
        else:
            workspace_runtime.install(task, {})
            run_wheel(task)
    except workspace_runtime.NotebookExit as leave:
        return {"result": leave.value[:LARGEST_RESULT]}
    except SystemExit as leave:
        if leave.code in (None, 0):
            return {}
        return failure(leave)
    except BaseException as error:  # pylint: disable=broad-exception-caught
        return failure(error)
    return {}


def run_notebook(task: Task) -> None:
    """Runs the cells of a notebook one after the other, in one namespace."""
    names: dict[str, Any] = {"__name__": "__main__", "__builtins__": __builtins__}
    workspace_runtime.install(task, names)
    sys.argv = [task["path"]]
    sys.path.insert(0, os.getcwd())
    run_cells(Path(task["path"]), names, task)


def run_cells(path: Path, names: dict[str, Any], task: Task) -> None:
    """Runs the cells of the notebook at the path."""
    source = path.read_text(encoding="utf-8-sig")
    linecache.cache[str(path)] = (len(source), None, source.splitlines(keepends=True), str(path))
    line = 1
    for cell in re.split(rf"(?m)^{SEPARATOR}[ \t]*$", source):
        magic = magic_of(cell)
        # As many lines before the cell as in the file, so that traces name the right ones.
        before = "\n" * (line - 1)
        if magic is None:
            execute(before + cell, path, names)
        elif magic and magic[0].startswith("%python"):
            execute(before + MAGIC.sub("", cell).replace("%python", "", 1), path, names)
        elif magic:
            run_magic(magic, path, names, task)
        line += cell.count("\n")


def execute(source: str, path: Path, names: dict[str, Any]) -> None:
    """Runs Python in the names of the notebook, without what this file imports from the future."""
    exec(compile(source, str(path), "exec", dont_inherit=True), names)  # pylint: disable=exec-used


def magic_of(cell: str) -> list[str] | None:
    """The lines of a magic cell without their mark; None for a cell of Python."""
    lines = [line for line in cell.splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith((HEADER, "# DBTITLE "))]
    if not lines or not MAGIC.match(lines[0]):
        return None
    return [MAGIC.sub("", line, count=1).strip() for line in lines]


def run_magic(lines: list[str], path: Path, names: dict[str, Any], task: Task) -> None:
    """Does what a magic cell says, as far as Python can."""
    word, _, rest = lines[0].partition(" ")
    if word == "%pip":
        for line in [each for each in lines if each.startswith("%pip")]:
            pip(shlex.split(line)[1:], task)
    elif word == "%run":
        run_cells(notebook_at(rest.strip("\"' "), path, task), names, task)
    elif word.startswith("%") and not word.startswith("%md"):
        print(f"Skipped a cell that begins with {word}: this workspace runs Python only.")


def notebook_at(target: str, path: Path, task: Task) -> Path:
    """The notebook that %run names, from the folder of the notebook that names it or from the root."""
    place = local_path(target, task) if target.startswith("/") else (path.parent / target).resolve()
    if not place.is_file():
        raise FileNotFoundError(f"Notebook not found: {target}")
    return place


def local_path(path: str, task: Task) -> Path:
    """Where a path of the workspace is on this machine."""
    return Path(task["workspace"], path.removeprefix("/Workspace/").lstrip("/"))


def pip(words: list[str], task: Task) -> None:
    """Installs into the environment of this task alone."""
    local = [
        str(local_path(word, task)) if word.startswith("/Workspace/") else word for word in words
    ]
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", *local]
    sys.stdout.flush()
    subprocess.run(command, check=True)


def run_pip(words: list[str]) -> NoReturn:
    """Runs pip in this process, which ends as pip does."""
    sys.argv = ["pip", *words]
    runpy.run_module("pip", run_name="__main__", alter_sys=True)
    sys.exit(0)


def run_file(path: str, parameters: list[str]) -> None:
    """Runs a Python file as a program."""
    sys.argv = [path, *parameters]
    sys.path.insert(0, os.path.dirname(path))
    runpy.run_path(path, run_name="__main__")


def run_wheel(task: Task) -> None:
    """Calls the entry point that a package declares, or else its function of that name."""
    from importlib import import_module, metadata  # pylint: disable=import-outside-toplevel

    package, name = task["packageName"], task["entryPoint"]
    sys.argv = [package, *task["parameters"]]
    for entry in metadata.distribution(package).entry_points:
        if entry.name == name:
            entry.load()()
            return
    getattr(import_module(package), name)()


def failure(error: BaseException) -> dict[str, str]:
    """An exception as the writer of the task wants to see it: without the frames of this file."""
    frames = traceback.TracebackException.from_exception(error)
    own = [frame for frame in frames.stack if frame.filename not in OWN_FILES]
    frames.stack = traceback.StackSummary.from_list(own)
    trace = "".join(frames.format())
    line = "".join(traceback.format_exception_only(type(error), error)).strip().splitlines()[-1]
    return {"error": line, "trace": trace}


if __name__ == "__main__":
    sys.exit(main())
