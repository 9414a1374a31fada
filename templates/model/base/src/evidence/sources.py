"""What is known of a packaged model: from its package, its evaluation and the central registry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import Configuration
from ..errors import FindingError
from ..model.candidate import EVALUATION_FILE
from ..model.files import read_json_object, sha256_of
from ..model.package import METADATA_FILE, verify_package

if TYPE_CHECKING:
    from ..registry.versions import ModelVersion

_GATE_FILE = "gate.json"


@dataclass(frozen=True)
class Evidence:
    """Everything about one packaged model; what is not known is empty or ``None``."""

    metadata: Mapping[str, object]
    evaluation: Mapping[str, object]
    gate: Mapping[str, object]
    version: ModelVersion | None = None

    @property
    def model_sha256(self) -> str:
        """The hash of the model file itself."""
        return _model_sha256(self.metadata)

    @property
    def tags(self) -> Mapping[str, str]:
        """The tags of the registered version; none without one."""
        return {} if self.version is None else self.version.tags


def collect(
    configuration: Configuration, package: Path, candidate: Path, version: ModelVersion | None
) -> Evidence:
    """The evidence for a package; what is about another model is a finding, not evidence."""
    metadata = verify_package(package)
    _require_same(
        "The package's model", metadata.get("model_name"), configuration.model.model_name
    )
    digest = _model_sha256(metadata)
    evaluation = _optional(candidate / EVALUATION_FILE, digest)
    gate = _optional(candidate / _GATE_FILE, digest)
    if version is not None:
        commit = version.tags.get("git_commit")
        if commit:
            _require_same(f"The commit of {version}", commit, metadata.get("git_commit"))
    return Evidence(metadata, evaluation, gate, version)


def find_version(
    configuration: Configuration, package: Path, selector: str | None, environ: Mapping[str, str]
) -> ModelVersion | None:
    """The registered version that was asked for, or else the one that is this very package."""
    from ..registry.connection import is_configured, open_registry
    from ..registry.model_registry import PACKAGE_HASH

    if selector is None and not is_configured(environ):
        return None
    with open_registry(configuration, environ) as registry:
        if selector is not None:
            return registry.find(selector)
        digest = sha256_of(package / METADATA_FILE)
        same = (item for item in registry.versions() if item.tags.get(PACKAGE_HASH) == digest)
        return next(same, None)


def _optional(path: Path, digest: str) -> dict[str, object]:
    """A record about the model with this hash; empty when nobody wrote one."""
    if not path.is_file():
        return {}
    content = read_json_object(path)
    _require_same(f"The model of {path.name}", content.get("model_sha256"), digest)
    return content


def _model_sha256(metadata: Mapping[str, object]) -> str:
    files = metadata.get("files")
    return str(files.get(metadata.get("model_file"))) if isinstance(files, dict) else ""


def _require_same(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise FindingError(
            f"{what} is {found!r}, which is not that of the package: {expected!r}.",
            "Name the package, the candidate and the version that belong together.",
        )
