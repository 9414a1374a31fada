"""The repository's model in the central model registry: its versions and what is done to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ..errors import FindingError, RemoteError
from ..model.package import METADATA_FILE
from ..utils.yaml_file import read_yaml_mapping
from .client import MissingError, RegistryClient
from .life_cycle import (
    NO_VERSION,
    PREVIOUS_VERSION,
    PROMOTED_AT,
    ROLLED_BACK_FROM,
    LifeCycle,
    StoredVersion,
    Target,
    roles_of,
)
from .logging_run import log_model
from .versions import ModelVersion, select

LOADER = "mloccli.registry.pyfunc_loader"
PACKAGE_HASH = "package_sha256"
_PAGE = 100
_WAIT_SECONDS = 300


class Registry:
    """Opened with ``open_registry``; everything here goes to the CMR and nowhere else."""

    def __init__(self, client: RegistryClient, name: str, life_cycle: LifeCycle) -> None:
        self._client = client
        self._name = name
        self._life_cycle = life_cycle

    @property
    def name(self) -> str:
        """The model's name in the registry."""
        return self._name

    def versions(self) -> list[ModelVersion]:
        """All versions with their roles, the newest first; empty for a model that is new."""
        return self._read()[0]

    def champion(self) -> ModelVersion | None:
        """The version that production uses; ``None`` when there is none."""
        versions, champion = self._read()
        return next((version for version in versions if version.number == champion), None)

    def find(self, selector: str) -> ModelVersion:
        """``candidate``, ``production``, ``previous`` or a number; a finding when there is none."""
        versions, champion = self._read()
        return select(versions, selector, champion)

    def tag(self, version: ModelVersion, tags: Mapping[str, str]) -> None:
        """Set tags of a version; those that are there with the same value are left alone."""
        for name, value in tags.items():
            if version.tags.get(name) != value:
                self._client.set_model_version_tag(self._name, version.number, name, value)

    def untag(self, version: ModelVersion, names: Sequence[str]) -> None:
        """Delete tags of a version; those that are not there are left alone."""
        for name in names:
            if name in version.tags:
                self._client.delete_model_version_tag(self._name, version.number, name)

    def download(self, version: ModelVersion, folder: Path) -> Path:
        """The version's MLflow model directory, downloaded into a folder."""
        import mlflow.artifacts

        client = self._client
        if client.registry_uri.startswith("databricks"):
            source = f"models:/{self._name}/{version.number}"
        else:
            source = client.get_model_version_download_uri(self._name, version.number)
        folder.mkdir(parents=True, exist_ok=True)
        path = Path(
            client.explained(mlflow.artifacts.download_artifacts)(
                artifact_uri=source,
                dst_path=str(folder),
                tracking_uri=client.tracking_uri,
                registry_uri=client.registry_uri,
            )
        )
        if not (path / "MLmodel").is_file():
            raise FindingError(f"What the registry keeps as {version} is no MLflow model.")
        return path

    def package_of(self, folder: Path) -> Path:
        """Our package inside a downloaded MLflow model directory."""
        flavors = read_yaml_mapping(folder / "MLmodel").get("flavors")
        flavor = flavors.get("python_function") if isinstance(flavors, dict) else None
        if not isinstance(flavor, dict) or flavor.get("loader_module") != LOADER:
            raise FindingError(
                f"The MLflow model in {folder} was not registered by this platform.",
                "Register it with `mloccli registry register-external`.",
            )
        package = (folder / str(flavor.get("data"))).resolve()
        if folder.resolve() not in package.parents or not (package / METADATA_FILE).is_file():
            raise FindingError(f"The MLflow model in {folder} holds no package.")
        return package

    def register(
        self, model: Path, tags: Mapping[str, str], metrics: Mapping[str, float]
    ) -> ModelVersion:
        """A version of an MLflow model directory; the same package gives the same version."""
        same = self._registered(tags[PACKAGE_HASH])
        if same is not None:
            self.tag(same, tags)
            return self.find(same.number)
        source, run_id = log_model(self._client, self._name, model, metrics)
        made = self._client.create_model_version(
            self._name, source, run_id, tags=dict(tags), await_creation_for=_WAIT_SECONDS
        )
        return self._ready(str(made.version))

    def mark_candidate(self, version: ModelVersion) -> None:
        """Make it a candidate; a version in production stays what it is."""
        if version.role not in ("production", "previous"):
            self._life_cycle.mark_candidate(self._target, version.number)

    def promote(self, version: ModelVersion) -> None:
        """Put it into production; the champion of before is where a rollback goes.

        Of two promotions at the same time one has its way, and the other one raises.
        """
        before = self._champion_number()
        if before != version.number:
            tags = {PROMOTED_AT: _now(), PREVIOUS_VERSION: before or NO_VERSION}
            self.tag(version, {**tags, ROLLED_BACK_FROM: NO_VERSION})
            previous = before or NO_VERSION
            if self._champion_number() not in (before, version.number):
                raise _overtaken(version)
        else:  # It is there already; what is left of being a candidate ends.
            previous = version.tags.get(PREVIOUS_VERSION, NO_VERSION)
        self._life_cycle.make_champion(self._target, version.number, _number(previous))
        if self._champion_number() != version.number:
            raise _overtaken(version)

    def roll_back(self, version: ModelVersion, champion: ModelVersion) -> None:
        """Put a version that was in production there again, and take the champion out."""
        self.tag(version, {PROMOTED_AT: _now(), ROLLED_BACK_FROM: champion.number})
        previous = _number(version.tags.get(PREVIOUS_VERSION, NO_VERSION))
        self._life_cycle.make_champion(self._target, version.number, previous)
        self._retire(champion.number)

    def retire(self, version: ModelVersion) -> None:
        """Take it out of every role: no candidate, not in production."""
        self._retire(version.number)

    @property
    def _target(self) -> Target:
        return Target(self._client, self._name)

    def _champion_number(self) -> str | None:
        champion = self.champion()
        return champion.number if champion else None

    def _retire(self, number: str) -> None:
        stored = next(item for item in self._stored()[1] if item.number == number)
        self._life_cycle.retire(self._target, stored)

    def _read(self) -> tuple[list[ModelVersion], str | None]:
        found, stored = self._stored()
        roles = roles_of(self._life_cycle, stored)
        versions = [
            ModelVersion(
                self._name,
                item.number,
                roles[item.number],
                item.tags,
                datetime.fromtimestamp(mlflow_version.creation_timestamp / 1000, timezone.utc),
                mlflow_version.status == "READY",
            )
            for mlflow_version, item in zip(found, stored)
        ]
        newest_first = sorted(versions, key=lambda version: int(version.number), reverse=True)
        return newest_first, self._life_cycle.champion(stored)

    def _stored(self) -> tuple[Sequence[Any], list[StoredVersion]]:
        """All versions as MLflow gives them and as the life cycle reads them."""
        try:
            aliases = self._client.get_registered_model(self._name).aliases
        except MissingError:
            return [], []
        found: list[Any] = []
        token: str | None = None
        while True:
            page = self._client.search_model_versions(
                f"name='{self._name}'", max_results=_PAGE, page_token=token
            )
            found += page if not self._is_in_unity_catalog else map(self._whole, page)
            token = page.token
            if not token:
                break
        return found, [_stored(version, aliases) for version in found]

    @property
    def _is_in_unity_catalog(self) -> bool:
        return self._client.registry_uri.startswith("databricks-uc")

    def _whole(self, version: Any) -> Any:
        """Unity Catalog finds versions without their tags."""
        return self._client.get_model_version(self._name, version.version)

    def _registered(self, package_sha256: str) -> ModelVersion | None:
        """The version of that package; what a broken registration left behind is deleted."""
        for version in self.versions():
            if version.tags.get(PACKAGE_HASH) == package_sha256:
                if version.is_ready:
                    return version
                self._client.delete_model_version(self._name, version.number)
        return None

    def _ready(self, number: str) -> ModelVersion:
        version = self.find(number)
        if not version.is_ready:
            raise RemoteError(
                f"The central model registry did not finish {version}; it is no candidate.",
                "Run the command again: it deletes that version and makes a new one.",
            )
        return version


def _stored(version: Any, aliases: Mapping[str, object]) -> StoredVersion:
    number = str(version.version)
    return StoredVersion(
        number,
        version.current_stage or "None",
        tuple(sorted(alias for alias, owner in aliases.items() if str(owner) == number)),
        dict(version.tags),
    )


def _number(text: str) -> str | None:
    return None if text == NO_VERSION else text


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")


def _overtaken(version: ModelVersion) -> FindingError:
    return FindingError(
        f"Another version was promoted while {version} was: it is not in production.",
        "Run `mloccli model gate` and `mloccli registry register` again.",
    )
