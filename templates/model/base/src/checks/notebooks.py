"""The notebooks: Databricks recognises each one, and its code can be read."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from ..config import ModelVariables, Repository
from .files import is_cut, read_bytes, text_of
from .result import CheckCase, CheckResult, Finding, case

_SOURCE = "Databricks notebook source"
_HEADERS = {
    ".py": f"# {_SOURCE}",
    ".r": f"# {_SOURCE}",
    ".sql": f"-- {_SOURCE}",
    ".scala": f"// {_SOURCE}",
}
_NEW_CELL = re.compile(r"# COMMAND -{10}\s*")
_NOT_PYTHON = re.compile(r"\s*[%!]")


def check_notebooks(repository: Repository, variables: ModelVariables) -> CheckResult:
    """One case for each notebook; a model served in batches has at least one in Python."""
    folder = repository.model_folder / "notebooks"
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    notebooks = [path for path in files if path.suffix.lower() in (*_HEADERS, ".ipynb")]
    cases = [_check(repository, path) for path in notebooks]
    if variables.serving == "batch" and not any(path.suffix == ".py" for path in notebooks):
        name = repository.relative(folder)
        finding = Finding(
            f"{name} holds no Python notebook, but the model is served in batches.",
            "Add a notebook in Databricks source format.",
            name,
        )
        cases.append(case("a model served in batches has a notebook", [finding]))
    return CheckResult("notebooks", tuple(cases))


def _check(repository: Repository, path: Path) -> CheckCase:
    name = repository.relative(path)
    if path.is_symlink():
        found = [Finding(f"{name} is a link.", "Put the notebook itself there.", name)]
    elif is_cut(path):
        hint = "Databricks imports 10 MB at most. Remove the outputs or the embedded data."
        found = [Finding(f"{name} is larger than 10 MB.", hint, name)]
    else:
        found = _findings(name, path.suffix.lower(), read_bytes(path))
    return case(f"{name} is a notebook", found)


def _findings(name: str, suffix: str, content: bytes) -> list[Finding]:
    text = text_of(content)
    if text is None:
        return [Finding(f"{name} holds binary data.", "Save it as UTF-8 text.", name)]
    if suffix == ".ipynb":
        return _jupyter_findings(name, text)
    # The header has to be the file's very first bytes, so a byte-order mark before it counts.
    header, _, _ = content.decode("utf-8", errors="replace").partition("\n")
    if header.rstrip("\r") != _HEADERS[suffix]:
        return [
            Finding(
                f"{name} does not begin with `{_HEADERS[suffix]}`.",
                "Without that line Databricks imports it as a plain file that no job can run.",
                name,
                1,
            )
        ]
    return list(_python_findings(name, text)) if suffix == ".py" else []


def _python_findings(name: str, text: str) -> Iterator[Finding]:
    """At most one finding for each cell, as cells are compiled one by one."""
    cell: list[str] = []
    lines = text.splitlines()
    for number, line in enumerate([*lines, "# COMMAND ----------"], start=1):
        if _NEW_CELL.fullmatch(line):
            problem = _python_problem(name, "\n".join(cell), number - len(cell) - 1)
            if problem is not None:
                yield problem
            cell = []
        else:
            cell.append(line)


def _python_problem(name: str, cell: str, lines_before: int) -> Finding | None:
    code = "\n".join(_without_magic(line) for line in cell.split("\n"))
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        compile(code, name, "exec", flags=flags, dont_inherit=True)
    except SyntaxError as error:
        line = lines_before + (error.lineno or 1)
        return Finding(f"{name} is not valid Python: {error.msg}.", "", name, line)
    except (ValueError, RecursionError, MemoryError) as error:
        return Finding(f"{name} cannot be read as Python: {error}.", "", name)
    return None


def _without_magic(line: str) -> str:
    """A line such as ``%pip install …`` or ``!ls``, which only a notebook understands, as pass."""
    return f"{line[: len(line) - len(line.lstrip())]}pass" if _NOT_PYTHON.match(line) else line


def _jupyter_findings(name: str, text: str) -> list[Finding]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        return [Finding(f"{name} is not valid JSON: {error}.", "Save it again.", name)]
    cells = content.get("cells") if isinstance(content, dict) else None
    if not isinstance(cells, list):
        hint = "Save it again in Jupyter's format 4, or in Databricks source format."
        return [Finding(f"{name} is no Jupyter notebook: it has no cells.", hint, name)]
    found = [
        _python_problem(name, _source(one), 0)
        for one in cells
        if isinstance(one, dict) and one.get("cell_type") == "code" and _is_python(one, content)
    ]
    return [finding for finding in found if finding is not None]


def _source(cell: dict[str, object]) -> str:
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def _is_python(cell: dict[str, object], content: dict[str, object]) -> bool:
    """Whether Python runs the cell: the notebook's language, unless a magic names another one."""
    metadata = content.get("metadata")
    kernel = metadata.get("language_info") if isinstance(metadata, dict) else None
    language = kernel.get("name", "python") if isinstance(kernel, dict) else "python"
    return language == "python" and not _source(cell).lstrip().startswith("%")
