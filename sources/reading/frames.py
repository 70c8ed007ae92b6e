"""Frames between two processes: a length of eight bytes, then as many bytes.

The other end is not trusted. A length is checked before memory is allocated, and the frames of one job have a total
limit.
"""

from __future__ import annotations

import struct

HEADER = struct.Struct("!Q")
PLAIN = 1_000_000  # bytes of a frame with several items; a larger frame holds a single entry

_MILLION = 1_000_000
_FREE = 16 * _MILLION  # bytes allowed for any answer, however small the page


class BadFrame(ValueError):
    """A frame that is malformed or too long; the message says how."""


def largest(max_bytes: int) -> int:
    """The maximum frame in bytes, for a page of at most `max_bytes`: one entry with all its text, three bytes a
    character.
    """
    return PLAIN + 4 * max_bytes


def in_all(max_bytes: int) -> int:
    """The maximum total of all frames in bytes: entries have at most four characters for each byte of `max_bytes`."""
    return _FREE + 8 * max_bytes


class Unframer:
    """Splits a byte stream into frames of at most `largest` bytes each, and `in_all` together."""

    def __init__(self, largest: int, in_all: int) -> None:
        self._largest, self._left = largest, in_all
        self._got = bytearray()

    def take(self, piece: bytes) -> None:
        """Add received bytes."""
        self._got += piece

    def next(self) -> bytes | None:
        """The next frame's content, or None while it is incomplete. Raises BadFrame."""
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
