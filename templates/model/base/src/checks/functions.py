"""The functions that every model has, found by reading the code without running it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from ..config import ModelVariables, Repository
from .result import CheckCase, CheckResult, Finding, case

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class RequiredFunction:
    """A function of the model contract, called with exactly these arguments."""

    module: str
    name: str
    arguments: tuple[str, ...]

    @property
    def signature(self) -> str:
        """The function as a person writes it."""
        return f"{self.name}({', '.join(self.arguments)})"


TRAIN = RequiredFunction("training.py", "train", ("data", "parameters"))
CONTRACT = (
    RequiredFunction("scoring.py", "score", ("model", "data")),
    RequiredFunction("scoring.py", "evaluate", ("model", "data")),
    RequiredFunction("data.py", "load_scoring_data", ()),
    RequiredFunction("data.py", "load_evaluation_data", ()),
)
LOAD_TRAINING_DATA = RequiredFunction("data.py", "load_training_data", ())


def required_functions(variables: ModelVariables) -> tuple[RequiredFunction, ...]:
    """The contract of this type of model; rule-based ones have no training."""
    return CONTRACT if variables.is_rule_based else (TRAIN, LOAD_TRAINING_DATA, *CONTRACT)


def check_functions(repository: Repository, variables: ModelVariables) -> CheckResult:
    """Each required function is there, takes its arguments, and does something."""
    cases = [_check(repository, function) for function in required_functions(variables)]
    if variables.is_rule_based:
        cases.append(_no_training(repository))
    return CheckResult("functions", tuple(cases))


def _check(repository: Repository, required: RequiredFunction) -> CheckCase:
    path = repository.modules / required.module
    return case(
        f"{required.module} defines {required.signature}",
        [_finding(repository.relative(path), path, required)],
    )


def _finding(name: str, path: Path, required: RequiredFunction) -> Finding | None:
    tree = _parse(name, path)
    if isinstance(tree, Finding):
        return tree
    source = _imported_from(tree, required.name, path)
    if source is not None:
        return _finding(f"{name} (from {source.name})", source, required)
    found = _definition(tree, required.name)
    if found is None:
        return Finding(
            f"{name} defines no function {required.signature} at module level.",
            "The pipelines call it; docs/getting_started.md shows the contract.",
            name,
        )
    problem = _definition_problem(found, required)
    if problem is None:
        return None
    return Finding(
        f"{required.name} {problem}",
        f"The pipelines call it as {required.signature}.",
        name,
        found.lineno,
    )


def _no_training(repository: Repository) -> CheckCase:
    findings = []
    for path in sorted(repository.modules.glob("*.py")):
        name = repository.relative(path)
        tree = _parse(name, path)
        found = None if isinstance(tree, Finding) else _definition(tree, "train")
        if found is not None or path.name == "training.py":
            findings.append(
                Finding(
                    f"MODEL_TYPE is rule-based, but {name} is there to train a model.",
                    "Remove the training, or set MODEL_TYPE to supervised or unsupervised.",
                    name,
                    None if found is None else found.lineno,
                )
            )
    return case("a rule-based model has no training", findings)


def _parse(name: str, path: Path) -> ast.Module | Finding:
    try:
        return ast.parse(path.read_bytes(), filename=name)
    except FileNotFoundError:
        return Finding(f"{name} is missing.", "Every model needs this file.", name)
    except SyntaxError as error:
        return Finding(f"{name} is not valid Python: {error.msg}.", "", name, error.lineno)
    except (ValueError, RecursionError) as error:
        return Finding(f"{name} cannot be read as Python: {error}.", "", name)


def _definition(tree: ast.Module, name: str) -> _Function | None:
    """The last definition at module level, which is the one that Python keeps."""
    found = [
        node
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name
    ]
    return found[-1] if found else None


def _imported_from(tree: ast.Module, name: str, path: Path) -> Path | None:
    """The neighbouring module that a function is imported from under its own name."""
    for node in tree.body:
        if not isinstance(node, ast.ImportFrom) or node.module is None:
            continue
        module = node.module if node.level == 1 else node.module.removeprefix("model_modules.")
        is_neighbour = node.level == 1 or module != node.module
        named = any(alias.name == name and alias.asname in (None, name) for alias in node.names)
        source = path.with_name(f"{module}.py")
        if is_neighbour and named and source != path and "." not in module:
            return source
    return None


def _definition_problem(found: _Function, required: RequiredFunction) -> str | None:
    if isinstance(found, ast.AsyncFunctionDef):
        return "is asynchronous; the pipelines call it as a plain function."
    if not _accepts(found.args, len(required.arguments)):
        return f"cannot be called with {len(required.arguments)} positional argument(s)."
    if _is_unfinished(found):
        return "has no body yet."
    return None


def _accepts(arguments: ast.arguments, count: int) -> bool:
    positional = [*arguments.posonlyargs, *arguments.args]
    needed = len(positional) - len(arguments.defaults)
    enough = count <= len(positional) or arguments.vararg is not None
    keywords_needed = any(default is None for default in arguments.kw_defaults)
    return needed <= count and enough and not keywords_needed


def _is_unfinished(found: _Function) -> bool:
    """Nothing but a docstring, ``pass``, ``...`` or ``raise NotImplementedError``."""
    return all(_does_nothing(statement) for statement in found.body)


def _does_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Raise) and statement.exc is not None:
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Pass)
