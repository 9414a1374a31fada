"""How a version is named on the command line: by its number, or by its role."""

from __future__ import annotations

import re

import click

_NUMBER = re.compile(r"[1-9][0-9]*", re.ASCII)
_ROLES = ("production", "candidate", "previous")


def number(text: str) -> str:
    """The number of a version; anything else is wrong use."""
    return _one_of((), text)


def selector(text: str) -> str:
    """The number of a version, or its role; anything else is wrong use."""
    return _one_of(_ROLES, text)


def _one_of(roles: tuple[str, ...], text: str) -> str:
    if text in roles or _NUMBER.fullmatch(text):
        return text
    wanted = " or ".join(filter(None, [", ".join(roles), "a number"]))
    raise click.BadParameter(
        f"{text!r} is not {wanted}. `mloccli registry list` shows the versions."
    )
