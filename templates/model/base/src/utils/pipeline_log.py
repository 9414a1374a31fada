"""What a person reads on the terminal, and what Azure Pipelines reads between the lines.

Logging commands (``##vso[…]``) are written only inside a pipeline, where TF_BUILD is set.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

_IN_DATA = (("%", "%AZP25"), ("\r", "%0D"), ("\n", "%0A"))
_IN_PROPERTIES = (*_IN_DATA, ("]", "%5D"), (";", "%3B"))


def in_pipeline() -> bool:
    """Whether this process is a step of an Azure Pipelines run."""
    return os.environ.get("TF_BUILD", "").lower() == "true"


def logging_command(name: str, properties: Mapping[str, object], data: str) -> str:
    """One ``##vso`` line; no value can end the command early or start another one."""
    pairs = ";".join(
        f"{key}={_escape(str(value), _IN_PROPERTIES)}"
        for key, value in properties.items()
        if value not in (None, "")
    )
    return f"##vso[{name}{' ' if pairs else ''}{pairs}]{_escape(data, _IN_DATA)}"


def log_issue(
    kind: Literal["error", "warning"], message: str, path: str = "", line: int | None = None
) -> None:
    """Show the finding in the summary of the pipeline run; nothing outside a pipeline."""
    if in_pipeline():
        properties = {"type": kind, "sourcepath": printable(path), "linenumber": line}
        print(logging_command("task.logissue", properties, printable(message)), flush=True)


def upload_summary(path: Path) -> None:
    """Show a Markdown file on the page of the pipeline run; nothing outside a pipeline."""
    if in_pipeline():
        print(logging_command("task.uploadsummary", {}, str(path.resolve())), flush=True)


def set_output(name: str, value: str) -> None:
    """Give a value to later steps and jobs of the pipeline run; nothing outside a pipeline."""
    if in_pipeline():
        properties = {"variable": name, "isOutput": "true"}
        print(logging_command("task.setvariable", properties, value), flush=True)


def complete_with_issues(reason: str) -> None:
    """End the step neither green nor red, with the reason in the summary; only in a pipeline."""
    if in_pipeline():
        log_issue("warning", reason)
        properties = {"result": "SucceededWithIssues"}
        print(logging_command("task.complete", properties, printable(reason)), flush=True)


def show_error(message: str, hint: str = "") -> None:
    """Write an error for a person to standard error and, inside a pipeline, for the run."""
    sys.stdout.flush()
    print(f"error: {printable(message)}", file=sys.stderr)
    if hint:
        print(f"hint: {printable(hint)}", file=sys.stderr)
    log_issue("error", f"{message} {hint}".strip())


def printable(text: str) -> str:
    """The text with nothing in it that steers a terminal or that a pipeline takes for a command."""
    visible = "".join(_visible(character) for character in text)
    return visible.replace("##vso[", "## vso[").replace("##[", "## [")


def _visible(character: str) -> str:
    if character in "\n\t" or character.isprintable():
        return character
    return character.encode("unicode_escape").decode("ascii")


def _escape(text: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for plain, escaped in pairs:
        text = text.replace(plain, escaped)
    return text
