"""What the tests of serving share: a registry in memory, programs that record, a served model."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

from mloccli.errors import FindingError
from mloccli.registry.versions import ModelVersion
from mloccli.rest_model.instance import Instance, Size
from mloccli.rest_model.smoke import Patience

from .http_service import Answer, Asked, Service, running_service

DIGEST = f"sha256:{'ab' * 32}"
PINNED = f"platform.azurecr.io/sums@{DIGEST}"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
INSTANCE = Instance("sums", "3", "qa", PINNED, Size(1.5, 2), COMMIT)
# Nobody waits for its end: it is soon there, and on a busy machine later.
SOON = Patience(seconds=600, between_seconds=0.02)
AT_ONCE = Patience(seconds=0.1, between_seconds=0.02)

EXAMPLE = {"dataframe_split": {"columns": ["left"], "data": [[1], [2]]}}
EXPECTED = {"columns": ["double"], "index": [0, 1], "data": [[2], [4]]}
RIGHT = {"predictions": [{"double": 2}, {"double": 4}]}

_RECORDER = """#!{python}
import json, sys, time
from pathlib import Path
here = Path({folder!r})
arguments = sys.argv[1:]
entered = "" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.read()
with (here / "{name}.jsonl").open("a") as log:
    log.write(json.dumps({{"arguments": arguments, "entered": entered}}) + chr(10))
for start, output, errors, code in json.loads((here / "{name}.json").read_text()):
    if " ".join(arguments).startswith(start):
        print(output, end="", flush=True)
        print(errors, end="", file=sys.stderr)
        if code == "stay":
            time.sleep(600)
        sys.exit(code)
"""


@dataclass(frozen=True)
class Says:
    """What a recording program writes and ends with when its arguments begin with ``start``."""

    start: str
    output: str = ""
    errors: str = ""
    code: int | str = 0


@dataclass(frozen=True)
class Called:
    """One call of a recording program."""

    arguments: list[str]
    entered: str


class Programs:
    """Programs of a folder that stands alone on the PATH; each records how it was called."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()

    @property
    def environ(self) -> dict[str, str]:
        """An environment that finds these programs and no others."""
        return {"PATH": str(self._folder)}

    def add(self, name: str, *answers: Says) -> None:
        """Add a program; without a fitting answer it succeeds silently."""
        listed = [[says.start, says.output, says.errors, says.code] for says in answers]
        (self._folder / f"{name}.json").write_text(json.dumps(listed), encoding="utf-8")
        path = self._folder / name
        text = _RECORDER.format(python=sys.executable, folder=str(self._folder), name=name)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)

    def calls(self, name: str) -> list[Called]:
        """How the program was called, in order."""
        log = self._folder / f"{name}.jsonl"
        lines = log.read_text(encoding="utf-8").splitlines() if log.is_file() else []
        return [Called(**json.loads(line)) for line in lines]


@dataclass
class Shelf:
    """A registry in memory with version 3; what happens to its tags is listed in ``events``."""

    tags: dict[str, str] = field(default_factory=dict)
    champion_number: str | None = None
    candidate_number: str | None = "3"
    events: list[str] = field(default_factory=list)

    def version(self) -> ModelVersion:
        """Version 3."""
        created = datetime(2026, 1, 1, tzinfo=timezone.utc)
        return ModelVersion("sums", "3", "candidate", dict(self.tags), created)

    def champion(self) -> ModelVersion | None:
        """Version 3, if that is the one in production."""
        return self.version() if self.champion_number else None

    def find(self, selector: str) -> ModelVersion:
        """Version 3."""
        if selector not in ("3", "candidate") or not self.candidate_number:
            raise FindingError(f"There is no {selector}.")
        return self.version()

    def tag(self, version: ModelVersion, tags: Mapping[str, str]) -> None:
        """Set tags."""
        self.events.append(f"tag {version.number} {' '.join(tags)}")
        self.tags.update(tags)

    def untag(self, version: ModelVersion, names: Sequence[str]) -> None:
        """Delete tags."""
        for name in names:
            self.events.append(f"untag {version.number} {name}")
            del self.tags[name]

    def download(self, version: ModelVersion, folder: Path) -> Path:
        """Not needed here."""
        raise NotImplementedError

    def package_of(self, folder: Path) -> Path:
        """Not needed here."""
        raise NotImplementedError

    @contextmanager
    def open(self) -> Iterator[Shelf]:
        """The registry itself."""
        yield self


def example_package(folder: Path) -> Path:
    """The two files of a package that the smoke test of a service reads."""
    folder.mkdir()
    (folder / "example_input.json").write_text(json.dumps(EXAMPLE), encoding="utf-8")
    (folder / "example_output.json").write_text(json.dumps(EXPECTED), encoding="utf-8")
    return folder


@contextmanager
def served_model(
    answer: Answer = Answer(body=RIGHT), ping: Answer = Answer()  # noqa: B008
) -> Iterator[Service]:
    """A model server that answers every request for scores with the same."""

    def handle(asked: Asked) -> Answer:
        return ping if asked.path == "/ping" else answer

    with running_service(handle) as service:
        yield service
