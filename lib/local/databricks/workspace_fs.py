"""Files of DBFS, in a folder of this machine."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any


class Files:
    """What dbutils.fs does. `file:/…` is this machine itself."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def _place(self, path: str) -> Path:
        if path.startswith("file:"):
            return Path("/" + path.removeprefix("file:").lstrip("/"))
        parts = path.removeprefix("dbfs:").strip("/").split("/")
        if ".." in parts:
            raise ValueError(f"{path} leads out of DBFS.")
        return self._root.joinpath(*parts)

    def ls(self, path: str) -> list[Any]:
        """What is in a folder."""
        folder = self._place(path)
        return [
            SimpleNamespace(
                path=f"{path.rstrip('/')}/{entry.name}{'/' if entry.is_dir() else ''}",
                name=f"{entry.name}{'/' if entry.is_dir() else ''}",
                size=0 if entry.is_dir() else entry.stat().st_size,
                isDir=entry.is_dir,
                isFile=entry.is_file,
            )
            for entry in sorted(folder.iterdir())
        ]

    def mkdirs(self, path: str) -> bool:
        """Makes a folder and those above it."""
        self._place(path).mkdir(parents=True, exist_ok=True)
        return True

    def put(self, file: str, contents: str, overwrite: bool = False) -> bool:
        """Writes a text."""
        place = self._place(file)
        if place.exists() and not overwrite:
            raise FileExistsError(f"{file} already exists.")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(contents, encoding="utf-8")
        return True

    def head(self, file: str, maxBytes: int = 65536) -> str:
        """The beginning of a text."""
        with self._place(file).open("rb") as stream:
            return stream.read(maxBytes).decode("utf-8", errors="replace")

    def cp(self, source: str, target: str, recurse: bool = False) -> bool:
        """Copies a file, or a folder."""
        start, end = self._place(source), self._place(target)
        end.parent.mkdir(parents=True, exist_ok=True)
        if start.is_dir() and recurse:
            shutil.copytree(start, end, dirs_exist_ok=True)
        else:
            shutil.copy(start, end)
        return True

    def mv(self, source: str, target: str, recurse: bool = False) -> bool:
        """Moves a file, or a folder."""
        self.cp(source, target, recurse)
        return self.rm(source, recurse)

    def rm(self, path: str, recurse: bool = False) -> bool:
        """Removes a file, or a folder; answers whether there was something."""
        place = self._place(path)
        if not place.exists():
            return False
        if not place.is_dir():
            place.unlink()
        elif recurse:
            shutil.rmtree(place)
        else:
            place.rmdir()
        return True
