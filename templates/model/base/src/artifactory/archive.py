"""One file of a package: the same package always makes the same bytes."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

from ..model.package import METADATA_FILE, package_digest, verify_package

_OLDEST_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_PLAIN_FILE = 0o644 << 16


@dataclass(frozen=True)
class Archive:  # pylint: disable=too-many-instance-attributes
    """A packed package and what proves that it arrived unchanged."""

    path: Path
    model_name: str
    version: str
    git_commit: str
    package_sha256: str
    size: int
    sha256: str
    sha1: str
    md5: str


def pack(package: Path, folder: Path) -> Archive:
    """Pack a package, verified before, into ``folder``.

    Nothing is compressed, because compressed bytes differ between versions of zlib.
    """
    metadata = verify_package(package)
    name, version = str(metadata.get("model_name")), str(metadata.get("version"))
    files = metadata["files"]
    assert isinstance(files, dict)  # verify_package compared each with its hash.
    path = folder / "package.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for member in sorted([METADATA_FILE, *files]):
            _add(archive, package / member, member)
    sha256, sha1, md5 = _digests(path)
    commit, digest = str(metadata.get("git_commit") or ""), package_digest(metadata)
    return Archive(path, name, version, commit, digest, path.stat().st_size, sha256, sha1, md5)


def _add(archive: zipfile.ZipFile, path: Path, member: str) -> None:
    info = zipfile.ZipInfo(member, _OLDEST_TIME)
    info.create_system = _UNIX
    info.external_attr = _PLAIN_FILE
    info.file_size = path.stat().st_size  # Tells zipfile when the member needs 64 bits.
    with path.open("rb") as source, archive.open(info, "w") as target:
        shutil.copyfileobj(source, target, 1 << 20)


def _digests(path: Path) -> tuple[str, str, str]:
    """SHA-256 is the proof; Artifactory indexes the two older ones as well."""
    sha256 = hashlib.sha256()
    sha1 = hashlib.sha1(usedforsecurity=False)
    md5 = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            for digest in (sha256, sha1, md5):
                digest.update(block)
    return sha256.hexdigest(), sha1.hexdigest(), md5.hexdigest()
