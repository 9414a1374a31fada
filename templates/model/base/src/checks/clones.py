"""Finding the same code in two places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .code_lines import CodeLine


@dataclass(frozen=True)
class Source:
    """A file to compare; sources of one ``origin`` are not compared with each other.

    ``origin`` is ``None`` for files that are compared with every file, themselves included.
    """

    name: str
    lines: Sequence[CodeLine]
    origin: str | None = None


@dataclass(frozen=True)
class Clone:
    """So many equal lines: where they stand first, and where they stand again."""

    first: Source
    first_line: int
    second: Source
    second_line: int
    length: int


def find_clones(sources: Sequence[Source], minimum_lines: int) -> list[Clone]:
    """The longest runs of equal lines; each place is compared with the first that has its code."""
    seen: dict[int, list[tuple[Source, int]]] = {}
    clones: list[Clone] = []
    for source in sources:
        position, last = 0, len(source.lines) - minimum_lines
        while position <= last:
            window = _window(source, position, minimum_lines)
            clone = _clone(seen.get(window, ()), source, position, minimum_lines)
            if clone is None:
                _remember(seen.setdefault(window, []), source, position)
                position += 1
            else:
                clones.append(clone)
                position += clone.length
    return clones


def _window(source: Source, position: int, length: int) -> int:
    return hash(tuple(line.text for line in source.lines[position : position + length]))


def _remember(places: list[tuple[Source, int]], source: Source, position: int) -> None:
    """Keep the first place of each origin only, so that code found everywhere costs little."""
    if all(known.origin != source.origin for known, _ in places):
        places.append((source, position))


def _clone(
    places: Sequence[tuple[Source, int]], source: Source, position: int, minimum_lines: int
) -> Clone | None:
    for first, start in places:
        if source.origin is not None and first.origin == source.origin:
            continue
        length = sum(1 for _ in _equal_lines(first, start, source, position))
        if length >= minimum_lines:
            return Clone(
                first, first.lines[start].number, source, source.lines[position].number, length
            )
    return None


def _equal_lines(first: Source, start: int, second: Source, position: int) -> Iterator[None]:
    """One item for each pair of equal lines, up to where two runs of one file would overlap."""
    end = position if first is second else len(first.lines)
    for mine, other in zip(first.lines[start:end], second.lines[position:]):
        if mine.text != other.text:
            return
        yield None
