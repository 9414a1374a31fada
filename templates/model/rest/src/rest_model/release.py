"""The version that is to be served: found in the registry, downloaded, and its tags kept true."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from ..errors import FindingError
from ..model.package import verify_package
from .instance import Instance, Size

if TYPE_CHECKING:
    from ..registry.versions import ModelVersion

SCORING_URI = "scoring_uri"
IMAGE = "image"
SERVED_AS = "served_as"


class Versions(Protocol):
    """The part of the central model registry that serving uses."""

    def champion(self) -> ModelVersion | None:
        """The version that production uses."""

    def find(self, selector: str) -> ModelVersion:
        """The version of a role or a number."""

    def tag(self, version: ModelVersion, tags: Mapping[str, str]) -> None:
        """Set tags."""

    def untag(self, version: ModelVersion, names: Sequence[str]) -> None:
        """Delete tags."""

    def download(self, version: ModelVersion, folder: Path) -> Path:
        """The MLflow model directory."""

    def package_of(self, folder: Path) -> Path:
        """The package in it."""


OpenVersions: TypeAlias = Callable[[], AbstractContextManager[Versions]]


def chosen_version(versions: Versions, selector: str | None) -> ModelVersion:
    """The version asked for; else that of production, and before there is one the candidate."""
    if selector is not None:
        return versions.find(selector)
    return versions.champion() or versions.find("candidate")


def rest_package(folder: Path, model_name: str) -> Path:
    """The package, once it is proven to be whole, of this model and made for REST."""
    content = verify_package(folder)
    for key, wanted in (("model_name", model_name), ("serving", "rest")):
        if content.get(key) != wanted:
            raise FindingError(
                f"The registered package's {key} is {content.get(key)!r}, expected {wanted!r}.",
                "Register a package that this repository made.",
            )
    return folder


def known_image(
    version: ModelVersion, environments: Sequence[str], registry_server: str
) -> str | None:
    """The image of that registry that passed a smoke test in the first environment that has one."""
    for environment in environments:
        image = version.tags.get(f"{IMAGE}.{environment}", "")
        if image.startswith(f"{registry_server}/") and "@sha256:" in image:
            return image
    return None


def served_tags(instance: Instance, kind: str, scoring_uri: str) -> dict[str, str]:
    """What the registry is told about an instance that passed its smoke test."""
    address = {f"{SCORING_URI}.{instance.environment}": scoring_uri}
    if not instance.image:
        return address
    size = instance.size
    served_as = {"target": kind, "cpu": size.cpu, "memory": size.memory_gb}
    return {
        f"{IMAGE}.{instance.environment}": instance.image,
        f"{SERVED_AS}.{instance.environment}": json.dumps(served_as),
        **address,  # Last: whoever finds an address finds the rest too.
    }


def withdraw_address(versions: Versions, instance: Instance, scoring_uri: str) -> None:
    """The registry forgets that address; another one, of a later instance, it keeps."""
    tag = f"{SCORING_URI}.{instance.environment}"
    version = versions.find(instance.version)
    if version.tags.get(tag) == scoring_uri:
        versions.untag(version, [tag])


def earlier_service(version: ModelVersion, environment: str) -> tuple[str, str, Size]:
    """The image, target and size with which the version once passed its smoke test there."""
    image = version.tags.get(f"{IMAGE}.{environment}")
    try:
        content = json.loads(version.tags[f"{SERVED_AS}.{environment}"])
        kind = str(content["target"])
        size = Size(float(content["cpu"]), float(content["memory"]))
    except (KeyError, TypeError, ValueError):
        image = None
    if not image or kind not in ("aci", "aks"):
        raise FindingError(
            f"{str(version).capitalize()} was never served in {environment}.",
            "Only a version that passed its smoke test there can be rolled back to; "
            "`mloccli azureml deploy` serves any other.",
        )
    return image, kind, size
