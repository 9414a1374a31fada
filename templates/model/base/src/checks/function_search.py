"""Finding a function in the model's code, through re-exports, by reading and never importing."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

_PACKAGE = "model_modules"

Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class FoundFunction:
    """Where the search for a function ended; ``problem`` is why a file could not be read."""

    path: Path
    definition: Definition | None = None
    line: int | None = None
    problem: str | None = None


def find_function(modules: Path, module: str, name: str) -> FoundFunction:
    """The definition that a name in a module stands for, followed through imports of neighbours."""
    path = modules / module
    visited: set[tuple[Path, str]] = set()
    while True:
        tree, problem, line = _parse(path)
        if tree is None:
            return FoundFunction(path, None, line, problem)
        bound = _last_binding(tree, name)
        if not isinstance(bound, ast.ImportFrom):
            return FoundFunction(path, bound, None if bound is None else bound.lineno)
        source = _neighbour(modules, path, bound)
        if source is None or (path, name) in visited:
            return FoundFunction(path, None, bound.lineno)
        visited.add((path, name))
        name = next(alias.name for alias in bound.names if (alias.asname or alias.name) == name)
        path = source


def definition_problem(found: Definition, count: int) -> str | None:
    """Why a function cannot be called with that many positional arguments, or does nothing."""
    if isinstance(found, ast.AsyncFunctionDef):
        return "is asynchronous; the pipelines call it as a plain function."
    if not _accepts(found.args, count):
        return f"cannot be called with {count} positional argument(s)."
    if all(_does_nothing(statement) for statement in found.body):
        return "has no body yet."
    return None


def _parse(path: Path) -> tuple[ast.Module | None, str | None, int | None]:
    try:
        return ast.parse(path.read_bytes(), filename=path.name), None, None
    except FileNotFoundError:
        return None, "is missing.", None
    except OSError as error:
        return None, f"cannot be read: {error.strerror}.", None
    except SyntaxError as error:
        return None, f"is not valid Python: {error.msg}.", error.lineno
    except (ValueError, RecursionError, MemoryError) as error:
        return None, f"cannot be read as Python: {error}.", None


def _last_binding(tree: ast.Module, name: str) -> Definition | ast.ImportFrom | None:
    """The last definition or import of a name at module level, which is the one Python keeps."""
    found: Definition | ast.ImportFrom | None = None
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found = node if node.name == name else found
        elif isinstance(node, ast.ImportFrom):
            named = any((alias.asname or alias.name) == name for alias in node.names)
            found = node if named else found
    return found


def _neighbour(modules: Path, path: Path, node: ast.ImportFrom) -> Path | None:
    """The file of the model that an import reads from; ``None`` for other packages."""
    parts = node.module.split(".") if node.module else []
    if node.level:
        start = path.parent
        for _ in range(node.level - 1):
            start = start.parent
        if start != modules and modules not in start.parents:
            return None
    elif parts[:1] == [_PACKAGE]:
        start, parts = modules, parts[1:]
    else:
        return None
    target = start.joinpath(*parts)
    package = target / "__init__.py"
    return package if package.is_file() or not parts else target.with_name(f"{target.name}.py")


def _accepts(arguments: ast.arguments, count: int) -> bool:
    positional = [*arguments.posonlyargs, *arguments.args]
    needed = len(positional) - len(arguments.defaults)
    enough = count <= len(positional) or arguments.vararg is not None
    keywords_needed = any(default is None for default in arguments.kw_defaults)
    return needed <= count and enough and not keywords_needed


def _does_nothing(statement: ast.stmt) -> bool:
    """A docstring, ``...``, ``pass``, ``return``, or ``raise NotImplementedError``."""
    if isinstance(statement, ast.Raise) and statement.exc is not None:
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.Return):
        return statement.value is None or (
            isinstance(statement.value, ast.Constant) and statement.value.value in (None, ...)
        )
    return isinstance(statement, ast.Pass)
