"""The backup of changedetection.io: a .zip file, or its url-watches.json."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from watcher.errors import UsageError
from watcher.importing.job import Found, Job
from watcher.importing.lists.watch import Defaults, convert

MOST_BYTES = 50_000_000  # of all files read from an archive, unpacked
_MOST_MEMBERS = 200_000
_MOST_WATCHES = 50_000
_INDEX, _SETTINGS = "url-watches.json", "changedetection.json"


def in_archive(path: Path) -> Found:
    """The watches in a backup. Raises UsageError when it is none, is damaged, or unpacks to too much."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _found(_Members(archive).tree())
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise UsageError(f"this archive is damaged, encrypted or cut off: {error}") from None


def in_json(text: str) -> Found | None:
    """The watches in url-watches.json; None when it is another document."""
    tree = _parsed(text, "this file")
    return _found(tree) if isinstance(tree, Mapping) and isinstance(tree.get("watching"), Mapping) else None


def _found(tree: Mapping[str, Any]) -> Found:
    watching = tree.get("watching")
    watches = watching if isinstance(watching, Mapping) else {}
    if len(watches) > _MOST_WATCHES:
        raise UsageError(f"this backup has more than {_MOST_WATCHES:,} watches".replace(",", " "))
    defaults = Defaults.of(tree.get("settings"))
    jobs = [convert(number, watch, defaults) for number, watch in enumerate(watches.values(), 1)]
    return Found("changedetection.io", jobs or [Job("the backup", left="it has no watch")])


def _parsed(text: str | bytes, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where} is not JSON: {error}") from None


@dataclass(slots=True)
class _Members:
    """Reads members of an archive, up to a limit for all of them together."""

    archive: zipfile.ZipFile
    left: int = MOST_BYTES

    def tree(self) -> Mapping[str, Any]:
        """The backup as one document: of one index, or of a file for each watch. Raises UsageError."""
        infos = self.archive.infolist()
        if len(infos) > _MOST_MEMBERS:
            raise UsageError(f"this archive has more than {_MOST_MEMBERS:,} files".replace(",", " "))
        files = {info.filename: info for info in infos}
        if _INDEX in files:
            tree = self.read(files[_INDEX])
            return tree if isinstance(tree, Mapping) else {}
        if _SETTINGS not in files:
            raise UsageError(
                f"this archive is no backup of changedetection.io: it has neither {_INDEX} nor {_SETTINGS}"
            )
        settings = self.read(files[_SETTINGS])
        watches = dict(self._each(files))
        return {"watching": watches, "settings": settings.get("settings") if isinstance(settings, Mapping) else None}

    def _each(self, files: Mapping[str, zipfile.ZipInfo]) -> Iterator[tuple[str, Any]]:
        for name, info in files.items():
            folder, _, file = name.partition("/")
            if file == "watch.json":
                yield folder, self.read(info)

    def read(self, info: zipfile.ZipInfo) -> Any:
        """A member's JSON. What it declares as its size is checked before, and what comes while it is read."""
        if info.file_size > self.left:
            raise UsageError(f"{info.filename} in this archive is larger than {MOST_BYTES // 1_000_000} MB")
        with self.archive.open(info) as file:
            content = file.read(self.left + 1)
        self.left -= len(content)
        if self.left < 0:
            raise UsageError(f"this archive unpacks to more than {MOST_BYTES // 1_000_000} MB")
        return _parsed(content, info.filename)
