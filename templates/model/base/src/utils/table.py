"""Plain text tables that read well in a terminal and in a pipeline log."""

from __future__ import annotations

from collections.abc import Sequence

from .pipeline_log import printable


def format_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell, two blanks apart, with a rule below the header."""
    cells = [[printable(cell).replace("\n", " ") for cell in row] for row in (header, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    lines = [_line(row, widths) for row in cells]
    rule = "  ".join("-" * width for width in widths)
    return "\n".join([lines[0], rule, *lines[1:]])


def format_markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The same table in Markdown; no cell can break out of its column."""
    lines = [_markdown_row(header), _markdown_row(["---"] * len(header))]
    return "\n".join([*lines, *(_markdown_row(row) for row in rows)])


def markdown_text(text: str) -> str:
    """The text as Markdown shows it, on one line: no markup, link, image or cell of its own."""
    flat = printable(text).replace("\\", "\\\\").replace("\n", " ")
    for mark in "|`[*":
        flat = flat.replace(mark, f"\\{mark}")
    return flat.replace("&", "&amp;").replace("<", "&lt;")


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()


def _markdown_row(row: Sequence[str]) -> str:
    return "| " + " | ".join(markdown_text(cell) for cell in row) + " |"
