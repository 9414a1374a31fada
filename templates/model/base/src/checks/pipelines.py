"""The pipelines' YAML: it can be read, its templates are there, and its commands exist.

This is what a slip of the keyboard breaks, found before the pipeline is queued. The service itself
judges the rest.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from ..config import Repository
from ..errors import FindingError
from ..utils.yaml_file import read_yaml_mapping
from .result import CheckCase, CheckResult, Finding, case

_FOLDER = "pipelines"
_SCRIPTS = ("bash", "script", "pwsh", "powershell")
#: What an entry of such a list begins with; the service refuses any other.
_ENTRIES = {
    "stages": ("stage", "template"),
    "jobs": ("job", "deployment", "template"),
    "steps": (
        "task", "script", "bash", "pwsh", "powershell", "template", "checkout", "publish",
        "download", "downloadBuild", "getPackage", "reviewApp",
    ),
    "variables": ("name", "group", "template"),
}  # fmt: skip
_END_OF_COMMAND = re.compile(r"\n|&&|\|\|?|;")


def check_pipelines(repository: Repository) -> CheckResult:
    """One case for each file below pipelines/."""
    files = sorted((repository.root / _FOLDER).rglob("*.yml"))
    if not files:
        missing = Finding("There are no pipelines.", "Restore pipelines/ from the git history.")
        return CheckResult("pipelines", (case("pipelines are there", [missing]),))
    return CheckResult("pipelines", tuple(_check_file(repository, path) for path in files))


def _check_file(repository: Repository, path: Path) -> CheckCase:
    name = repository.relative(path)
    try:
        content = read_yaml_mapping(path)
    except FindingError as error:
        message = error.message.replace(str(path), path.name)
        return case(name, [Finding(message, error.hint, name, _line_in(message))])
    findings = [
        *_entry_findings(name, content),
        *_template_findings(repository, path, content),
        *(found for script in _scripts(content) for found in _script_findings(name, script)),
    ]
    return case(name, findings)


def _line_in(message: str) -> int | None:
    found = re.search(r"line (\d+)", message)
    return None if found is None else int(found.group(1))


def _mappings(content: object) -> Iterator[Mapping[str, object]]:
    """Every mapping in the content, at any depth."""
    if isinstance(content, Mapping):
        yield content
        for value in content.values():
            yield from _mappings(value)
    elif isinstance(content, list):
        for value in content:
            yield from _mappings(value)


def _entry_findings(name: str, content: Mapping[str, object]) -> Iterator[Finding]:
    for mapping in _mappings(content):
        for key, known in _ENTRIES.items():
            entries = mapping.get(key)
            for entry in entries if isinstance(entries, list) else []:
                if not isinstance(entry, dict) or any(start in entry for start in known):
                    continue
                written = ", ".join(str(word) for word in entry)
                if "${{" not in written:
                    problem = f"An entry of {key} is none that exists; it has: {written}."
                    yield Finding(problem, f"It needs one of {', '.join(known)}.", name)


def _template_findings(
    repository: Repository, path: Path, content: Mapping[str, object]
) -> Iterator[Finding]:
    name = repository.relative(path)
    for mapping in _mappings(content):
        template = mapping.get("template")
        if not isinstance(template, str) or "@" in template or "$" in template:
            continue
        target = _target(repository, path, template)
        if not target.is_file():
            yield Finding(f"The template {template} does not exist.", "Correct its path.", name)
        elif target.parent.name == "templates":
            yield from _parameter_findings(name, template, mapping, target)


def _target(repository: Repository, path: Path, template: str) -> Path:
    start = repository.root if template.startswith("/") else path.parent
    return start / template.lstrip("/")


def _parameter_findings(
    name: str, template: str, call: Mapping[str, object], target: Path
) -> Iterator[Finding]:
    try:
        declared = read_yaml_mapping(target).get("parameters")
    except FindingError:
        return  # The file's own case says so.
    entries = declared if isinstance(declared, list) else []
    known = {str(entry["name"]): entry for entry in entries if isinstance(entry, dict)}
    parameters = call.get("parameters")
    given = parameters if isinstance(parameters, dict) else {}
    for parameter in given:
        if str(parameter) not in known and "$" not in str(parameter):
            yield Finding(f"{template} has no parameter {parameter}.", "Correct its name.", name)
    for parameter, entry in known.items():
        if "default" not in entry and parameter not in given:
            yield Finding(f"{template} needs the parameter {parameter}.", "Give it.", name)


def _scripts(content: Mapping[str, object]) -> Iterator[str]:
    for mapping in _mappings(content):
        for key in _SCRIPTS:
            script = mapping.get(key)
            if isinstance(script, str):
                yield script


def _script_findings(name: str, script: str) -> Iterator[Finding]:
    for command in _END_OF_COMMAND.split(script.replace("\\\n", " ")):
        words = _words(command)
        if "mloccli" in words:
            problem = _command_problem(words[words.index("mloccli") + 1 :])
            if problem:
                yield Finding(problem, "`mloccli --help` lists the commands.", name)


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command, comments=True)
    except ValueError:
        return command.split()


def _command_problem(words: list[str]) -> str:
    """What is wrong with a call of mloccli; empty when its command and its options exist."""
    from ..cli import mloccli

    command: click.Command = mloccli
    known = "mloccli"
    rest = list(words)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        found = command.get_command(click.Context(command), rest[0])
        if found is None:
            return f"`{known}` has no command `{rest[0]}`."
        known, command = f"{known} {rest.pop(0)}", found
    options = {name for parameter in command.params for name in parameter.opts}
    for word in rest:
        option = word.split("=", 1)[0]
        if option.startswith("--") and option not in options | {"--help"}:
            return f"`{known}` has no option `{option}`."
    return ""
