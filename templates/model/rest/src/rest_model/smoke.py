"""The smoke test of a service: it is ready, and scores the package's example as it did when made.

The four ways to fail have a message each: not ready, an HTTP error, an answer that is no table of
predictions, and predictions that differ.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..errors import FindingError, ProblemsError, RemoteError
from ..model.files import read_json_object
from ..model.frames import frame_from_json, score_differences
from ..model.package import EXPECTED_FILE
from ..utils.addresses import is_on_this_machine
from ..utils.pipeline_log import printable
from .instance import INVOCATIONS, PING
from .serving import EXAMPLE_FILE

if TYPE_CHECKING:
    import pandas as pd
    import requests

_TIMEOUT_SECONDS = (5, 60)
_SHOWN_CHARACTERS = 500
_MOST_DIFFERENCES = 10
_GATEWAY_ERRORS = frozenset({502, 503, 504})


@dataclass(frozen=True)
class Patience:
    """How long to wait for something in all, and between two looks at it."""

    seconds: float = 900
    between_seconds: float = 5

    def until(self, look: Callable[[], bool]) -> bool:
        """Whether ``look`` came true in time; it is asked at least once."""
        end = time.monotonic() + self.seconds
        while not look():
            if time.monotonic() + self.between_seconds > end:
                return False
            time.sleep(self.between_seconds)
        return True


def smoke_test(address: str, package: Path, patience: Patience) -> int:
    """Wait for the service and send the package's example; the number of rows, which all agree."""
    body = (package / EXAMPLE_FILE).read_bytes()
    expected = frame_from_json(read_json_object(package / EXPECTED_FILE))
    wait_until_ready(address, patience)
    actual = predictions(_ask("POST", address + INVOCATIONS, body))
    differences = score_differences(expected, actual)
    if differences:
        raise ProblemsError(
            "The service does not score the package's example as it was scored when made:",
            differences[:_MOST_DIFFERENCES],
            "Compare the versions in the package's metadata.json with those in the image.",
        )
    return len(actual)


def is_ready(address: str) -> bool:
    """Whether the service answers that it is ready."""
    try:
        return _ask("GET", address + PING).status_code == 200
    except RemoteError:
        return False


def wait_until_ready(address: str, patience: Patience) -> None:
    """Return when the service answers that it is ready; RemoteError when time runs out."""
    last = ""

    def look() -> bool:
        nonlocal last
        try:
            status = _ask("GET", address + PING).status_code
        except RemoteError as error:
            last = error.message
            return False
        last = f"It answers {PING} with {status}."
        return status == 200

    if not patience.until(look):
        raise RemoteError(
            f"The service was not ready in {patience.seconds:.0f} seconds. {last}",
            "Its log says why, where it can be read.",
        )


def predictions(answer: requests.Response) -> pd.DataFrame:
    """The table of predictions in an answer; an error says what came instead."""
    import pandas as pd

    if answer.status_code != 200:
        error = RemoteError if answer.status_code in _GATEWAY_ERRORS else FindingError
        raise error(
            f"The service answered the package's example with HTTP {answer.status_code}: "
            f"{_shown(answer.text)}",
            "Its log says more. The model's code may fail in the service's environment.",
        )
    try:
        content = json.loads(answer.content)
        rows = content["predictions"]
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise FindingError(
            'The service answered with something other than {"predictions": [{…}, …]}: '
            f"{_shown(answer.text)}",
            "Check that the image serves this model.",
        ) from None
    return pd.DataFrame(rows)


def _ask(method: str, url: str, body: bytes | None = None) -> requests.Response:
    """One request without credentials; a service in Container Instances has plain HTTP only."""
    import requests

    with requests.Session() as session:
        session.trust_env = not is_on_this_machine(url)
        session.auth = lambda prepared: prepared  # No .netrc file adds a credential.
        try:
            return session.request(
                method,
                url,
                data=body,
                headers={"Content-Type": "application/json"} if body is not None else {},
                timeout=_TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except requests.Timeout:
            raise RemoteError(f"The service did not answer {urlsplit(url).path} in time.") from None
        except requests.RequestException as error:
            raise RemoteError(
                f"The service cannot be reached at {url} ({type(error).__name__})."
            ) from None


def _shown(text: str) -> str:
    flat = " ".join(printable(text).split())
    return flat[:_SHOWN_CHARACTERS] or "an empty answer"
