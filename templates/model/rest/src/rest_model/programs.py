"""Running other programs: argument lists only, never a shell, and no secret in an argument."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess  # argument lists only, never a shell
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..errors import RemoteError

_SHOWN_LINES = 15
_SECRET_NAME = re.compile(r"TOKEN|PASSWORD|SECRET|SAS|WEBHOOK|CREDENTIAL|_KEY$", re.IGNORECASE)


@dataclass(frozen=True)
class Program:
    """A program of this machine, the environment it runs in and how to get it."""

    name: str
    environ: Mapping[str, str]
    install: str
    #: What comes before the arguments of every call.
    first: tuple[str, ...] = ()

    def run(
        self, arguments: Sequence[str], *, text: str | None = None, timeout_seconds: float = 120
    ) -> str:
        """What the program wrote to standard output; RemoteError when it failed."""
        command = self.command(arguments)
        try:
            completed = subprocess.run(
                command,
                input=text,
                stdin=subprocess.DEVNULL if text is None else None,
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                env=dict(self.environ),
                timeout=timeout_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise RemoteError(
                f"`{self.shown(arguments)}` did not end in {timeout_seconds:.0f} seconds.",
                "Check the network and the service, and run the command again.",
            ) from None
        except OSError as error:
            raise RemoteError(f"{self.name} cannot be started: {error.strerror}.") from error
        if completed.returncode != 0:
            raise self._failed(arguments, completed.returncode, completed.stderr)
        return completed.stdout

    def show(self, arguments: Sequence[str]) -> None:
        """Run the program with its progress on the log; RemoteError when it failed."""
        command = self.command(arguments)
        try:
            completed = subprocess.run(
                command, stdin=subprocess.DEVNULL, env=dict(self.environ), check=False
            )
        except OSError as error:
            raise RemoteError(f"{self.name} cannot be started: {error.strerror}.") from error
        if completed.returncode != 0:
            raise self._failed(arguments, completed.returncode, "Its messages stand above.")

    def command(self, arguments: Sequence[str]) -> list[str]:
        """The program's file and the arguments, for whoever starts it."""
        found = shutil.which(self.name, path=self.environ.get("PATH"))
        if found is None:
            raise RemoteError(f"The program {self.name} is not on this machine.", self.install)
        return [found, *self.first, *arguments]

    def shown(self, arguments: Sequence[str]) -> str:
        """The command for people, as far as its first option."""
        words = itertools.takewhile(lambda argument: not argument.startswith("-"), arguments)
        return " ".join([self.first[-1] if self.first else self.name, *words])

    def _failed(self, arguments: Sequence[str], code: int, output: str) -> RemoteError:
        end = last_lines(output)
        failed = f"`{self.shown(arguments)}` failed with exit code {code}."
        return RemoteError(f"{failed}\n{end}".strip())


def without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for a program that runs the model's code and needs no credential."""
    return {name: value for name, value in environ.items() if not _SECRET_NAME.search(name)}


def last_lines(text: str, count: int = _SHOWN_LINES) -> str:
    """The end of a program's output, without empty lines."""
    return "\n".join([line for line in text.splitlines() if line.strip()][-count:])
