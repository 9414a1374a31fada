"""README.md: it says what a reader needs, it is finished, and its links lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from ..config import Repository
from .files import read_bytes, text_of
from .result import CheckResult, Finding, case

_NAME = "README.md"
_SECTIONS = {
    "Start": "how to install and run it for the first time",
    "Work on the model": "how to train, evaluate and test the model",
    "Pipelines": "what the pipelines do and what starts them",
    "Who to ask": "which team owns the model and how to reach it",
}
_FEWEST_WORDS = 60
_MOST_BYTES = 200_000

# Every repetition below has an end, so that no text takes long to read.
_CODE = re.compile(
    r"^(```|~~~).*?^\1[^\n]*$|^(?: {4}|\t)[^\n]*$|`[^`\n]*`|<!--.{0,4000}?-->", re.M | re.S
)
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*$", re.M)
_PLACEHOLDER = re.compile(
    r"(?P<word>\b(?:TODO|TBD|FIXME|XXX)\b|(?i:lorem ipsum|\bfill (?:me|this) in\b))"
    r"|(?<![\\(])<(?P<tag>[A-Za-z][^<>\n]{0,80})>"
)
_TAG = re.compile(
    r"(?:a|b|br|center|code|dd|details|div|dl|dt|em|h[1-6]|hr|i|img|kbd|li|ol|p|picture|pre|s|"
    r"source|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|u|ul|video)(?:[\s/].*)?",
    re.I,
)
_AUTOLINK = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+|[^\s@]+@[^\s@]+")
_LINK = re.compile(
    r"\]\([ ]?(?:<([^>\n]{1,500})>|([^)<>\s]{1,500}))(?: [\"'][^)\n]{0,200})?\)"
    r"|^\[[^\]\n]{1,200}\]: <?([^>\s]{1,500})",
    re.M,
)
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#")


def check_readme(repository: Repository) -> CheckResult:
    """The required sections, no placeholder, relative links that exist, and enough words."""
    path = repository.root / _NAME
    text = text_of(read_bytes(path)[:_MOST_BYTES]) if path.is_file() else None
    if text is None:
        finding = Finding(f"{_NAME} is missing or no text.", "Restore it from git.", _NAME)
        return CheckResult("readme", (case(f"{_NAME} can be read", [finding]),))
    prose = _without_code(text.replace("\r\n", "\n"))
    headings = {_plain(heading) for heading in _HEADING.findall(prose)}
    sections = [
        case(f"{_NAME} has the section {title!r}", [_missing_section(title, says, headings)])
        for title, says in _SECTIONS.items()
    ]
    return CheckResult(
        "readme",
        (
            *sections,
            case(f"{_NAME} is finished", list(_placeholders(prose))),
            case(f"the links of {_NAME} lead somewhere", list(_dead_links(repository, prose))),
            case(f"{_NAME} says enough", [_too_short(prose)]),
        ),
    )


def _without_code(text: str) -> str:
    """The text with code and comments blanked out, each character in its line and place."""
    return _CODE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def _plain(heading: str) -> str:
    return re.sub(r"[^\w ]", "", heading).strip().casefold()


def _missing_section(title: str, says: str, headings: set[str]) -> Finding | None:
    if title.casefold() in headings:
        return None
    return Finding(f"{_NAME} has no section {title!r}.", f"Add `## {title}`: {says}.", _NAME)


def _placeholders(prose: str) -> Iterator[Finding]:
    for match in _PLACEHOLDER.finditer(prose):
        tag = match.group("tag")
        if tag is not None and (_TAG.fullmatch(tag) or _AUTOLINK.fullmatch(tag)):
            continue
        yield Finding(
            f"{_NAME} is not finished: `{match.group()}`.",
            "Write what belongs there, or remove it.",
            _NAME,
            _line(prose, match.start()),
        )


def _dead_links(repository: Repository, prose: str) -> Iterator[Finding]:
    for match in _LINK.finditer(prose):
        link = match.group(1) or match.group(2) or match.group(3)
        if _ELSEWHERE.match(link) or _leads_to_a_file(repository.root, link):
            continue
        yield Finding(
            f"{_NAME} links to {link}, which is not in this repository.",
            "Correct the path, or remove the link.",
            _NAME,
            _line(prose, match.start()),
        )


def _leads_to_a_file(root: Path, link: str) -> bool:
    name = unquote(re.split(r"[#?]", link, maxsplit=1)[0]).lstrip("/")
    try:
        target = (root / name).resolve()
        return target.is_relative_to(root.resolve()) and target.exists()
    except (OSError, ValueError, RuntimeError):
        return False  # A name that no file can have, or a link that leads round in a circle.


def _too_short(prose: str) -> Finding | None:
    count = sum(any(character.isalpha() for character in word) for word in prose.split())
    if count >= _FEWEST_WORDS:
        return None
    return Finding(
        f"{_NAME} has {count} words beside its code; {_FEWEST_WORDS} are the least.",
        "Say what the model does, for whom, and how to work on it.",
        _NAME,
    )


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
