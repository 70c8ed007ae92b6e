"""The file in a body: the body itself, a member of a ZIP archive, or the content of a gzip or Zstandard file.

A file is read as a stream, as often as needed, one piece in memory at a time; one that unpacks to more than the limit
is refused before or while it is read.
"""

import gzip
import io
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import IO, Any

from sources.errors import BadDocument, NotFound, WrongContent
from sources.formats.decode import find_encoding
from sources.formats.download import Download, FileBody
from sources.formats.unpack import too_large
from sources.text import listing

MOST_BYTES = 500_000_000  # unpacked, unless the source sets `max_bytes`; it is read in pieces
_PIECE = 1 << 18
_SAMPLES = 8  # pieces with bytes that are not ASCII: as many suffice to detect the encoding
_ZIP, _GZIP, _ZSTD = (b"PK\x03\x04", b"PK\x05\x06"), b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_TEXTS = (".csv", ".tsv", ".txt", ".xml")  # preferred members, in an archive that also has a read-me


@dataclass(frozen=True)
class Content:
    """A readable file: `where` names it in messages, `open` returns a new stream from its first byte. `is_ascii` says
    that all its bytes are known to be ASCII.
    """

    where: str
    open: Callable[[], IO[bytes]]
    page: Download
    is_ascii: bool = False

    @contextmanager
    def stream(self) -> Iterator[IO[bytes]]:
        """The bytes. Raises BadDocument when the compressed data is damaged."""
        with translate_damage(self.where), self.open() as stream:
            yield stream

    @contextmanager
    def text(self) -> Iterator[io.TextIOWrapper]:
        """The text, as `Page.text` would be, with its own line ends."""
        encoding, skipped = self.encoding
        with self.stream() as stream:
            stream.read(skipped)
            yield io.TextIOWrapper(stream, encoding, "replace", newline="")

    @cached_property
    def encoding(self) -> tuple[str, int]:
        """Python's name of the encoding, and the length of the byte order mark."""
        kind = self.page.headers.get("content-type", "") if self.where == self.page.url else ""
        with self.stream() as stream:
            sample = [stream.read(_PIECE)]  # the beginning, and the first pieces that have bytes other than ASCII
            left = 0 if self.is_ascii else _SAMPLES - (not sample[0].isascii())
            while left and (piece := stream.read(_PIECE)):
                if not piece.isascii():
                    left -= 1
                    sample.append(piece)
        return find_encoding(b"".join(sample), kind, self.page.encoding)

    def begins(self, size: int = 4096) -> bytes:
        """The first bytes."""
        with self.stream() as stream:
            return stream.read(size)


def open_content(page: Download, member: str | None = None, limit: int | None = None) -> Content:
    """The file in the page's body: for a ZIP archive its `member` (a name or a glob), else the body, unpacked if it is
    gzip or Zstandard.

    Raises NotFound, which lists the members, when none or several match; BadDocument for a damaged archive; TooLarge.
    """
    most, begins = max(limit or MOST_BYTES, len(page.content)), page.content[:4]
    if begins.startswith(_ZIP):
        return _zip_member(page, member, most)
    if member:
        raise NotFound(f"{page.url} is no ZIP archive, so it has no member {member!r}")
    if begins.startswith((_GZIP, _ZSTD)):
        return Content(page.url, lambda: io.BufferedReader(_Limited(_open_packed(page), page.url, most)), page)
    return open_plain(page)


def open_plain(page: Download) -> Content:
    """The body itself, as a file."""
    is_ascii = isinstance(page.content, FileBody) and page.content.is_ascii
    return Content(page.url, page.open, page, is_ascii)


def _zip_member(page: Download, member: str | None, limit: int) -> Content:
    with translate_damage(page.url), zipfile.ZipFile(page.open()) as archive:
        files = files_in(archive)
    if not member and any(info.filename == "[Content_Types].xml" for info in files):
        raise WrongContent(f"{page.url} is an Office document; the kind xlsx reads workbooks")
    found = files
    if member:
        found = [info for info in files if info.filename == member or fnmatchcase(info.filename, member)]
    elif len(files) > 1:
        found = [info for info in files if info.filename.lower().endswith(_TEXTS)]
    if len(found) != 1:
        what = "several members that could be meant" if found else f"no member {member!r}" if member else "no such file"
        shown = listing((info.filename for info in files), most=20)
        why = f"{what} (option member: a name, or a glob); its members are {shown}"
        raise NotFound(f"the archive {page.url} has {why}")
    info = found[0]
    where = f"{info.filename} in {page.url}"
    if info.file_size > limit:
        raise too_large(limit, where)

    def begin() -> IO[bytes]:
        # zipfile reads no further than the declared size, which was checked, and reports a wrong one as damage.
        with zipfile.ZipFile(page.open()) as archive:
            return archive.open(info)

    return Content(where, begin, page)


def files_in(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The members that are files and have a name; zipfile itself fails on one without."""
    return [info for info in archive.infolist() if info.filename and not info.filename.endswith("/")]


def _open_packed(page: Download) -> io.BufferedIOBase:
    if page.content[:4] != _ZSTD:
        return gzip.GzipFile(fileobj=page.open())
    try:
        if sys.version_info >= (3, 14):
            from compression.zstd import ZstdFile  # noqa: PLC0415 - compiled code, for few sources
        else:
            from backports.zstd import ZstdFile  # noqa: PLC0415 - as above
    except ModuleNotFoundError:
        raise BadDocument(f"{page.url} is packed by Zstandard: pip install backports.zstd") from None
    return ZstdFile(page.open())


class _Limited(io.RawIOBase):
    """The content of a packed file. Raises TooLarge at its limit."""

    def __init__(self, stream: io.BufferedIOBase, where: str, limit: int) -> None:
        self._stream, self._where = stream, where
        self._left = self._limit = limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            piece = self._stream.read(len(buffer))
        except Exception as error:
            if type(error).__name__ != "ZstdError":  # of a module that few have loaded
                raise
            raise OSError(str(error)) from None
        self._left -= len(piece)
        if self._left < 0:
            raise too_large(self._limit, self._where)
        buffer[: len(piece)] = piece
        return len(piece)


@contextmanager
def translate_damage(where: str) -> Iterator[None]:
    """Translate the exceptions of damaged archives to BadDocument."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError) as error:
        raise BadDocument(f"{where} is damaged or cut off: {error}") from None
    except NotImplementedError as error:
        raise BadDocument(f"{where} is packed in a way that cannot be read: {error}") from None
    except ValueError as error:
        if not isinstance(error, UnicodeDecodeError) and "seek" not in str(error):
            raise
        raise BadDocument(f"{where} is damaged: its list of members cannot be read") from None
    except RuntimeError as error:
        if "password" not in str(error):
            raise
        raise BadDocument(f"{where} is encrypted: it cannot be read without a password") from None
