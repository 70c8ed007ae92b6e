"""The records of a WARC file as they are, for tests that take some away or change them."""

from __future__ import annotations

import zlib


def raw_records(data: bytes) -> list[bytes]:
    """Each record is one gzip member."""
    found = []
    while data:
        unpacker = zlib.decompressobj(31)
        unpacker.decompress(data)
        rest = unpacker.unused_data
        found.append(data[: len(data) - len(rest)])
        data = rest
    return found
