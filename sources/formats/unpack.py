"""Reading a response's body within a limit: what unpacks to gigabytes is stopped, not expanded.

Until a body is known to be within its limit it is kept in a temporary file without a name, so that many that are too
large, all at once, take no memory.
"""

from __future__ import annotations

import zlib
from contextlib import suppress
from tempfile import TemporaryFile
from typing import IO, NamedTuple, Self

from sources.errors import BadResponse, TooLarge

_GZIP_MAGIC = b"\x1f\x8b"
_MOST_MEMBERS = 64  # empty ones cost time and bring nothing
_GZIP, _ZLIB, _RAW_DEFLATE = 31, 15, -15  # wbits: zlib's names for the three formats
_ANY = 47  # of the first two
_FLAGS = 3  # the byte of a gzip file that says whether it bears a name or a comment
_IN_MEMORY = 1_000_000  # bytes of a body that are kept there while it comes
_PIECE = 1 << 16


class Unpacked(NamedTuple):
    """A body without its Content-Encoding, and as the gzip stream that it came as: empty where that held anything
    else.
    """

    content: bytes
    gzip: bytes = b""


def unpack(body: bytes, encoding: str, limit: int, where: str) -> Unpacked:
    """The body without its Content-Encoding.

    Knows gzip and deflate, once. Raises BadResponse for any other encoding and for a body that is cut off or
    damaged, TooLarge when there is more than `limit` bytes in it; no more than that is ever unpacked.
    """
    name = encoding.strip().lower()
    if name in ("", "identity") or not body:
        return Unpacked(body)
    if name not in ("gzip", "x-gzip", "deflate"):
        raise BadResponse(f"the answer of {where} is encoded as {encoding[:40]!r}, which was not asked for")
    with Spool(limit, where) as spool:
        if name == "deflate":
            _inflate(body, 0, _ZLIB if _has_zlib_header(body) else _RAW_DEFLATE, spool)
            return Unpacked(spool.content())
        alone = _gunzip(body, spool) and body[_FLAGS] == 0
        return Unpacked(spool.content(), body if alone else b"")


def glimpse(body: bytes, encoding: str, limit: int) -> bytes:
    """As much as can be had of a body, which may be cut off: for one that only explains an error. Never raises."""
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return body[:limit]
    try:
        return zlib.decompressobj(_ANY).decompress(body, limit) if name in ("gzip", "x-gzip", "deflate") else b""
    except zlib.error:
        return b""


def too_large(limit: int, where: str) -> TooLarge:
    """The error for a body of more than `limit` bytes."""
    return TooLarge(f"{where} is larger than {limit:,} bytes; raise max_bytes if it should be")


class Spool:
    """Bytes up to a limit, as they come: few in memory, more in a temporary file, if there is room for one."""

    def __init__(self, limit: int, where: str) -> None:
        self.where = where
        self._limit = limit
        self._size = 0
        self._parts: list[bytes] = []
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def write(self, piece: bytes) -> None:
        """Raises TooLarge when there are more than `limit` bytes."""
        self._size += len(piece)
        if self._size > self._limit:
            raise too_large(self._limit, self.where)
        self._parts.append(piece)
        if self._size > _IN_MEMORY:
            with suppress(OSError):  # where there is no room, memory has to do
                self._put_away()

    def content(self) -> bytes:
        """All of it."""
        if not self._file:
            return b"".join(self._parts)
        self._file.seek(0)
        return self._file.read() + b"".join(self._parts)

    def _put_away(self) -> None:
        """Write to the file what is in memory. Raises OSError; what was not written stays."""
        self._file = self._file or TemporaryFile(buffering=0)  # noqa: SIM115 - closed by `__exit__`
        while self._parts:
            written = self._file.write(self._parts[0])
            self._parts[0] = self._parts[0][written:]
            if not self._parts[0]:
                del self._parts[0]


def _gunzip(body: bytes, spool: Spool) -> bool:
    """All members of a gzip file; whether it is one, and nothing behind it. What follows the last one is padding, as it
    is for gzip itself.
    """
    at = members = 0
    while not members or body.startswith(_GZIP_MAGIC, at):
        if members == _MOST_MEMBERS:
            raise BadResponse(f"the answer of {spool.where} consists of more than {_MOST_MEMBERS} gzip members")
        at = _inflate(body, at, _GZIP, spool)
        members += 1
    return members == 1 and at == len(body)


def _inflate(body: bytes, at: int, wbits: int, spool: Spool) -> int:
    """Unpack one compressed stream that begins at a place of the body, piece by piece; returns where it ends."""
    inflater = zlib.decompressobj(wbits)
    try:
        while not inflater.eof and at < len(body):
            piece = body[at : at + _PIECE]
            at += len(piece)
            while piece and not inflater.eof:
                spool.write(inflater.decompress(piece, 4 * _PIECE))
                piece = inflater.unconsumed_tail
        while not inflater.eof and (rest := inflater.decompress(b"", 4 * _PIECE)):
            spool.write(rest)
    except zlib.error:
        raise BadResponse(f"the answer of {spool.where} is damaged, or not packed as it says") from None
    if not inflater.eof:
        raise BadResponse(f"the answer of {spool.where} was cut off: its packed body does not end")
    return at - len(inflater.unused_data)


def _has_zlib_header(body: bytes) -> bool:
    """Whether "deflate" means zlib's format, as the standard says, or the bare one, as some servers send."""
    return len(body) > 1 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0
