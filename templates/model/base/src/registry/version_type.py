"""How a version is named on the command line: by its number, or by its role."""

from __future__ import annotations

import re

import click

_NUMBER = re.compile(r"[1-9][0-9]*", re.ASCII)


class VersionType(click.ParamType):
    """A version's number or, where roles are allowed, a role; anything else is wrong use."""

    name = "version"

    def __init__(self, *roles: str) -> None:
        self._roles = roles

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """The value as it was given."""
        text = str(value)
        if text in self._roles or _NUMBER.fullmatch(text):
            return text
        wanted = " or ".join(filter(None, [", ".join(self._roles), "a number"]))
        self.fail(f"{text!r} is not {wanted}. `mloccli registry list` shows the versions.")


NUMBER = VersionType()
SELECTOR = VersionType("production", "candidate", "previous")
