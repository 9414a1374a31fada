"""Keys, tokens and passwords in the files of the repository. No finding ever shows one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from ..config import Repository
from .files import is_cut, read_bytes, repository_files, text_of
from .result import CheckCase, CheckResult, Finding, case
from .secret_rules import FoundSecret, find_likely_secrets, find_known_secrets

_HINT = (
    "Revoke it now: whoever can read the repository's history has it. Keep the new one in a "
    "variable group or a key vault, and read it from the environment. If it is no secret, end "
    "the line with a comment: `mloccli: allow-secret` and the reason."
)
_ALLOWED = re.compile(r"mloccli: allow-secret(?P<reason>[^\n]*)")
_UNQUOTED = frozenset(
    {"", ".bash", ".cfg", ".conf", ".env", ".ini", ".properties", ".ps1", ".sh", ".toml", ".yaml"}
    | {".yml"}
)
_SHOWN_CHARACTERS = 4


def check_hard_coded_secrets(repository: Repository) -> CheckResult:
    """One case for all files that hold none, and one for each file that holds any."""
    files = repository_files(repository.root)
    cases = [_check(repository, path) for path in files]
    clean = CheckCase(f"{sum(not one.findings for one in cases)} files hold no secret")
    return CheckResult("secrets", (clean, *(one for one in cases if one.findings)))


def _check(repository: Repository, path: Path) -> CheckCase:
    name = repository.relative(path)
    text = text_of(read_bytes(path))
    findings = [] if text is None else list(_findings(name, text))
    if text is not None and is_cut(path):
        message = f"{name} is so large that only its first 10 MB were searched."
        hint = "Keep data outside the repository."
        findings.append(Finding(message, hint, name, None, "warning"))
    return case(f"{name} holds no secret", findings)


def _findings(name: str, text: str) -> Iterator[Finding]:
    end_of_last = 0
    for found in sorted(_secrets(name, text), key=lambda secret: (secret.start, -secret.end)):
        if found.start < end_of_last:
            continue  # A part of the secret before.
        end_of_last = found.end
        allowed = _ALLOWED.search(_line_around(text, found))
        if allowed is not None and any(map(str.isalpha, allowed.group("reason"))):
            continue
        yield Finding(
            f"{name} holds what looks like {found.name} ({_masked(text, found)})",
            _HINT if allowed is None else "The comment that allows it gives no reason; add one.",
            name,
            text.count("\n", 0, found.start) + 1,
        )


def _secrets(name: str, text: str) -> Iterator[FoundSecret]:
    """Tests make up passwords of their own, so there only the known forms count."""
    yield from find_known_secrets(text)
    path = PurePosixPath(name)
    if "tests" not in path.parts and not path.name.startswith("test_"):
        bare = path.suffix.lower() in _UNQUOTED or path.name.startswith(".env")
        yield from find_likely_secrets(text, bare=bare)


def _line_around(text: str, found: FoundSecret) -> str:
    start = text.rfind("\n", 0, found.start) + 1
    end = text.find("\n", found.end)
    return text[start : end if end >= 0 else len(text)]


def _masked(text: str, found: FoundSecret) -> str:
    """The first characters of a long secret, which only name its kind; none of a short one."""
    length = found.end - found.start
    shown = text[found.start : found.start + _SHOWN_CHARACTERS] if length >= 20 else ""
    return f"{shown}…, {length} characters"
