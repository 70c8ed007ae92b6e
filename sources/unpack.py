"""Reading a response's body within a limit: what unpacks to gigabytes is stopped, not expanded."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from sources.errors import BadResponse, TooLarge

_GZIP_MAGIC = b"\x1f\x8b"
_MOST_MEMBERS = 64  # each one costs a copy of what follows it
_GZIP, _ZLIB, _RAW_DEFLATE = 31, 15, -15  # wbits: zlib's names for the three formats


def collect(chunks: Iterable[bytes], limit: int, where: str) -> bytes:
    """The chunks as one. Raises TooLarge, without reading on, as soon as they are more than `limit` bytes."""
    parts, size = [], 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise too_large(limit, where)
        parts.append(chunk)
    return b"".join(parts)


def unpack(body: bytes, encoding: str, limit: int, where: str) -> bytes:
    """The body without its Content-Encoding.

    Knows gzip and deflate, once. Raises BadResponse for any other encoding and for a body that is cut off or
    damaged, TooLarge when there is more than `limit` bytes in it; no more than that is ever held.
    """
    name = encoding.strip().lower()
    if name in ("", "identity") or not body:
        return body
    if name in ("gzip", "x-gzip"):
        return _gunzip(body, limit, where)
    if name == "deflate":
        return _inflate(body, _ZLIB if _has_zlib_header(body) else _RAW_DEFLATE, limit, where)[0]
    raise BadResponse(f"the answer of {where} is encoded as {encoding[:40]!r}, which was not asked for")


def too_large(limit: int, where: str) -> TooLarge:
    """The error for a body of more than `limit` bytes."""
    return TooLarge(f"{where} is larger than {limit:,} bytes; raise max_bytes if it should be")


def _gunzip(body: bytes, limit: int, where: str) -> bytes:
    """All members of a gzip file. What follows the last one is padding, as it is for gzip itself."""
    parts: list[bytes] = []
    while body.startswith(_GZIP_MAGIC) or not parts:
        if len(parts) == _MOST_MEMBERS:
            raise BadResponse(f"the answer of {where} consists of more than {_MOST_MEMBERS} gzip members")
        part, body = _inflate(body, _GZIP, limit - sum(map(len, parts)), where)
        parts.append(part)
    return b"".join(parts)


def _inflate(body: bytes, wbits: int, limit: int, where: str) -> tuple[bytes, bytes]:
    """One compressed stream, and what follows it."""
    inflater = zlib.decompressobj(wbits)
    try:
        plain = inflater.decompress(body, limit + 1)
    except zlib.error:
        raise BadResponse(f"the answer of {where} is damaged, or not packed as it says") from None
    if len(plain) > limit:
        raise too_large(limit, where)
    if not inflater.eof:
        raise BadResponse(f"the answer of {where} was cut off: its packed body does not end")
    return plain, inflater.unused_data


def _has_zlib_header(body: bytes) -> bool:
    """Whether "deflate" means zlib's format, as the standard says, or the bare one, as some servers send."""
    return len(body) > 1 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0
