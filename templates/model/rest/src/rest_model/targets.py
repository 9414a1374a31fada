"""Where an instance is served: the two targets in Azure, behind one interface."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

from ..errors import RemoteError
from .aci import AciPlace, address_of, container_group, events_of
from .aks import AksPlace, manifests, pod_problems
from .arm import ResourceManager
from .instance import INVOCATIONS, Instance
from .kubectl import Kubectl
from .smoke import Patience

Show = Callable[[str], None]


@dataclass(frozen=True)
class Reachable:
    """How the smoke test reaches an instance, and where callers send their requests."""

    address: str
    scoring_uri: str


class Target(Protocol):
    """What each target does in its own way."""

    @property
    def kind(self) -> str:
        """Its name on the command line."""

    @property
    def note(self) -> str:
        """What everybody who uses it must know; empty when nothing."""

    def plan(self, instance: Instance) -> object:
        """What would be sent, as plain values."""

    def exists(self, instance: Instance) -> bool:
        """Whether the instance is there already."""

    def start(self, instance: Instance) -> None:
        """Create or update the instance, and return when it runs."""

    def reached(self, instance: Instance) -> AbstractContextManager[Reachable]:
        """The running instance, while the block lasts."""

    def log(self, instance: Instance) -> str:
        """What the instance reported of late."""

    def remove(self, instance: Instance) -> None:
        """Remove the instance."""


class AciTarget:
    """Azure Container Instances."""

    kind = "aci"
    note = (
        "Container Instances has no TLS and asks for no credential: requests and scores travel as "
        "plain HTTP. Use it in a virtual network (ACI_SUBNET_ID) or with harmless data."
    )

    def __init__(
        self, place: AciPlace, resources: ResourceManager, patience: Patience, show: Show
    ) -> None:
        self._place = place
        self._resources = resources
        self._patience = patience
        self._show = show

    def plan(self, instance: Instance) -> object:
        """The request that creates the container group."""
        return aci_plan(instance, self._place)

    def exists(self, instance: Instance) -> bool:
        """Whether the container group is there."""
        return self._resources.read(self._path(instance)) is not None

    def start(self, instance: Instance) -> None:
        """Create the container group, and wait until Azure has."""
        path = self._path(instance)
        self._resources.create(path, container_group(instance, self._place))
        self._resources.wait(path, instance.image, self._patience, self._show)

    @contextmanager
    def reached(self, instance: Instance) -> Iterator[Reachable]:
        """The address that Azure gave the container group."""
        address = address_of(self._resources.read(self._path(instance)) or {})
        if address is None:
            raise RemoteError("Azure gave the container group no address.")
        yield Reachable(address, f"{address}{INVOCATIONS}")

    def log(self, instance: Instance) -> str:
        """Azure's events and the end of the container's log."""
        path = self._path(instance)
        events = events_of(self._resources.read(path) or {})
        return "\n".join([*events, self._resources.log(path)]).strip()

    def remove(self, instance: Instance) -> None:
        """Delete the container group."""
        self._resources.remove(self._path(instance))

    def _path(self, instance: Instance) -> str:
        return self._place.path(instance.name)


class AksTarget:
    """A Kubernetes cluster."""

    kind = "aks"
    note = ""

    def __init__(self, place: AksPlace, kubectl: Kubectl, patience: Patience, show: Show) -> None:
        self._place = place
        self._kubectl = kubectl
        self._patience = patience
        self._show = show

    def plan(self, instance: Instance) -> object:
        """The manifests that would be applied."""
        return manifests(instance, self._place)

    def exists(self, instance: Instance) -> bool:
        """Whether the Deployment is there."""
        return self._kubectl.exists(instance.name)

    def start(self, instance: Instance) -> None:
        """Apply the manifests, and wait until all pods are ready."""
        self._show(self._kubectl.apply(manifests(instance, self._place)))
        try:
            self._show(self._kubectl.wait(instance.name, self._patience.seconds))
        except RemoteError as error:
            problems = pod_problems(self._kubectl.pods(instance.name))
            lines = "".join(f"\n  - {line}" for line in problems)
            raise RemoteError(
                f"{error.message}{f' The pods:{lines}' if lines else ''}", error.hint
            ) from error

    @contextmanager
    def reached(self, instance: Instance) -> Iterator[Reachable]:
        """The instance's own host, or a way through kubectl where it has none."""
        uri = self._place.scoring_uri(instance)
        if self._place.host(instance) is not None:
            yield Reachable(uri.removesuffix(INVOCATIONS), uri)
            return
        with self._kubectl.forwarded(instance.name) as address:
            yield Reachable(address, uri)

    def log(self, instance: Instance) -> str:
        """The end of the pods' log; empty when kubectl cannot show it."""
        try:
            return self._kubectl.log(instance.name)
        except RemoteError:
            return ""

    def remove(self, instance: Instance) -> None:
        """Delete the Deployment, the Service and the Ingress."""
        self._kubectl.remove(instance.name)


def aci_plan(instance: Instance, place: AciPlace) -> dict[str, object]:
    """The request that would create the container group."""
    return {
        "method": "PUT",
        "path": place.path(instance.name),
        "body": container_group(instance, place),
    }
