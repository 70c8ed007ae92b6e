"""Unpacks a response's body within a limit: a decompression bomb is stopped, not expanded.

Until a body is known to be within its limit it is kept in an unnamed temporary file, so that many at once use no
memory; a large one stays there.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from contextlib import suppress
from tempfile import TemporaryFile
from types import ModuleType
from typing import IO, Self

from sources.errors import BadResponse, DiskFull, TooLarge
from sources.formats.download import LARGE, Body, FileBody, pieces_of

_MOST_MEMBERS = 64  # empty members cost time
_GZIP, _ZLIB, _RAW_DEFLATE = 31, 15, -15  # wbits: zlib's numbers for the three formats
_ANY = 47  # wbits: gzip or zlib
_FLAGS, _HEADER = 3, 10  # bytes of a gzip stream before its flags, and before what these say that follows
_PLAIN, _NAMED = b"\0", b"\x08"  # flags: nothing follows, or a name
GZIP_HEAD = 300  # bytes in which a name must end
_IN_MEMORY = 1_000_000  # bytes of a body that are buffered in memory
MOST_IN_MEMORY = 8_000_000  # bytes that are, where no disk takes them
_PIECE = 1 << 16


def unpack(body: bytes, encoding: str, limit: int, where: str) -> tuple[Body, Body]:
    """A body without its Content-Encoding, and what `unpack_into` returns. Raises TooLarge beyond `limit` bytes."""
    with Spool(limit, where) as spool:
        kept = unpack_into(spool, body, encoding)
        return spool.content(), kept


def unpack_into(spool: Spool, body: Body, encoding: str) -> Body:
    """Undo the Content-Encoding of a body, into a spool. Returns the body if it is one gzip stream with no more than a
    name, which is in its first GZIP_HEAD bytes, else b"".

    Supports a single gzip or deflate. Raises BadResponse for any other encoding and for a truncated or damaged body,
    TooLarge beyond the limit of the spool; no more than that is ever unpacked.
    """
    name = encoding.strip().lower()
    if name in ("", "identity") or not body:
        for piece in pieces_of(body):
            spool.write(piece)
        return b""
    if name not in ("gzip", "x-gzip", "deflate"):
        raise BadResponse(f"the answer of {spool.where} is encoded as {encoding[:40]!r}, which was not asked for")
    if name == "deflate":
        # "deflate" means the zlib format, as the standard says, or raw deflate, as some servers send.
        begins = int.from_bytes(body[:2], "big")
        is_zlib = len(body) > 1 and begins >> 8 & 0x0F == 8 and begins % 31 == 0
        _inflate(body, 0, _ZLIB if is_zlib else _RAW_DEFLATE, spool)
        return b""
    # Data after the last member counts as padding, as in gzip itself.
    at = members = 0
    while not members or body[at : at + 2] == b"\x1f\x8b":
        if members == _MOST_MEMBERS:
            raise BadResponse(f"the answer of {spool.where} consists of more than {_MOST_MEMBERS} gzip members")
        at = _inflate(body, at, _GZIP, spool)
        members += 1
    return body if members == 1 and at == len(body) and _is_plain(body[:GZIP_HEAD]) else b""


def glimpse(body: bytes, encoding: str, limit: int) -> bytes:
    """The part of a body, possibly truncated, that can be unpacked: for the explanation of an error. Never raises."""
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


def _open_temporary() -> IO[bytes]:
    return TemporaryFile(buffering=0)


class Spool:
    """Buffers received bytes up to a limit: a few in memory, more in the file that `make` opens, by default a temporary
    one. That file may begin with `size` bytes that are here already.
    """

    def __init__(self, limit: int, where: str, make: Callable[[], IO[bytes]] = _open_temporary, size: int = 0) -> None:
        self.where, self.size = where, size
        self._limit, self._make, self._parts = limit, make, list[bytes]()
        self._file = make() if size else None
        self._is_ascii = not size  # as far as is known: of what is here already it is not

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def write(self, piece: bytes) -> None:
        """Append a piece. Raises TooLarge beyond `limit` bytes, DiskFull where more has no room on the disk than may
        stay in memory.
        """
        self.size += len(piece)
        if self.size > self._limit:
            raise too_large(self._limit, self.where)
        self._is_ascii = self._is_ascii and piece.isascii()
        self._parts.append(piece)
        if self.size > _IN_MEMORY:
            try:
                self._file = self._file or self._make()
                while self._parts:
                    written = self._file.write(self._parts[0])
                    self._parts[0] = self._parts[0][written:]
                    if not self._parts[0]:
                        del self._parts[0]
            except OSError as error:
                if sum(map(len, self._parts)) > MOST_IN_MEMORY:
                    why = error.strerror or "it cannot be written"
                    raise DiskFull(f"there is no room on the disk for {self.where}: {why}") from None

    def content(self) -> Body:
        """All bytes."""
        if not self._file:
            return b"".join(self._parts)
        if self.size > LARGE and not self._parts:
            return FileBody.of(self._file, is_ascii=self._is_ascii)
        self._file.seek(0)
        return self._file.read() + b"".join(self._parts)


def _inflate(body: Body, at: int, wbits: int, spool: Spool) -> int:
    """Unpack one compressed stream that begins at index `at`, piece by piece; returns the index of its end."""
    by = _library(body, at, wbits)
    inflater = by.decompressobj(wbits)
    try:
        while not inflater.eof and (piece := body[at : at + _PIECE]):
            at += len(piece)
            while piece and not inflater.eof:
                spool.write(inflater.decompress(piece, 4 * _PIECE))
                piece = inflater.unconsumed_tail
        while not inflater.eof and (rest := inflater.decompress(b"", 4 * _PIECE)):
            spool.write(rest)
    except by.error:
        raise BadResponse(f"the answer of {spool.where} is damaged, or not packed as it says") from None
    if not inflater.eof:
        raise BadResponse(f"the answer of {spool.where} was cut off: its packed body does not end")
    return at - len(inflater.unused_data)


def _is_plain(head: bytes) -> bool:
    flags = head[_FLAGS:][:1]
    return flags == _PLAIN or (flags == _NAMED and b"\0" in head[_HEADER:])


def _library(body: Body, at: int, wbits: int) -> ModuleType:
    """What inflates a stream that begins at index `at`: of a large one ISA-L, in a third of the time, where it is
    installed and the stream begins as others do: what else may stand before a gzip stream it checks less strictly.
    """
    if len(body) - at > LARGE and (wbits != _GZIP or _is_plain(body[at : at + GZIP_HEAD])):
        with suppress(ImportError):
            from isal import isal_zlib  # noqa: PLC0415 - compiled code, for large bodies alone

            return isal_zlib
    return zlib
