"""What Azure Container Instances is asked for: the body of a container group, and reading one.

Container Instances has no TLS: callers of such a service send and get plain HTTP. Use it in a
virtual network, or for development with data that anyone may see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ..errors import UsageError
from ..utils.variables import require, variable
from .instance import PING, PORT, Instance

API_VERSION = "2023-05-01"
CONTAINER = "model"

_AZURE_REGISTRY = ".azurecr.io"

_SUBSCRIPTION = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_RESOURCE_GROUP = re.compile(r"[-\w.()]{0,89}[-\w()]")
_RESOURCE_ID = re.compile(r"/subscriptions/[^/\s]+/resourceGroups/[^\s]+", re.IGNORECASE)

#: What must be set for every instance.
WANTED = {
    "AZURE_SUBSCRIPTION_ID": "the subscription of the environment",
    "AZURE_RESOURCE_GROUP": "the resource group of the environment",
    "AZURE_LOCATION": "the region, as in westeurope",
}
#: What must be set as well for an image in a container registry of Azure.
WANTED_TO_PULL = {
    "ACI_IDENTITY_ID": "the resource id of a managed identity with the role AcrPull there",
}


@dataclass(frozen=True)
class AciPlace:
    """Where in Azure the instances are, and who pulls their images."""

    subscription: str
    resource_group: str
    location: str
    identity_id: str | None
    subnet_id: str | None

    def path(self, name: str) -> str:
        """The path of a container group in Azure Resource Manager."""
        return (
            f"/subscriptions/{quote(self.subscription, safe='')}"
            f"/resourceGroups/{quote(self.resource_group, safe='')}"
            f"/providers/Microsoft.ContainerInstance/containerGroups/{quote(name, safe='')}"
        )


def read_place(environ: Mapping[str, str], image: str) -> AciPlace:
    """The place that the variables name for the image; UsageError says what is wrong with them."""
    pulls = server_of(image).endswith(_AZURE_REGISTRY)
    values = require(environ, WANTED | (WANTED_TO_PULL if pulls else {}))
    place = AciPlace(
        values["AZURE_SUBSCRIPTION_ID"],
        values["AZURE_RESOURCE_GROUP"],
        values["AZURE_LOCATION"],
        variable(environ, "ACI_IDENTITY_ID"),
        variable(environ, "ACI_SUBNET_ID"),
    )
    wrong = [
        name
        for name, value, rule in (
            ("AZURE_SUBSCRIPTION_ID", place.subscription, _SUBSCRIPTION),
            ("AZURE_RESOURCE_GROUP", place.resource_group, _RESOURCE_GROUP),
            ("ACI_IDENTITY_ID", place.identity_id, _RESOURCE_ID),
            ("ACI_SUBNET_ID", place.subnet_id, _RESOURCE_ID),
        )
        if value is not None and not rule.fullmatch(value)
    ]
    if wrong:
        raise UsageError(
            f"These variables do not hold what Azure calls so: {', '.join(wrong)}.",
            "A subscription is a GUID; an identity or a subnet is a whole resource id, "
            "/subscriptions/….",
        )
    return place


def container_group(instance: Instance, place: AciPlace) -> dict[str, Any]:
    """The body that creates the instance, as Microsoft.ContainerInstance takes it."""
    body: dict[str, Any] = {
        "location": place.location,
        "tags": {
            "model": instance.model,
            "model_version": instance.version,
            "environment": instance.environment,
            "git_commit": instance.git_commit,
        },
        "properties": {
            "osType": "Linux",
            "restartPolicy": "Always",
            "containers": [{"name": CONTAINER, "properties": _container(instance)}],
            "ipAddress": _address(instance, place),
        },
    }
    server = server_of(instance.image)
    if place.identity_id is not None and server.endswith(_AZURE_REGISTRY):
        body["identity"] = {
            "type": "UserAssigned",
            "userAssignedIdentities": {place.identity_id: {}},
        }
        body["properties"]["imageRegistryCredentials"] = [
            {"server": server, "identity": place.identity_id}
        ]
    if place.subnet_id is not None:
        body["properties"]["subnetIds"] = [{"id": place.subnet_id}]
    return body


def server_of(image: str) -> str:
    """The registry in the name of an image."""
    return image.split("/")[0]


def provisioning_state(group: Mapping[str, Any]) -> str:
    """``Creating``, ``Succeeded``, ``Failed`` and so on; empty when the answer has none."""
    return str(_properties(group).get("provisioningState") or "")


def address_of(group: Mapping[str, Any]) -> str | None:
    """The address of the running group, as Azure gave it; in a virtual network one of numbers."""
    address = _properties(group).get("ipAddress")
    if not isinstance(address, dict):
        return None
    host = address.get("fqdn") or address.get("ip")
    ports = address.get("ports") or [{}]
    return f"http://{host}:{ports[0].get('port', PORT)}" if host else None


def images_of(group: Mapping[str, Any]) -> list[str]:
    """The images of the group's containers."""
    containers = _properties(group).get("containers") or []
    return [str((container.get("properties") or {}).get("image")) for container in containers]


def events_of(group: Mapping[str, Any]) -> list[str]:
    """What Azure reports about the group and its containers, each as a line."""
    return [
        f"{event.get('type') or 'Event'} {event.get('name') or ''}: {event.get('message') or ''}"
        for event in _events(_properties(group))
    ]


def _container(instance: Instance) -> dict[str, Any]:
    return {
        "image": instance.image,
        "ports": [{"protocol": "TCP", "port": PORT}],
        "resources": {
            "requests": {"cpu": instance.size.cpu, "memoryInGB": instance.size.memory_gb}
        },
        "livenessProbe": {
            "httpGet": {"path": PING, "port": PORT, "scheme": "http"},
            "initialDelaySeconds": 120,
            "periodSeconds": 30,
            "timeoutSeconds": 10,
            "failureThreshold": 5,
        },
    }


def _address(instance: Instance, place: AciPlace) -> dict[str, Any]:
    ports = [{"protocol": "TCP", "port": PORT}]
    if place.subnet_id is not None:
        return {"type": "Private", "ports": ports}  # A name is for public addresses only.
    return {
        "type": "Public",
        "ports": ports,
        "dnsNameLabel": instance.name,
        # Azure adds a hash to the name, so that nobody else can take it over later.
        "autoGeneratedDomainNameLabelScope": "TenantReuse",
    }


def _properties(group: Mapping[str, Any]) -> Mapping[str, Any]:
    properties = group.get("properties")
    return properties if isinstance(properties, dict) else {}


def _events(properties: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    views = [properties.get("instanceView")]
    for container in properties.get("containers") or []:
        views.append((container.get("properties") or {}).get("instanceView"))
    for view in views:
        if isinstance(view, dict):
            yield from view.get("events") or []
