"""The rule of each variable in model_variables.yml; the one place where a variable is described."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Value = str | int


@dataclass(frozen=True)
class Rule:
    """What a variable may hold, in code and in words."""

    says: str
    parse: Callable[[object], Value | None]
    required: bool = False


def _text(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return str(value).strip() or None


def _one_line(value: object) -> str | None:
    text = _text(value)
    return text if text is not None and text.isprintable() else None


def _number_from(least: int) -> Callable[[object], int | None]:
    def parse(value: object) -> int | None:
        text = _text(value)
        if text is None or not text.isascii() or not text.isdigit() or len(text) > 9:
            return None
        return int(text) if int(text) >= least else None

    return parse


def _choice(*choices: str) -> Callable[[object], str | None]:
    spellings = {_plain(choice): choice for choice in choices}

    def parse(value: object) -> str | None:
        text = _text(value)
        return None if text is None else spellings.get(_plain(text))

    return parse


def _plain(text: str) -> str:
    return text.lower().replace("-", "").replace("_", "")


def _required_text(says: str) -> Rule:
    return Rule(f"Write {says}.", _one_line, required=True)


def _optional_text(says: str) -> Rule:
    return Rule(f"Write {says}, or leave it empty.", _one_line)


def _optional_number(least: int, says: str) -> Rule:
    return Rule(f"Write {says} as a whole number from {least}.", _number_from(least))


RULES: Mapping[str, Rule] = {
    "model_name": _required_text("the name of the model"),
    "team_name": _required_text("the name of the team"),
    "model_type": Rule(
        "Write supervised, unsupervised or rule-based.",
        _choice("supervised", "unsupervised", "rule-based"),
        required=True,
    ),
    "serving": Rule("Write batch or rest.", _choice("batch", "rest"), required=True),
    "environment_file": Rule("Write conda or pip.", _choice("conda", "pip"), required=True),
    "cluster_min_worker_node": _optional_number(0, "the smallest number of workers"),
    "cluster_max_worker_node": _optional_number(1, "the largest number of workers"),
    "artifactory_repository_model": _optional_text("the name of an Artifactory repository"),
    "image": _optional_text("the name of an image"),
    "dataset_name": _optional_text("the name of the data set"),
    "dataset_template_file": _optional_text("the path of the data set's template"),
    "adf_job": _optional_text("the name of the Data Factory job"),
    "financial_id": _optional_text("the financial id that pays for the model"),
    "category": _optional_text("the business category"),
}
