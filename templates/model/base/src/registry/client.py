"""MLflow's client for the central model registry, with errors that say what to do."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from typing import Any

from ..errors import FindingError, MlocError, RemoteError, UsageError
from ..utils.variables import Secret

SERVICE = "The central model registry"
_SHOWN_CHARACTERS = 300
_STATUS = re.compile(r"\b(?:error code|Error|status|too many) (\d{3})\b")
_STATUS_OF_CODE = {
    "UNAUTHENTICATED": 401,
    "CUSTOMER_UNAUTHORIZED": 401,
    "INVALID_TOKEN": 401,
    "PERMISSION_DENIED": 403,
    "RESOURCE_DOES_NOT_EXIST": 404,
    "NOT_FOUND": 404,
    "ENDPOINT_NOT_FOUND": 404,
    "REQUEST_LIMIT_EXCEEDED": 429,
    "TEMPORARILY_UNAVAILABLE": 503,
}


class RegistryClient:
    """Every method of ``mlflow.MlflowClient``; what goes wrong there is a RemoteError here."""

    def __init__(self, client: Any, uris: tuple[str, str], secrets: Sequence[Secret]) -> None:
        self._client = client
        self.tracking_uri, self.registry_uri = uris
        self._secrets = tuple(secrets)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return self.explained(getattr(self._client, name))

    def explained(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function with its errors translated."""

        @functools.wraps(function)
        def call(*arguments: Any, **options: Any) -> Any:
            try:
                return function(*arguments, **options)
            except Exception as error:
                explained = _explained(error, self._secrets)
                if explained is None:
                    raise
                raise explained from None  # The cause may show headers or a body.

        return call


class MissingError(RemoteError):
    """The registry does not know what was asked for."""


class ExistsError(RemoteError):
    """The registry has already what was to be made."""


def connect(tracking_uri: str, registry_uri: str, secrets: Sequence[Secret]) -> RegistryClient:
    """A client of its own; MLflow's global settings stay as they are."""
    try:
        from mlflow import MlflowClient
    except ModuleNotFoundError as error:
        raise UsageError(
            "MLflow is not installed.", "Install this repository: `pip install --editable .`."
        ) from error
    uris = (tracking_uri, registry_uri)
    try:
        return RegistryClient(MlflowClient(tracking_uri, registry_uri), uris, secrets)
    except Exception as error:
        raise _explained(error, secrets) or error from None


def _explained(error: Exception, secrets: Sequence[Secret]) -> MlocError | None:
    """What an error of MLflow, requests or the SDK means; ``None`` for an error of our own."""
    import requests
    from mlflow.exceptions import MlflowException

    if not isinstance(error, (MlflowException, requests.RequestException)):
        return None
    text = _without(str(error), secrets)
    code = str(getattr(error, "error_code", ""))
    if code == "RESOURCE_ALREADY_EXISTS":
        return ExistsError(f"{SERVICE} has that already: {text[:_SHOWN_CHARACTERS]}")
    status = _STATUS_OF_CODE.get(code) or _status_in(error, text)
    if status is None and _is_connection_problem(error, text):
        return RemoteError(
            f"{SERVICE} cannot be reached.",
            "Check CMR_URI, the network and the proxy, and run the command again.",
        )
    if code == "INVALID_PARAMETER_VALUE":
        return FindingError(f"{SERVICE} refused: {text[:_SHOWN_CHARACTERS]}")
    return _by_status(status, text)


def _by_status(status: int | None, text: str) -> MlocError:
    if status == 401:
        return RemoteError(
            f"{SERVICE} did not accept the credential: it is missing, wrong or expired.",
            "Renew CMR_TOKEN in the environment's variable group and map it in the step's env.",
        )
    if status == 403:
        return RemoteError(
            f"{SERVICE} knows the caller, who lacks the permission.",
            "Ask the registry's owner for the permission to edit this model.",
        )
    if status == 404:
        return MissingError(f"{SERVICE} does not know that: {text[:_SHOWN_CHARACTERS]}")
    if status is not None and (status == 429 or status >= 500):
        return RemoteError(
            f"{SERVICE} is overloaded or failed on its own side ({status}).",
            "Run the command again later.",
        )
    return RemoteError(f"{SERVICE} failed: {text[:_SHOWN_CHARACTERS]}")


def _status_in(error: Exception, text: str) -> int | None:
    """The HTTP status, from a response or from MLflow's sentence about one."""
    response = getattr(error, "response", None)
    if response is not None:
        return int(response.status_code)
    found = _STATUS.search(text)
    return int(found.group(1)) if found else None


def _is_connection_problem(error: Exception, text: str) -> bool:
    return not hasattr(error, "error_code") or "failed with" in text or "cannot connect" in text


def _without(text: str, secrets: Sequence[Secret]) -> str:
    for secret in secrets:
        text = text.replace(secret.reveal(), "***")
    return " ".join(text.split())
