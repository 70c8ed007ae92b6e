"""Reads a folder or .zip from a stranger as hostile input: sizes, names and links are checked before any content.

Nothing is unpacked to disk, and no file is loaded whole: readers get a stream.
"""

from __future__ import annotations

import errno
import io
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from state.evidence.chain import MOST_FILES
from watcher.errors import UsageError

MOST_RATIO = 20  # most bytes unpacked for each byte of a .zip: a chain shrinks to a third, a WARC file hardly at all
_ROOM = 1_000_000  # bytes allowed in addition, for small .zip files
_LARGEST_INDEX = 4_000_000  # bytes of a .zip's directory
_DEEPEST = 8  # most folders above a file in a .zip
_LONGEST_NAME = 255
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # other methods may need gigabytes of memory
_ENCRYPTED = 1


@dataclass(frozen=True, slots=True)
class GivenFiles:
    """The files by name. `open` returns a stream, or None if there is no such file that can be read. Of a file that is
    not `wanted`, no more is read than it should have.
    """

    names: Collection[str]
    open: Callable[[str], BinaryIO | None]


@contextmanager
def open_given(path: Path, wanted: Callable[[str], bool]) -> Iterator[GivenFiles]:
    """The files in a folder or .zip, and what else is there by its name; `wanted` are those that are read whole.

    Raises UsageError if it is neither, is damaged, or exceeds a limit.
    """
    try:
        if path.is_dir():
            yield _folder(path, wanted)
        elif zipfile.is_zipfile(path):
            with _Sparing(path) as file, zipfile.ZipFile(file) as packed:
                yield _zip(path, packed, wanted)
        else:
            raise UsageError(f"{path}: is neither a folder nor a .zip")
    except OSError as error:
        raise UsageError(f"{path}: it cannot be read: {error.strerror or error}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise UsageError(f"{path}: the .zip is damaged, or not one that is read here: {error}") from error


def plain_file(file: Path) -> BinaryIO | None:
    """Open a regular file for reading; None if there is none, or a link or device in its place. Raises OSError."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in {errno.ENOENT, errno.ELOOP}:
            return None
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        return None
    return os.fdopen(handle, "rb")


def _folder(path: Path, wanted: Callable[[str], bool]) -> GivenFiles:
    names = list[str]()
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.is_symlink() and wanted(entry.name):
                raise UsageError(f"{path}: {entry.name} is a link, which is not followed: put the file itself there")
            names.append(entry.name)
            if len(names) > MOST_FILES:
                raise UsageError(f"{path}: there are more than {MOST_FILES:,} files in it")
    there = dict.fromkeys(sorted(names))
    return GivenFiles(there, lambda name: plain_file(path / name) if name in there else None)


def _zip(path: Path, packed: zipfile.ZipFile, wanted: Callable[[str], bool]) -> GivenFiles:
    inside = _by_name(path, packed, wanted)
    weighed = {name: info for name, info in inside.items() if wanted(name)}
    for name, info in weighed.items():
        if info.flag_bits & _ENCRYPTED:
            raise UsageError(f"{path}: {name} is encrypted")
        if info.compress_type not in _PACKED:
            raise UsageError(f"{path}: {name} is packed in a way that is not read here: pack it anew")
    size = sum(info.file_size for info in weighed.values())
    if size > path.stat().st_size * MOST_RATIO + _ROOM:
        raise UsageError(f"{path}: it would unpack to {size:,} bytes, more than {MOST_RATIO} times its size")

    plain = {name: info for name, info in inside.items() if not info.flag_bits & _ENCRYPTED}
    readable = {name: info for name, info in plain.items() if info.compress_type in _PACKED}

    def open_one(name: str) -> BinaryIO | None:
        return cast("BinaryIO", packed.open(readable[name])) if name in readable else None

    return GivenFiles(inside, open_one)


def _by_name(path: Path, packed: zipfile.ZipFile, wanted: Callable[[str], bool]) -> Mapping[str, zipfile.ZipInfo]:
    """The files in a .zip by their names without folders. Raises UsageError for names that no proof has."""
    infos = packed.infolist()
    if len(infos) > MOST_FILES:
        raise UsageError(f"{path}: there are more than {MOST_FILES:,} files in it")
    if min((info.header_offset for info in infos), default=0):  # what reads from the front would see other files
        raise UsageError(f"{path}: bytes stand before its first file: pack it anew")
    inside = dict[str, zipfile.ZipInfo]()
    for info in infos:
        where = PurePosixPath(info.filename)
        long = len(where.parts) > _DEEPEST or any(len(part) > _LONGEST_NAME for part in where.parts)
        if long or where.is_absolute() or ".." in where.parts:
            raise UsageError(f"{path}: it holds a file that would lie elsewhere, or too deep: {info.filename[:80]!r}")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise UsageError(f"{path}: {info.filename} is a link, which is not followed")
        if inside.get(where.name) and wanted(where.name):
            raise UsageError(f"{path}: there are two files {where.name} in it")
        if not info.is_dir():
            inside[info.filename if where.name in inside else where.name] = info
    return inside


class _Sparing(io.FileIO):
    """A .zip file that limits the size of its directory, which zipfile would read at once."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Like the base class. Raises UsageError if the directory is too large."""
        size = -1 if size is None else size
        if size > _LARGEST_INDEX:
            raise UsageError(f"{self.name}: its directory is larger than {_LARGEST_INDEX:,} bytes")
        return super().read(_LARGEST_INDEX if size < 0 else size) or b""
