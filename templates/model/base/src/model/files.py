"""Files of candidates and packages: hashes, JSON, and folders that appear all at once."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import FindingError, UsageError


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, as hexadecimal text."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def sha256_of_all(path: Path) -> str:
    """The SHA-256 of a file, or of the names and contents of all files in a folder."""
    if path.is_file():
        return sha256_of(path)
    digest = hashlib.sha256()
    for file in sorted(path.rglob("*")):
        if file.is_file():
            digest.update(f"{file.relative_to(path).as_posix()}\0{sha256_of(file)}\n".encode())
    return digest.hexdigest()


def write_json(path: Path, content: object) -> None:
    """Write readable JSON; NaN is refused, because it is not JSON."""
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(f"{text}\n", encoding="utf-8")


def read_json_object(path: Path) -> dict[str, object]:
    """The object in a JSON file; anything else is a finding that names the file."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise FindingError(f"{path} cannot be read as JSON: {error}.") from error
    if not isinstance(content, dict):
        raise FindingError(f"{path} does not hold a JSON object.")
    return content


@contextmanager
def replaced_folder(folder: Path, marker: str) -> Iterator[Path]:
    """A new folder that takes the place of the old one when the block ends without an error.

    A folder without the marker file is somebody else's and is never replaced.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / marker).is_file():
        raise UsageError(
            f"{folder} holds files that this command did not make.",
            "Name another folder, or empty it first.",
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield temporary
        shutil.rmtree(folder, ignore_errors=True)
        temporary.chmod(0o755)
        temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
