"""The image of a version: MLflow's own Dockerfile, built inside Azure Container Registry.

The agent needs no Docker. An image is tagged ``<model>:<version>-<commit>`` and then named by the
digest that the registry gave it, so that what was tested is what runs, here and after a roll-back.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import RemoteError, UsageError
from .instance import INVOCATIONS, PING, PORT, dns_label
from .programs import Program, without_secrets

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_REGISTRY = re.compile(r"[A-Za-z0-9]{5,50}")
_MODEL_IN_IMAGE = "/opt/ml/model"
_USER = "10001:10001"

#: MLflow's image serves as root behind nginx; as an ordinary user the server answers by itself.
_AS_ORDINARY_USER = f"""
# Serve as an ordinary user who writes to /tmp only; {PING} and {INVOCATIONS} answer on port {PORT}.
RUN chmod -R a+rX {_MODEL_IN_IMAGE}
ENV HOME=/tmp MLFLOW_DISABLE_TELEMETRY=true PYTHONDONTWRITEBYTECODE=1
WORKDIR /tmp
USER {_USER}
EXPOSE {PORT}
ENTRYPOINT ["mlflow", "models", "serve", "--model-uri", "{_MODEL_IN_IMAGE}", \
"--host", "0.0.0.0", "--port", "{PORT}", "--env-manager", "local"]
"""


@dataclass(frozen=True)
class ImageName:
    """An image in a container registry of Azure, before it has a digest."""

    registry: str
    repository: str
    tag: str

    @property
    def server(self) -> str:
        """The address of the registry."""
        return registry_server(self.registry)

    @property
    def tagged(self) -> str:
        """The full name, by tag."""
        return f"{self.server}/{self.repository}:{self.tag}"

    def pinned(self, digest: str) -> str:
        """The full name, by digest."""
        return f"{self.server}/{self.repository}@{digest}"


def image_name(registry: str, model: str, version: str, git_commit: str) -> ImageName:
    """The name of a version's image; the first seven characters of the commit are in its tag."""
    if not _REGISTRY.fullmatch(registry):
        raise UsageError(
            f"ACR_NAME is {registry!r}, which cannot be the name of a container registry.",
            "Write its name alone, without .azurecr.io.",
        )
    commit = re.sub(r"[^0-9a-z]", "", git_commit.lower())[:7] or "unknown"
    return ImageName(registry, dns_label(model), f"{dns_label(version)}-{commit}")


def registry_server(registry: str) -> str:
    """The address of a container registry of that name."""
    return f"{registry.lower()}.azurecr.io"


def azure_program(environ: Mapping[str, str]) -> Program:
    """The Azure CLI."""
    hint = "Install the Azure CLI; agents of Azure Pipelines sign it in with the task AzureCLI@2."
    return Program("az", environ, hint)


def dockerfile_arguments(model: Path, context: Path) -> list[str]:
    """What writes the Dockerfile and copies the model beside it."""
    return [
        *("models", "generate-dockerfile"),
        *("--model-uri", str(model), "--output-directory", str(context)),
        *("--env-manager", "local"),
    ]


def build_arguments(image: ImageName, context: str) -> list[str]:
    """What sends the folder to the registry and builds the image there."""
    return [
        *("acr", "build", "--registry", image.registry),
        *("--image", f"{image.repository}:{image.tag}"),
        *("--platform", "linux/amd64", context),
    ]


def digest_arguments(image: ImageName) -> list[str]:
    """What asks the registry for the digest of the image."""
    return [
        *("acr", "repository", "show", "--name", image.registry),
        *("--image", f"{image.repository}:{image.tag}"),
        *("--query", "digest", "--output", "tsv"),
    ]


def make_image(image: ImageName, model: Path, environ: Mapping[str, str]) -> str:
    """Build the image of a downloaded model in the registry, and return its name by digest."""
    azure_program(environ).command([])  # Without the Azure CLI nothing is begun.
    with tempfile.TemporaryDirectory(prefix="image-") as folder:
        context = Path(folder) / "context"
        write_context(model, context, environ)
        return build_image(image, context, environ)


def build_image(image: ImageName, context: Path, environ: Mapping[str, str]) -> str:
    """Build the image of a folder with a Dockerfile in the registry, and read back its digest."""
    azure = azure_program(environ)
    azure.show(build_arguments(image, str(context)))
    digest = azure.run(digest_arguments(image)).strip()
    if not _DIGEST.fullmatch(digest):
        raise RemoteError(
            f"The registry {image.server} named no digest for {image.repository}:{image.tag}.",
            "Look at the image in the registry, and run the command again.",
        )
    return image.pinned(digest)


def write_context(model: Path, context: Path, environ: Mapping[str, str]) -> None:
    """The folder that the image is built of: the model and its Dockerfile."""
    quiet = {**without_secrets(environ), "MLFLOW_DISABLE_TELEMETRY": "true"}
    mlflow = Program(sys.executable, quiet, "Install Python.", ("-m", "mlflow"))
    mlflow.run(dockerfile_arguments(model, context), timeout_seconds=600)
    dockerfile = context / "Dockerfile"
    if not dockerfile.is_file():
        raise RemoteError("MLflow wrote no Dockerfile.", "Check the version of mlflow.")
    text = dockerfile.read_text(encoding="utf-8")
    if _MODEL_IN_IMAGE not in text:
        raise RemoteError(
            f"MLflow's Dockerfile does not put the model in {_MODEL_IN_IMAGE}.",
            "Use a version of mlflow that this repository was tested with.",
        )
    dockerfile.write_text(text + _AS_ORDINARY_USER, encoding="utf-8")
