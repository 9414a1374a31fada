"""Uploading a file to Artifactory: verified, repeatable, and never over another file."""

from __future__ import annotations

from typing import Any

from ..errors import FindingError, RemoteError
from ..utils.http import Request, send
from ..utils.variables import Secret
from .archive import Archive
from .destination import PACKAGE_PROPERTY, Destination

_SERVICE = "Artifactory"


def upload(archive: Archive, destination: Destination, token: Secret) -> bool:
    """Have Artifactory hold exactly this file there; whether it had to be sent."""
    stored = stored_sha256(destination, token)
    if stored == archive.sha256:
        return False
    if stored is not None and _stored_package(destination, token) == archive.package_sha256:
        return False  # The same package, packaged again.
    if stored is not None:
        raise FindingError(
            f"{destination.says} holds another package already: its SHA-256 is {stored}, "
            f"this package's is {archive.sha256}.",
            "A version is never overwritten. Make a new version with a new pipeline run.",
        )
    _put(archive, destination, token)
    stored = stored_sha256(destination, token)
    if stored != archive.sha256:
        raise RemoteError(
            f"{destination.says} is not what was uploaded: its SHA-256 is "
            f"{stored or 'unknown, as the file is not there'}, sent was {archive.sha256}.",
            "Do not use that file. Have it deleted in Artifactory, and upload it again.",
        )
    return True


def stored_sha256(destination: Destination, token: Secret) -> str | None:
    """The checksum that Artifactory computed itself; ``None`` when there is no such file."""
    answer = send(
        Request("GET", destination.info_url, _SERVICE, token=token, accepted=frozenset({404}))
    )
    if answer.status == 404:
        return None
    content: Any = answer.json()
    checksums = content.get("checksums") if isinstance(content, dict) else None
    sha256 = checksums.get("sha256") if isinstance(checksums, dict) else None
    if not isinstance(sha256, str) or not sha256:
        raise RemoteError(
            f"{_SERVICE} does not tell the SHA-256 of {destination.says}.",
            "Check that ARTIFACTORY_URL ends with /artifactory, and that the path is a file.",
        )
    return sha256.lower()


def _stored_package(destination: Destination, token: Secret) -> str | None:
    """The package in the file that is there, as its property says."""
    url = f"{destination.info_url}?properties={PACKAGE_PROPERTY}"
    answer = send(Request("GET", url, _SERVICE, token=token, accepted=frozenset({404})))
    content: Any = answer.json() if answer.status != 404 else None
    properties = content.get("properties") if isinstance(content, dict) else None
    values = properties.get(PACKAGE_PROPERTY) if isinstance(properties, dict) else None
    return str(values[0]) if isinstance(values, list) and values else None


def upload_headers(archive: Archive) -> dict[str, str]:
    """The checksums, so that Artifactory itself refuses a file that was damaged on the way."""
    return {
        "Content-Type": "application/zip",
        "X-Checksum-Sha256": archive.sha256,
        "X-Checksum-Sha1": archive.sha1,
        "X-Checksum-Md5": archive.md5,
    }


def _put(archive: Archive, destination: Destination, token: Secret) -> None:
    with archive.path.open("rb") as file:
        request = Request(
            "PUT",
            destination.upload_url,
            _SERVICE,
            token=token,
            data=file,
            headers=upload_headers(archive),
        )
        try:
            send(request)
        except RemoteError as error:
            if _has_arrived(archive, destination, token):
                return  # Only the answer was lost.
            raise RemoteError(
                f"{destination.says} was not uploaded. {error.message}", error.hint
            ) from error


def _has_arrived(archive: Archive, destination: Destination, token: Secret) -> bool:
    try:
        return stored_sha256(destination, token) == archive.sha256
    except RemoteError:
        return False
