"""The thin adapter to Azure Resource Manager: create a container group, wait for it, remove it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import RemoteError
from ..utils.http import Request, Response, send
from ..utils.variables import Secret, secret, variable
from .aci import API_VERSION, CONTAINER, events_of, images_of, provisioning_state
from .image import azure_program
from .smoke import Patience

_PUBLIC_AZURE = "https://management.azure.com"
_SERVICE = "Azure Resource Manager"
_ENDED_BADLY = frozenset({"Failed", "Canceled", "Unhealthy"})
_LOG_LINES = 50


@dataclass(frozen=True)
class ResourceManager:
    """Azure Resource Manager at an address, with a token for it."""

    url: str
    token: Secret

    def create(self, path: str, body: Mapping[str, Any]) -> None:
        """Ask for the container group; creating it goes on after this returns."""
        self._send("PUT", path, json=body)

    def read(self, path: str) -> dict[str, Any] | None:
        """The container group, or ``None`` when there is none."""
        answer = self._send("GET", path, accepted=frozenset({404}))
        if answer.status == 404:
            return None
        content = answer.json()
        if not isinstance(content, dict):
            raise RemoteError(f"{_SERVICE} described the container group in an unknown form.")
        return content

    def remove(self, path: str) -> None:
        """Remove the container group; that it is gone already is no error."""
        self._send("DELETE", path, accepted=frozenset({404}))

    def log(self, path: str) -> str:
        """The end of the container's log; empty when Azure has none, and never an error."""
        try:
            answer = self._send(
                "GET", f"{path}/containers/{CONTAINER}/logs", query=f"&tail={_LOG_LINES}"
            )
            content = answer.json()
        except RemoteError:
            return ""
        return str(content.get("content") or "") if isinstance(content, dict) else ""

    def wait(
        self, path: str, image: str, patience: Patience, show: Callable[[str], None]
    ) -> dict[str, Any]:
        """The container group once it runs that image; else RemoteError with Azure's events."""
        group: dict[str, Any] = {}
        shown = ""

        def has_ended() -> bool:
            nonlocal group, shown
            group = self.read(path) or {}
            state = provisioning_state(group)
            if state != shown:
                shown = state
                show(f"Container Instances: {state or 'the container group is gone'}")
            if state == "Succeeded":  # Of the group that was there before, when it is updated.
                return image in images_of(group)
            return state in _ENDED_BADLY or not group

        ended = patience.until(has_ended)
        if ended and provisioning_state(group) == "Succeeded":
            return group
        raise RemoteError(_failure(group, ended, patience), "Azure's events above say why.")

    def _send(
        self,
        method: str,
        path: str,
        *,
        query: str = "",
        json: object = None,
        accepted: frozenset[int] = frozenset(),
    ) -> Response:
        url = f"{self.url}{path}?api-version={API_VERSION}{query}"
        return send(Request(method, url, _SERVICE, self.token, json=json, accepted=accepted))


def open_resource_manager(environ: Mapping[str, str]) -> ResourceManager:
    """The address and token of the environment; without a token the Azure CLI's own."""
    url = variable(environ, "AZURE_RESOURCE_MANAGER_URL") or _PUBLIC_AZURE
    token = secret(environ, "AZURE_ACCESS_TOKEN") or _token_of_azure_cli(environ)
    return ResourceManager(url.rstrip("/"), token)


def _token_of_azure_cli(environ: Mapping[str, str]) -> Secret:
    answer = azure_program(environ).run(
        [
            *("account", "get-access-token", "--resource", f"{_PUBLIC_AZURE}/"),
            *("--query", "accessToken", "--output", "tsv"),
        ]
    )
    if not answer.strip():
        raise RemoteError("The Azure CLI gave no token.", "Sign in: `az login`.")
    return Secret(answer.strip())


def _failure(group: Mapping[str, Any], ended: bool, patience: Patience) -> str:
    state = provisioning_state(group)
    if not group:
        return "The container group disappeared while it was created."
    events = "".join(f"\n  - {line}" for line in events_of(group)) or "\n  - none"
    if not ended:
        return (
            f"The container group was not created in {patience.seconds:.0f} seconds; its state is "
            f"{state or 'unknown'}. Azure's events:{events}"
        )
    return f"The container group ended as {state}. Azure's events:{events}"
