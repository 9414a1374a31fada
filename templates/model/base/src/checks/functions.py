"""The functions that every model has, found by reading the code without running it."""

from __future__ import annotations

from dataclasses import dataclass

from ..config import ModelVariables, Repository
from .function_search import FoundFunction, definition_problem, find_function
from .result import CheckCase, CheckResult, Finding, case


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
CLEANSE = RequiredFunction("cleansing.py", "cleanse", ("data",))
LOAD_TRAINING_DATA = RequiredFunction("data.py", "load_training_data", ())


def required_functions(variables: ModelVariables) -> tuple[RequiredFunction, ...]:
    """The contract of this type of model; rule-based ones have no training."""
    return CONTRACT if variables.is_rule_based else (TRAIN, LOAD_TRAINING_DATA, *CONTRACT)


def check_functions(repository: Repository, variables: ModelVariables) -> CheckResult:
    """Each required function is there, takes its arguments, and does something."""
    required = required_functions(variables)
    if (repository.modules / CLEANSE.module).exists():
        required = (*required, CLEANSE)
    cases = [_check(repository, function) for function in required]
    if variables.is_rule_based:
        cases.append(_no_training(repository))
    return CheckResult("functions", tuple(cases))


def _check(repository: Repository, required: RequiredFunction) -> CheckCase:
    found = find_function(repository.modules, required.module, required.name)
    name = repository.relative(found.path)
    return case(
        f"{required.module} defines {required.signature}", [_finding(name, found, required)]
    )


def _finding(name: str, found: FoundFunction, required: RequiredFunction) -> Finding | None:
    if found.problem is not None:
        return Finding(f"{name} {found.problem}", "Every model needs it.", name, found.line)
    if found.definition is None:
        return Finding(
            f"{name} defines no function {required.signature} at module level.",
            "The pipelines call it; docs/getting_started.md shows the contract.",
            name,
            found.line,
        )
    problem = definition_problem(found.definition, len(required.arguments))
    if problem is None:
        return None
    return Finding(
        f"{required.name} {problem}",
        f"The pipelines call it as {required.signature}.",
        name,
        found.line,
    )


def _no_training(repository: Repository) -> CheckCase:
    findings = []
    for path in sorted(repository.modules.glob("*.py")):
        found = find_function(repository.modules, path.name, TRAIN.name)
        if found.definition is None and path.name != TRAIN.module:
            continue
        name = repository.relative(path)
        findings.append(
            Finding(
                f"MODEL_TYPE is rule-based, but {name} is there to train a model.",
                "Remove the training, or set MODEL_TYPE to supervised or unsupervised.",
                name,
                found.line if found.path == path else None,
            )
        )
    return case("a rule-based model has no training", findings)
