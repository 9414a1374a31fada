"""From the command line to an instance in service: the steps that all targets share."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import click

from ..config import Configuration, find_repository, read_configuration
from ..errors import ExitCode
from ..utils.databricks import choose_environment
from ..utils.pipeline_log import log_issue, set_output
from ..utils.variables import require
from . import aci, aks
from .arm import open_resource_manager
from .deploy import Deployment
from .image import (
    ImageName,
    build_arguments,
    digest_arguments,
    image_name,
    make_image,
    registry_server,
)
from .instance import Instance, Size
from .kubectl import Kubectl
from .options import AzureOptions
from .release import OpenVersions, chosen_version, earlier_service, known_image, rest_package
from .smoke import Patience
from .targets import AciTarget, AksTarget, Target, aci_plan

if TYPE_CHECKING:
    from ..registry.versions import ModelVersion

Kind: TypeAlias = Literal["aci", "aks"]
Image: TypeAlias = ImageName | str

_GIT_COMMIT = "git_commit"
_WANTED_TO_BUILD = {"ACR_NAME": "the name of the container registry, without .azurecr.io"}


@dataclass(frozen=True)
class Order:
    """How a version is to be served."""

    kind: str
    size: Size
    patience: Patience
    dry_run: bool


@dataclass(frozen=True)
class Wait:
    """How long to wait for the instance; with ``dry_run`` nothing is done at all."""

    minutes: float
    dry_run: bool


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

    def download(self, version: ModelVersion, folder: Path) -> tuple[Path, Path]:
        """The version's MLflow model, and the package in it."""
        with self.open_versions() as versions:
            model = versions.download(version, folder)
            return model, rest_package(versions.package_of(model), self.model)

    def instance(self, version: ModelVersion, image: str, size: Size) -> Instance:
        """The instance of the version in this environment."""
        commit = version.tags.get(_GIT_COMMIT, "")
        return Instance(self.model, version.number, self.environment, image, size, commit)


def deploy_version(kind: Kind, options: AzureOptions, environ: Mapping[str, str]) -> int:
    """Serve the version that the options name, from an image that is built when there is none."""
    session = open_session(environ, options["environment"])
    _require_variables(kind, session)
    version = session.choose(options["version"])
    image = choose_image(session, version, rebuild=options["rebuild"])
    size = Size(options["cpu"], options["memory"])
    patience = Patience(options["timeout"] * 60)
    deploy(session, version, image, Order(kind, size, patience, options["dry_run"]))
    return ExitCode.OK


def serve_version_again(
    selector: str, environment: str | None, wait: Wait, environ: Mapping[str, str]
) -> int:
    """Serve a version as it was served when it last passed its smoke test in the environment."""
    session = open_session(environ, environment)
    version = session.choose(selector)
    image, kind, size = earlier_service(version, session.environment)
    deploy(session, version, image, Order(kind, size, Patience(wait.minutes * 60), wait.dry_run))
    return ExitCode.OK


def open_session(
    environ: Mapping[str, str], environment: str | None, *, place: str | None = None
) -> Session:
    """The session of a command in the repository around the working folder."""
    from ..registry.connection import open_registry

    before = dict(environ)  # Opening the registry changes the process environment for a while.
    configuration = read_configuration(find_repository(), before)
    name = place or choose_environment(configuration, environment, before).name
    return Session(configuration, name, before, lambda: open_registry(configuration, before))


def choose_image(session: Session, version: ModelVersion, *, rebuild: bool) -> Image:
    """An image that is there, or the name of the one to build."""
    configured = session.configuration.model.image
    if configured is not None:
        return configured
    registry = require(session.environ, _WANTED_TO_BUILD)["ACR_NAME"]
    name = image_name(registry, session.model, version.number, version.tags.get(_GIT_COMMIT, ""))
    others = [item.name for item in reversed(session.configuration.environments)]
    environments = [session.environment, *others]
    known = None if rebuild else known_image(version, environments, registry_server(registry))
    return known or name


def deploy(session: Session, version: ModelVersion, image: Image, order: Order) -> None:
    """Serve the version in Azure, or with ``dry_run`` show how."""
    named = image.tagged if isinstance(image, ImageName) else image
    instance = session.instance(version, named, order.size)
    environ = session.environ
    place = aci.read_place(environ, named) if order.kind == "aci" else aks.read_place(environ)
    if order.dry_run:
        click.echo(json.dumps(_planned(image, instance, place), indent=2, ensure_ascii=False))
        return
    with tempfile.TemporaryDirectory(prefix="model-") as folder:
        model, package = session.download(version, Path(folder))
        target = _target(place, order.patience, environ)
        if isinstance(image, ImageName):
            click.echo(f"Building {image.tagged} in the registry.")
            instance = replace(instance, image=make_image(image, model, environ))
        if not instance.is_pinned:
            log_issue("warning", f"{instance.image} has no digest: what runs can change.")
        serve(session, target, instance, package)


def serve(session: Session, target: Target, instance: Instance, package: Path) -> str:
    """Serve the instance, and say where; its address, which is also a variable of the pipeline."""
    if target.note:
        click.echo(f"Note: {target.note}")
    served = Deployment(target, session.open_versions, click.echo).serve(instance, package)
    click.echo(
        f"{instance.title} scored {served.rows} example rows as it should and is served at "
        f"{served.scoring_uri}"
    )
    set_output("scoring_uri", served.scoring_uri)
    return served.scoring_uri


def _require_variables(kind: Kind, session: Session) -> None:
    """UsageError that names every variable that is missing for the target and the image."""
    wanted = dict(aci.WANTED if kind == "aci" else aks.WANTED)
    if session.configuration.model.image is None:
        wanted |= _WANTED_TO_BUILD | (aci.WANTED_TO_PULL if kind == "aci" else {})
    require(session.environ, wanted)


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
            for arguments in (build_arguments(image, "<context>"), digest_arguments(image))
        ]
    if isinstance(place, aci.AciPlace):
        planned["request"] = aci_plan(instance, place)
    else:
        planned["manifests"] = aks.manifests(instance, place)
    return planned
