"""Python code as comparable lines: without comments, docstrings, imports and layout."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .files import text_of

_LAYOUT = frozenset(
    {tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT, tokenize.ENCODING}
    | {tokenize.ENDMARKER}
)


@dataclass(frozen=True)
class CodeLine:
    """The tokens of one line, a blank apart."""

    number: int
    text: str


def code_lines(content: bytes) -> list[CodeLine]:
    """The lines that say something: brackets alone, and text that is no Python, are left out."""
    text = text_of(content)
    if text is None:
        return []
    lines: list[CodeLine] = []
    for statement in _statements(text):
        if not _is_import(statement) and not _is_docstring(statement):
            lines += _lines(statement)
    return lines


def _statements(text: str) -> Iterator[list[tokenize.TokenInfo]]:
    """The tokens of one statement after the other, up to the first place that is no Python."""
    statement: list[tokenize.TokenInfo] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.NEWLINE:
                yield statement
                statement = []
            elif token.type not in _LAYOUT:
                statement.append(token)
    except (tokenize.TokenError, SyntaxError):
        pass  # pylint and the other checks report it; what stands before can be compared.
    yield statement


def _is_import(statement: Sequence[tokenize.TokenInfo]) -> bool:
    return bool(statement) and statement[0].string in ("import", "from")


def _is_docstring(statement: Sequence[tokenize.TokenInfo]) -> bool:
    return all(token.type == tokenize.STRING for token in statement)


def _lines(statement: Sequence[tokenize.TokenInfo]) -> list[CodeLine]:
    parts: dict[int, list[str]] = {}
    says: set[int] = set()
    for token in statement:
        for offset, part in enumerate(token.string.split("\n")):
            row = token.start[0] + offset
            parts.setdefault(row, []).append(part.strip())
            if token.type != tokenize.OP and part.strip():
                says.add(row)
    return [CodeLine(row, " ".join(parts[row])) for row in sorted(says)]
