"""The Databricks workspace of an environment: a client for it, and its errors in words that help.

The credential comes from the process environment under the SDK's own names, such as
DATABRICKS_TOKEN, or DATABRICKS_AUTH_TYPE and DATABRICKS_CLIENT_ID; none is ever in a message.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..base_variables import EnvironmentVariables
from ..config import Configuration
from ..errors import RemoteError, UsageError
from .addresses import is_protected
from .variables import variable
from .workspace_wait import wait_for_workspace

if TYPE_CHECKING:
    from databricks.sdk import WorkspaceClient

RETRY_SECONDS = 60
_FIRST_ANSWER_SECONDS = 30
SEND_ONCE = 1  # The SDK waits at least a second before it sends again, which is then too late.
_SHOWN_CHARACTERS = 300
_CREDENTIALS = re.compile(
    r"\b(?:dapi|dkea|dose)[0-9a-f]{8,}[\w-]*|\beyJ[\w-]+\.[\w.-]+|\bsig=[^&\s]+|\bbearer\s+\S+",
    re.IGNORECASE,
)
_BAD_TOKEN = re.compile(
    r"(?:invalid|expired)[\w\s]{0,20}token|token[\w\s]{0,20}(?:invalid|expired)", re.IGNORECASE
)
_QUOTA = re.compile(r"quota|limit.{0,20}(?:reached|exceeded)|exceed.{0,20}limit", re.IGNORECASE)


class UnansweredError(RemoteError):
    """A request got no answer; whether it arrived is not known."""


def choose_environment(
    configuration: Configuration, name: str | None, environ: Mapping[str, str]
) -> EnvironmentVariables:
    """The environment of that name, else that of the variable ENVIRONMENT, else the first."""
    chosen = name or variable(environ, "ENVIRONMENT")
    return configuration.environment(chosen) if chosen else configuration.environments[0]


def workspace_url(environment: EnvironmentVariables, environ: Mapping[str, str]) -> str:
    """The address of the workspace: DATABRICKS_HOST, else WORKSPACE_URL_<ENVIRONMENT>."""
    given = variable(environ, "DATABRICKS_HOST") or environment.workspace_url
    if given is None:
        raise UsageError(
            f"The workspace of the environment {environment.name} is not known.",
            f"Set WORKSPACE_URL_{environment.suffix} in pipelines/base_variables.yml, or the "
            "variable DATABRICKS_HOST.",
        )
    address = given if "://" in given else f"https://{given}"
    parts = urlsplit(address)
    if not is_protected(address) or not parts.hostname or parts.username or parts.password:
        raise UsageError(
            "The address of the Databricks workspace must have the form https://host.",
            "http:// is allowed for a service on this machine only, and credentials never are.",
        )
    return f"{parts.scheme}://{parts.netloc}"


def workspace_client(
    configuration: Configuration,
    environment_name: str,
    environ: Mapping[str, str],
    *,
    retry_seconds: int = RETRY_SECONDS,
) -> WorkspaceClient:
    """A client of the environment's workspace; with ``SEND_ONCE`` no request is sent twice."""
    from databricks.sdk import WorkspaceClient
    from databricks.sdk.core import Config

    logging.getLogger("databricks.sdk").setLevel(logging.ERROR)
    host = workspace_url(configuration.environment(environment_name), environ)
    known = {attribute.name: attribute for attribute in Config.attributes() if attribute.env}
    given: dict[str, Any] = {
        name: value
        for name, attribute in known.items()
        if (value := variable(environ, attribute.env)) is not None
    }
    # Without one the SDK would try whatever this machine has, for minutes.
    if not any(known[name].auth or name in ("auth_type", "profile") for name in given):
        raise UsageError(
            f"No credential for {host} is set.",
            "Map the secret DATABRICKS_TOKEN in the step's env, or set DATABRICKS_AUTH_TYPE to "
            "azure-devops-oidc or azure-cli.",
        )
    with remote_errors(f"reach the Databricks workspace {host}"):
        wait_for_workspace(host, min(_FIRST_ANSWER_SECONDS, retry_seconds - SEND_ONCE))
    given.update(host=host, retry_timeout_seconds=retry_seconds, http_timeout_seconds=60)
    try:
        config = Config(**given, product="mloccli", product_version="1.0.0")
    except ValueError as error:
        raise _unusable_credential(host, given.get("auth_type"), str(error)) from None
    return WorkspaceClient(config=config)


@contextmanager
def remote_errors(what: str) -> Iterator[None]:
    """Turns each error of the SDK into a RemoteError that says what could not be done, and why.

    ``what`` continues "Could not …", such as "start the cluster iris-tst".
    """
    import requests
    from databricks.sdk.errors.base import DatabricksError

    try:
        yield
    except (DatabricksError, requests.RequestException, TimeoutError, ValueError) as error:
        reason, hint = _explain(error)
        kind = UnansweredError if _is_unanswered(error) else RemoteError
        raise kind(f"Could not {what}: {reason}.", hint) from None


_TAKES = {
    "pat": "the secret DATABRICKS_TOKEN: map it in the step's env",
    "azure-devops-oidc": "DATABRICKS_CLIENT_ID, and SYSTEM_ACCESSTOKEN mapped in the step's env",
    "azure-cli": "whoever is signed in with `az login`",
}


def _unusable_credential(host: str, kind: str | None, message: str) -> UsageError:
    if "more than one authorization method" in message:
        return UsageError(
            f"Several kinds of credentials for {host} are set.",
            "Name the one to use in DATABRICKS_AUTH_TYPE, such as pat or azure-cli.",
        )
    return UsageError(
        f"The credential for {host} cannot be used: {_words(message)}.",
        f"DATABRICKS_AUTH_TYPE {kind} takes {_TAKES[kind]}."
        if kind in _TAKES
        else "Set DATABRICKS_AUTH_TYPE to pat, with the secret DATABRICKS_TOKEN, or to "
        "azure-devops-oidc or azure-cli.",
    )


def _last_cause(error: Exception) -> BaseException:
    return error.__cause__ if isinstance(error, TimeoutError) and error.__cause__ else error


def _is_unanswered(error: Exception) -> bool:
    import requests

    last = _last_cause(error)
    return isinstance(last, (requests.ConnectionError, requests.Timeout, TimeoutError))


_EXPIRED = (
    "Databricks did not accept the token: it is expired, revoked or wrong",
    "Make a new token, put it into the variable group and map it in the step's env.",
)
_RETRY = "Run the command again later."


def _explain(error: Exception) -> tuple[str, str]:
    """The reason and what to do; an error after retries is explained by its last cause."""
    import requests
    from databricks.sdk.errors.base import DatabricksError

    last = _last_cause(error)
    if isinstance(last, DatabricksError):
        return _explain_answer(last)
    if isinstance(last, requests.exceptions.SSLError):
        return (
            "the certificate of the workspace is not trusted",
            "Set REQUESTS_CA_BUNDLE to the certificates that this network uses.",
        )
    if isinstance(last, (requests.Timeout, TimeoutError)):
        return "Databricks did not answer in time", _RETRY
    if isinstance(last, requests.ConnectionError):
        return (
            "the workspace cannot be reached, or the connection was dropped",
            "Check the address of the workspace, the network and the proxy.",
        )
    if isinstance(last, requests.RequestException):
        return (
            "the answer is not that of a Databricks workspace",
            "Check the address; a proxy or a sign-in page may stand in between.",
        )
    return f"the credential was refused: {_words(str(last))}", _EXPIRED[1]


def _explain_answer(error: BaseException) -> tuple[str, str]:
    """The same for an answer of the workspace."""
    from databricks.sdk import errors

    words = _words(str(error))
    denied = isinstance(error, errors.PermissionDenied)
    if isinstance(error, errors.Unauthenticated) or (denied and _BAD_TOKEN.search(words)):
        return _EXPIRED
    if isinstance(error, errors.TooManyRequests) or _QUOTA.search(words):
        return (
            f"a limit or quota of the workspace is reached: {words}",
            "Wait or free what is no longer used, or ask for a larger quota.",
        )
    for kind, (reason, hint) in {
        errors.PermissionDenied: (
            f"the caller lacks the permission: {words}",
            "Ask an administrator of the workspace for it; the token itself is accepted.",
        ),
        errors.NotFound: (
            f"it was not found: {words}",
            "Check the name, and the steps that come before.",
        ),
        errors.DeadlineExceeded: ("Databricks did not answer in time", _RETRY),
        errors.InternalError: (f"Databricks failed on its own side: {words}", _RETRY),
        errors.TemporarilyUnavailable: (f"Databricks failed on its own side: {words}", _RETRY),
    }.items():
        if isinstance(error, kind):
            return reason, hint
    return f"Databricks refused: {words}", "Its answer says why."


def _words(text: str) -> str:
    """The first words of a message: on one line, without credentials and the SDK's own notes."""
    line = " ".join(text.split()).partition(" Config: ")[0]
    return _CREDENTIALS.sub("***", line)[:_SHOWN_CHARACTERS].rstrip(". ")
