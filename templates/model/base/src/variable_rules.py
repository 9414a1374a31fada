"""The rule of each variable in model_variables.yml and base_variables.yml, in one place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Value = str | int | bool


@dataclass(frozen=True)
class Rule:
    """What a variable may hold, in code and in words."""

    says: str
    parse: Callable[[object], Value | None]
    required: bool = False
    default: Value | None = None


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


def _yes_or_no(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get((_text(value) or "").lower())


def _matching(pattern: str) -> Callable[[object], str | None]:
    def parse(value: object) -> str | None:
        text = _text(value)
        return text if text is not None and re.fullmatch(pattern, text) else None

    return parse


def _level(value: object) -> int | None:
    level = _number_from(1)(value)
    return level if level is not None and level <= 5 else None


def _plain(text: str) -> str:
    return text.lower().replace("-", "").replace("_", "")


def _required_text(says: str) -> Rule:
    return Rule(f"Write {says}.", _one_line, required=True)


def _optional_text(says: str) -> Rule:
    return Rule(f"Write {says}, or leave it empty.", _one_line)


def _named(says: str, default: str) -> Rule:
    return Rule(f"Write {says}.", _matching(r"[A-Za-z0-9_.@-]{1,128}"), default=default)


def _optional_number(least: int, says: str) -> Rule:
    return Rule(f"Write {says} as a whole number from {least}.", _number_from(least))


MODEL_RULES: Mapping[str, Rule] = {
    "model_name": _required_text("the name of the model"),
    "team_name": _required_text("the name of the team"),
    "model_type": Rule(
        "Write supervised, unsupervised or rule-based.",
        _choice("supervised", "unsupervised", "rule-based"),
        default="supervised",
    ),
    "serving": Rule("Write batch or rest.", _choice("batch", "rest"), required=True),
    "environment_file": Rule("Write conda or pip.", _choice("conda", "pip"), default="conda"),
    "cluster_min_worker_node": _optional_number(0, "the smallest number of workers"),
    "cluster_max_worker_node": _optional_number(1, "the largest number of workers"),
    "artifactory_repository_model": _optional_text("the name of an Artifactory repository"),
    "image": _optional_text("the name of an image"),
    "dataset_name": _required_text("the name of the data set"),
    "dataset_template_file": _required_text("the path of the data set's template"),
    "adf_job": _required_text("the name of the Data Factory job"),
    "financial_id": _optional_text("the financial id that pays for the model"),
    "category": _required_text("the business category"),
}

BASE_RULES: Mapping[str, Rule] = {
    "maturity_level": Rule("Write a level from 1 to 5.", _level, default=3),
    "environments": Rule(
        "Write the names in order, separated by commas: the first trains, the last is production.",
        _matching(r"[a-z][a-z0-9-]*(\s*,\s*[a-z][a-z0-9-]*)+"),
        required=True,
    ),
    "model_src_path": _optional_text("the folder of the model's code"),
    "notebook_path": Rule(
        "Write an absolute workspace path such as /ml_apps/iris.",
        _matching(r"(/[A-Za-z0-9_@ .-]+)+"),
    ),
    "cluster_spark_version": Rule(
        "Write a runtime key such as 17.3.x-cpu-ml-scala2.13.",
        _matching(r"\d+(\.[\dx]+){1,2}(-[A-Za-z0-9.]+)+"),
        default="17.3.x-cpu-ml-scala2.13",
    ),
    "cluster_node_type_id": _named("the virtual machine of the workers", "Standard_DS3_v2"),
    "cluster_driver_node_id": _named("the virtual machine of the driver", "Standard_DS3_v2"),
    "cluster_autotermination_minutes": Rule(
        "Write minutes as a whole number from 0, which never ends the cluster.",
        _number_from(0),
        default=30,
    ),
    "compute_mode": Rule(
        "Write all_purpose, job_cluster or serverless.",
        _choice("all_purpose", "job_cluster", "serverless"),
        default="job_cluster",
    ),
    "data_access": Rule(
        "Write none, sas_token or credential_passthrough.",
        _choice("none", "sas_token", "credential_passthrough"),
        default="none",
    ),
    "cmr_scope": _named("the secret scope of the central model registry", "cmr"),
    "cmr_prefix": _named("the prefix of the keys in that scope", "cmr"),
    "registry_lifecycle": Rule(
        "Write stages or aliases.", _choice("stages", "aliases"), default="stages"
    ),
    "archive_existing_versions": Rule("Write true or false.", _yes_or_no, default=True),
    "register_model": Rule("Write true or false.", _yes_or_no, default=True),
    "slack_channel": Rule(
        "Write # and lower-case letters, digits, _ and -, or leave it empty.",
        _matching(r"#[a-z0-9_-]{1,79}"),
    ),
}

ENVIRONMENT_RULES: Mapping[str, Rule] = {
    "workspace_url": Rule(
        "Write https:// and the host of the workspace, or leave it empty.",
        _matching(r"https://[A-Za-z0-9.-]+/?|http://(127\.0\.0\.1|localhost):\d+/?"),
    ),
    "databricks_cluster_name": _optional_text("the name of the cluster"),
}
