"""How messages cross between two processes: frames, each a length of eight bytes and so many bytes behind it.

Whoever is at the other end may send anything. A length is looked at before room is made for what it announces, and
all frames of one job together have a limit too.
"""

from __future__ import annotations

import struct

HEADER = struct.Struct("!Q")
PLAIN = 1_000_000  # bytes of a frame that holds many things; a larger one holds a single entry

_MILLION = 1_000_000
_FREE = 16 * _MILLION  # bytes that any answer may have, however small the page may be


class BadFrame(ValueError):
    """A frame that does not keep to the form, or is too long; the message says in which way."""


def largest(max_bytes: int) -> int:
    """Bytes of the largest frame of an answer about a page of at most `max_bytes`: one entry with all of it, in which
    a character has up to three bytes.
    """
    return PLAIN + 4 * max_bytes


def in_all(max_bytes: int) -> int:
    """Bytes of all frames of such an answer: a page's entries hold at most four times as many characters as a page may
    have bytes.
    """
    return _FREE + 8 * max_bytes


class Unframer:
    """Frames out of bytes that come in pieces: at most `largest` bytes each, and `in_all` together."""

    def __init__(self, largest: int, in_all: int) -> None:
        self._largest, self._left = largest, in_all
        self._got = bytearray()

    def take(self, piece: bytes) -> None:
        """Take the next piece."""
        self._got += piece

    def next(self) -> bytes | None:
        """The next frame's content, or None when it has not come as a whole. Raises BadFrame."""
        if len(self._got) < HEADER.size:
            return None
        size = HEADER.unpack_from(self._got)[0]
        if size > self._largest:
            raise BadFrame(f"a frame of {size:,} bytes, of which there may be {self._largest:,}")
        if size > self._left:
            raise BadFrame("more than all frames may hold together")
        ends = HEADER.size + size
        if len(self._got) < ends:
            return None
        frame = bytes(memoryview(self._got)[HEADER.size : ends])
        del self._got[:ends]
        self._left -= size
        return frame
