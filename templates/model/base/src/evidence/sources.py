"""What is known of a packaged model: from its package, the gate and the central registry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import Configuration
from ..errors import FindingError
from ..model.candidate import GATE_FILE
from ..model.files import read_json_object
from ..model.package import package_digest, verify_package

if TYPE_CHECKING:
    from ..registry.versions import ModelVersion


@dataclass(frozen=True)
class Evidence:
    """Everything about one packaged model; what is not known is empty or ``None``."""

    metadata: Mapping[str, object]
    gate: Mapping[str, object]
    version: ModelVersion | None = None

    @property
    def tags(self) -> Mapping[str, str]:
        """The tags of the registered version; none without one."""
        return {} if self.version is None else self.version.tags


def collect(
    configuration: Configuration, package: Path, candidate: Path, version: ModelVersion | None
) -> Evidence:
    """The evidence for a package; what is about another model is a finding, not evidence."""
    from ..registry.model_registry import PACKAGE_HASH

    metadata = verify_package(package)
    name = configuration.model.model_name
    _require_same("The package's model", metadata.get("model_name"), name)
    gate = _gate_of(candidate, metadata)
    if version is not None:
        found = version.tags.get(PACKAGE_HASH)
        _require_same(f"The package of {version}", found, package_digest(metadata))
    return Evidence(metadata, gate, version)


def find_version(
    configuration: Configuration, package: Path, selector: str | None, environ: Mapping[str, str]
) -> ModelVersion | None:
    """The registered version that was asked for, or else the one that is this very package."""
    from ..registry.connection import is_configured, open_registry
    from ..registry.model_registry import PACKAGE_HASH

    if selector is None and not is_configured(environ):
        return None
    digest = package_digest(verify_package(package))
    with open_registry(configuration, environ) as registry:
        if selector is not None:
            return registry.find(selector)
        same = (item for item in registry.versions() if item.tags.get(PACKAGE_HASH) == digest)
        return next(same, None)


def _gate_of(candidate: Path, metadata: Mapping[str, object]) -> dict[str, object]:
    """What the gate recorded about this model; empty when it recorded nothing."""
    if not (candidate / GATE_FILE).is_file():
        return {}
    gate = read_json_object(candidate / GATE_FILE)
    _require_same("The model of the gate", gate.get("model_sha256"), metadata.get("model_sha256"))
    return gate


def _require_same(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise FindingError(
            f"{what} is {found!r}, not {expected!r}.",
            "Name the package, the candidate and the version that belong together.",
        )
