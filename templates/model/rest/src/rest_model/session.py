"""From the command line to an instance in service: the steps that all targets share."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import click

from ..config import Configuration, find_repository, read_configuration
from ..utils.databricks import choose_environment
from ..utils.pipeline_log import log_issue, set_output
from ..utils.variables import require
from . import aci, aks
from .arm import open_resource_manager
from .deploy import Deployment
from .image import ImageName, build_arguments, build_image, digest_arguments, image_name
from .image import registry_server
from .instance import Instance, Size
from .kubectl import Kubectl
from .local import LocalTarget
from .release import OpenVersions, chosen_version, known_image, rest_package
from .smoke import Patience
from .targets import AciTarget, AksTarget, Target, aci_plan

if TYPE_CHECKING:
    from ..registry.versions import ModelVersion

Kind: TypeAlias = Literal["aci", "aks", "local"]
Image: TypeAlias = ImageName | str

LOCAL = "local"
_GIT_COMMIT = "git_commit"


@dataclass(frozen=True)
class Order:
    """What the command line asks for."""

    kind: Kind
    size: Size
    minutes: float
    dry_run: bool

    @property
    def patience(self) -> Patience:
        """How long to wait."""
        return Patience(seconds=self.minutes * 60)


@dataclass(frozen=True)
class Session:
    """One run of a command: the configuration, the environment and the way to the registry."""

    configuration: Configuration
    environment: str
    environ: Mapping[str, str]
    open_versions: OpenVersions

    @property
    def model(self) -> str:
        """The model's name."""
        return self.configuration.model.model_name

    def choose(self, selector: str | None) -> ModelVersion:
        """The version that is meant."""
        with self.open_versions() as versions:
            return chosen_version(versions, selector)

    def instance(self, version: ModelVersion, image: str, size: Size) -> Instance:
        """The instance of the version in this environment."""
        commit = version.tags.get(_GIT_COMMIT, "")
        return Instance(self.model, version.number, self.environment, image, size, commit)


def open_session(kind: Kind, environment: str | None, environ: Mapping[str, str]) -> Session:
    """The session of a command in the repository around the working folder."""
    from ..registry.connection import open_registry

    before = dict(environ)  # Opening the registry changes the process environment for a while.
    configuration = read_configuration(find_repository(), before)
    chosen = choose_environment(configuration, environment, before).name
    name = LOCAL if kind == "local" else chosen
    return Session(configuration, name, before, lambda: open_registry(configuration, before))


def choose_image(session: Session, version: ModelVersion, *, rebuild: bool) -> Image:
    """An image that is there, or the name of the one to build."""
    configured = session.configuration.model.image
    if configured is not None:
        return configured
    wanted = {"ACR_NAME": "the name of the container registry, without .azurecr.io"}
    registry = require(session.environ, wanted)["ACR_NAME"]
    name = image_name(registry, session.model, version.number, version.tags.get(_GIT_COMMIT, ""))
    others = [item.name for item in reversed(session.configuration.environments)]
    environments = [session.environment, *others]
    known = None if rebuild else known_image(version, environments, registry_server(registry))
    return known or name


def deploy(session: Session, version: ModelVersion, image: Image, order: Order) -> None:
    """Serve the version in Azure, or with ``dry_run`` show how."""
    named = image.tagged if isinstance(image, ImageName) else image
    instance = session.instance(version, named, order.size)
    place = _place(order.kind, session.environ)
    if isinstance(place, aci.AciPlace) and session.configuration.model.image is None:
        aci.require_identity(place, instance.image.split("/")[0])
    if order.dry_run:
        click.echo(json.dumps(_planned(image, instance, place), indent=2, ensure_ascii=False))
        return
    with tempfile.TemporaryDirectory(prefix="model-") as folder:
        with session.open_versions() as versions:
            model = versions.download(version, Path(folder))
            package = rest_package(versions.package_of(model), session.model)
        if isinstance(image, ImageName):
            click.echo(f"Building {image.tagged} in the registry.")
            instance = session.instance(
                version, build_image(image, model, session.environ), order.size
            )
        if not instance.is_pinned:
            log_issue("warning", f"{instance.image} has no digest: what runs can change.")
        target = _target(place, order.patience, session.environ)
        _serve(session, target, instance, package)


def deploy_locally(session: Session, version: ModelVersion, order: Order, *, keep: bool) -> None:
    """Serve the version on this machine for the smoke test, and with ``keep`` until Ctrl-C."""
    with tempfile.TemporaryDirectory(prefix="model-") as folder:
        instance = session.instance(version, "", order.size)
        if order.dry_run:
            with LocalTarget(Path("<model>"), session.environ, order.patience) as target:
                click.echo(json.dumps(target.plan(instance), indent=2))
            return
        with session.open_versions() as versions:
            model = versions.download(version, Path(folder))
            package = rest_package(versions.package_of(model), session.model)
        with LocalTarget(model, session.environ, order.patience) as target:
            _serve(session, target, instance, package)
            if keep:
                click.echo("Serving until Ctrl-C.")
                target.wait()


def _serve(session: Session, target: Target, instance: Instance, package: Path) -> None:
    if target.note:
        click.echo(f"Note: {target.note}")
    served = Deployment(target, session.open_versions, click.echo).serve(instance, package)
    click.echo(
        f"{instance.title} scored {served.rows} example rows as it should and is served at "
        f"{served.scoring_uri}"
    )
    set_output("scoring_uri", served.scoring_uri)


def _place(kind: Kind, environ: Mapping[str, str]) -> aci.AciPlace | aks.AksPlace:
    return aci.read_place(environ) if kind == "aci" else aks.read_place(environ)


def _target(
    place: aci.AciPlace | aks.AksPlace, patience: Patience, environ: Mapping[str, str]
) -> Target:
    if isinstance(place, aci.AciPlace):
        return AciTarget(place, open_resource_manager(environ), patience, click.echo)
    return AksTarget(place, Kubectl(environ, place.namespace), patience, click.echo)


def _planned(
    image: Image, instance: Instance, place: aci.AciPlace | aks.AksPlace
) -> dict[str, object]:
    """All that would be run and sent; an image that is not built yet has no digest."""
    planned: dict[str, object] = {}
    if isinstance(image, ImageName):
        planned["build"] = [
            ["az", *arguments]
            for arguments in (build_arguments(image, "<model>"), digest_arguments(image))
        ]
    if isinstance(place, aci.AciPlace):
        planned["request"] = aci_plan(instance, place)
    else:
        planned["manifests"] = aks.manifests(instance, place)
    return planned
