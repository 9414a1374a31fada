"""Where batch scoring takes its model from: the central model registry, or a package folder."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..config import Configuration
from ..errors import UsageError
from ..model.package import PackagedModel, open_package

_REGISTERED = re.compile(r"models:/(?P<name>[^/@]+)[/@](?P<version>[^/@]+)")
#: What MLflow calls the versions, and what the tasks of this repository do.
_SELECTORS = {
    "staging": "candidate",
    "challenger": "candidate",
    "champion": "production",
    "previous_champion": "previous",
}


@contextmanager
def open_model(
    source: str, configuration: Configuration, environ: Mapping[str, str]
) -> Iterator[tuple[PackagedModel, str]]:
    """The model and its version: of the registry for ``models:/…``, else of the package."""
    if not source.startswith("models:"):
        with open_package(Path(source)) as model:
            yield model, model.version
        return
    selector = registry_selector(source, configuration.model.model_name)
    with tempfile.TemporaryDirectory(prefix="model-") as temporary:
        package, version = _download(selector, Path(temporary), configuration, environ)
        with open_package(package) as model:
            yield model, version


def registry_selector(source: str, model_name: str) -> str:
    """Which version ``models:/iris/3``, ``…/production`` or ``models:/iris@champion`` is."""
    found = _REGISTERED.fullmatch(source)
    if found is None or found["name"].split(".")[-1] != model_name:
        raise UsageError(
            f"{source!r} names no version of the model {model_name}.",
            f"Write models:/{model_name}/3, models:/{model_name}/production, or the folder of a "
            "package.",
        )
    version = found["version"].lower()
    return _SELECTORS.get(version, version)


def _download(
    selector: str, folder: Path, configuration: Configuration, environ: Mapping[str, str]
) -> tuple[Path, str]:
    from ..registry.connection import open_registry

    with open_registry(configuration, environ) as registry:
        version = registry.find(selector)
        model = registry.download(version, folder)
        return registry.package_of(model), version.number
