"""Where a package belongs in Artifactory, and what is known of it there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from ..errors import UsageError
from .archive import Archive

#: The property that tells a package from another one, whenever it was packaged.
PACKAGE_PROPERTY = "package.sha256"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")


@dataclass(frozen=True)
class Destination:
    """One file in a repository of Artifactory."""

    base_url: str
    repository: str
    path: str
    properties: Mapping[str, str] = field(default_factory=dict)

    @property
    def upload_url(self) -> str:
        """Where the file is sent; its properties follow as parameters of the path."""
        parameters = "".join(
            f";{quote(name, safe='')}={quote(value, safe='')}"
            for name, value in self.properties.items()
        )
        return f"{self.base_url}/{self.repository}/{self.path}{parameters}"

    @property
    def info_url(self) -> str:
        """Where Artifactory tells what it holds there."""
        return f"{self.base_url}/api/storage/{self.repository}/{self.path}"

    @property
    def says(self) -> str:
        """The place as people write it."""
        return f"{self.repository}/{self.path}"


def destination_of(
    archive: Archive, base_url: str, repository: str, properties: Mapping[str, str | None]
) -> Destination:
    """The place of this version of the model; unknown properties are left out."""
    names = {
        "ARTIFACTORY_REPOSITORY_MODEL": repository,
        "the model's name": archive.model_name,
        "the package's version": archive.version,
    }
    problems = [f"{what} is {name!r}" for what, name in names.items() if not _NAME.fullmatch(name)]
    if problems:
        raise UsageError(
            f"Artifactory takes no such name in a path: {'; '.join(problems)}.",
            "Use letters, digits, dots, hyphens, underscores and plus signs.",
        )
    return Destination(
        base_url.rstrip("/"),
        repository,
        f"{archive.model_name}/{archive.version}/{archive.model_name}-{archive.version}.zip",
        {
            PACKAGE_PROPERTY: archive.package_sha256,
            **{name: value for name, value in properties.items() if value},
        },
    )
