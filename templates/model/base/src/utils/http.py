"""Talking to a service over HTTP: timeouts, retries that are safe, and errors that say what to do.

No credential is ever part of a URL, a message or a log line.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..errors import RemoteError, UsageError
from .addresses import is_on_this_machine, is_protected
from .variables import Secret

if TYPE_CHECKING:
    import requests

_TIMEOUT_SECONDS = (10, 120)
_ATTEMPTS = 4
_SAFE_METHODS = frozenset({"GET", "HEAD", "PUT", "DELETE"})
_BUSY = frozenset({429, 502, 503, 504})
_SHOWN_CHARACTERS = 300


@dataclass(frozen=True)
class Request:  # pylint: disable=too-many-instance-attributes
    """One request; ``service`` is its name for people, ``token`` goes into the Authorization."""

    method: str
    url: str
    service: str
    token: Secret | None = None
    json: object = None
    data: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Status codes that are an answer, not an error.
    accepted: frozenset[int] = frozenset()
    #: Whether a request that may have arrived can be sent again; by default what HTTP calls safe.
    repeatable: bool | None = None
    #: Whether the path is itself a credential, as that of a webhook, and never shown.
    secret_path: bool = False


@dataclass(frozen=True)
class Response:
    """A service's answer."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    service: str

    @property
    def text(self) -> str:
        """The body as text, whatever its bytes are."""
        return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON values; RemoteError when it is something else."""
        import json

        try:
            return json.loads(self.content)
        except ValueError as error:
            raise RemoteError(
                f"{self.service} answered with something other than JSON.",
                "A proxy or a sign-in page may stand between this machine and the service.",
            ) from error


def send(request: Request, *, first_wait_seconds: float = 0.5) -> Response:
    """The answer to a request; anything but 2xx and ``accepted`` raises a RemoteError."""
    _require_protected(request)
    repeatable = request.repeatable
    if repeatable is None:
        repeatable = request.method in _SAFE_METHODS
    for attempt in range(1, _ATTEMPTS + 1):
        is_last = attempt == _ATTEMPTS or not repeatable
        try:
            answer = _send_once(request)
        except RemoteError:
            if is_last:
                raise
        else:
            if answer.status not in _BUSY or is_last:
                return _checked(request, answer)
        if hasattr(request.data, "seek"):
            request.data.seek(0)
        time.sleep(first_wait_seconds * 2 ** (attempt - 1))
    raise AssertionError("The last attempt returns or raises.")


def _require_protected(request: Request) -> None:
    parts = urlsplit(request.url)
    if parts.username or parts.password:
        raise UsageError(f"The address of {request.service} must not hold a user or password.")
    if not is_protected(request.url):
        raise UsageError(
            f"The address of {request.service} must begin with https://.",
            "http:// is allowed for a service on this machine only.",
        )


def _send_once(request: Request) -> Response:
    import requests

    with requests.Session() as session:
        session.trust_env = not is_on_this_machine(request.url)
        session.auth = _BearerOnly(request.token)  # Else a .netrc file would replace the token.
        try:
            answer = session.request(
                request.method,
                request.url,
                json=request.json,
                data=request.data,
                headers=dict(request.headers),
                timeout=_TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise RemoteError(
                f"{request.service} at {_host(request.url)} cannot be reached: {_reason(error)}.",
                "Check the address, the network and the proxy, and run the command again.",
            ) from None
        return Response(answer.status_code, answer.headers, answer.content, request.service)


class _BearerOnly:
    """The Authorization of a request: the token, or nothing."""

    def __init__(self, token: Secret | None) -> None:
        self._token = token

    def __call__(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None:
            prepared.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        return prepared


def _checked(request: Request, answer: Response) -> Response:
    if 200 <= answer.status < 300 or answer.status in request.accepted:
        return answer
    what, hint = _explanation(answer.status)
    detail = _detail(request, answer)
    raise RemoteError(
        f"{request.service} {what} ({request.method} {_path(request)}: {answer.status}"
        f"{f', {detail}' if detail else ''}).",
        hint,
    )


_CREDENTIAL = (
    "did not accept the credential: it is missing, wrong or expired",
    "Renew it in the variable group and map it in the step's env.",
)
_EXPLANATIONS = {
    401: _CREDENTIAL,
    403: ("knows the caller, who lacks the permission", "Ask its owner for that permission."),
    404: ("does not know this address", "Check the address and the names in it."),
    409: ("refused: it is in conflict with what is there", "Look at what is there already."),
    413: ("refused: what was sent is too large", "Send less, or ask for a larger limit."),
    429: ("is asked too often", "Wait a while and run the command again."),
}


def _explanation(status: int) -> tuple[str, str]:
    if 300 <= status < 400:
        return _CREDENTIAL  # A service that does not know the caller leads to its sign-in page.
    if status >= 500:
        return "failed on its own side", "Run the command again later."
    return _EXPLANATIONS.get(status, ("refused the request", "The answer says why."))


def _detail(request: Request, answer: Response) -> str:
    """The first words of a text answer, without the credential should the service echo it."""
    text = " ".join(answer.text.split())
    if request.token is not None:
        text = text.replace(request.token.reveal(), "***")
    return "" if text.startswith("<") else text[:_SHOWN_CHARACTERS]


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def _path(request: Request) -> str:
    return "…" if request.secret_path else urlsplit(request.url).path


def _reason(error: Exception) -> str:
    """What went wrong in a few words; never the URL, which may be a secret of its own."""
    name = type(error).__name__
    known = {
        "ConnectTimeout": "no connection in time",
        "ReadTimeout": "no answer in time",
        "SSLError": "its certificate is not trusted",
        "ProxyError": "the proxy refused",
    }
    return known.get(name, "the connection failed or was dropped")
