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
from watcher.importing.job import ImportedJob, JobList
from watcher.importing.watches import Defaults, convert, table

MOST_BYTES = 50_000_000  # of all files read from an archive, unpacked
_MOST_MEMBERS = 200_000
_MOST_WATCHES = 50_000
_INDEX, _SETTINGS = "url-watches.json", "changedetection.json"  # the index is older: it stays where both are


def read_archive(path: Path) -> JobList:
    """The watches in a backup. Raises UsageError when it is none, is damaged, or unpacks to too much."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _read_tree(_Members(archive).tree())
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise UsageError(f"this archive is damaged, encrypted or cut off: {error}") from None


def read_json(text: str) -> JobList | None:
    """The watches in url-watches.json; None when it is another document. Raises UsageError for settings alone."""
    tree = _parse(text, "this file")
    if not isinstance(tree, Mapping) or not isinstance(tree.get("watching", {}), Mapping | list):
        return None
    if "watching" not in tree and "settings" in tree:
        raise UsageError(
            f"this file has no watch: {_SETTINGS} has only settings; import the backup (Settings, Backups)"
        )
    return _read_tree(tree) if "watching" in tree else None


def _read_tree(tree: Mapping[str, Any]) -> JobList:
    watching = tree.get("watching")
    watches = watching if isinstance(watching, Mapping) else dict(enumerate(watching or ()))  # the first versions' list
    if len(watches) > _MOST_WATCHES:
        raise UsageError(f"this backup has more than {_MOST_WATCHES:,} watches".replace(",", " "))
    defaults = Defaults.of(tree.get("settings"))
    jobs = [convert(number, watch, defaults) for number, watch in enumerate(watches.values(), 1)]
    return JobList("changedetection.io", jobs or [ImportedJob("the backup", left="it has no watch")])


def _parse(text: str | bytes, where: str) -> Any:
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
        names = sorted((info.filename for info in infos), key=len)
        for index in (_SETTINGS, _INDEX):
            found = next((name for name in names if name == index or name.endswith(f"/{index}")), None)
            if found is not None:
                folder = found.removesuffix(index)  # of an archive that somebody made of the whole folder
                files = {info.filename.removeprefix(folder): info for info in infos}
                return self._whole(files) if index == _SETTINGS else self._object(files[index])
        raise UsageError(f"this archive is not a backup of changedetection.io: it has neither {_INDEX} nor {_SETTINGS}")

    def _whole(self, files: Mapping[str, zipfile.ZipInfo]) -> Mapping[str, Any]:
        """Settings, groups and watches, which have a file each."""
        settings = table(self._object(files[_SETTINGS]), "settings")
        application = table(settings, "application")
        groups = {**table(application, "tags"), **dict(self._each(files, "tag.json"))}
        watches = dict(self._each(files, "watch.json"))
        return {"watching": watches, "settings": {**settings, "application": {**application, "tags": groups}}}

    def _each(self, files: Mapping[str, zipfile.ZipInfo], wanted: str) -> Iterator[tuple[str, Any]]:
        for name, info in files.items():
            folder, _, file = name.partition("/")
            if file == wanted:
                yield folder, self.read(info)

    def _object(self, info: zipfile.ZipInfo) -> Mapping[str, Any]:
        tree = self.read(info)
        return tree if isinstance(tree, Mapping) else {}

    def read(self, info: zipfile.ZipInfo) -> Any:
        """A member's JSON. What it declares as its size is checked before, and what comes while it is read."""
        if info.file_size > self.left:
            raise UsageError(f"{info.filename} in this archive is larger than {MOST_BYTES // 1_000_000} MB")
        with self.archive.open(info) as file:
            content = file.read(self.left + 1)
        self.left -= len(content)
        if self.left < 0:
            raise UsageError(f"this archive unpacks to more than {MOST_BYTES // 1_000_000} MB")
        return _parse(content, info.filename)
