"""Writes and splits WARC 1.1 records. Pure.

The library warcio parses them, in `reading.py` and in tests. It is not used to write: it compresses at the highest
level, which takes four times as long, and supports only SHA-1 for digests.
"""

import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from math import inf
from typing import BinaryIO, NamedTuple
from uuid import UUID, uuid4

_GZIP = 31  # wbits: zlib's number for the format
_LEVEL = 4  # of zlib: other writers wait for this transaction, and higher levels gain little on markup
_STORED = 1  # for data that is compressed already
_PIECE = 1 << 16  # bytes

JSON = "application/json"
DECISION = "application/vnd.registry-watch.decision+json"  # of a person, about a message
CERTIFICATES = "application/pem-certificate-chain"
HTTP_REQUEST, HTTP_RESPONSE = "application/http; msgtype=request", "application/http; msgtype=response"
SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


class WarcRecord(NamedTuple):
    """A record to write: its bytes are one gzip member."""

    id: UUID
    type: str
    data: bytes

    @property
    def sha256(self) -> bytes:
        """The hash for the chain."""
        return sha256(self.data).digest()


def record(
    kind: str,
    block: bytes,
    content_type: str,
    *,
    at: datetime,
    uri: str = "",
    headers: Sequence[tuple[str, str]] = (),
    payload: str = "",
    packed: bool = False,
) -> WarcRecord:
    """A record of the type `kind`. `payload` is the payload's digest; a `packed` block is compressed already."""
    name = uuid4()
    lines = [
        ("WARC-Type", kind),
        ("WARC-Record-ID", urn(name)),
        ("WARC-Date", moment(at)),
        *([("WARC-Target-URI", uri)] if uri else []),
        *headers,
        *([("WARC-Payload-Digest", payload)] if payload else []),
        ("WARC-Block-Digest", digest(block)),
        ("Content-Type", content_type),
        ("Content-Length", str(len(block))),
    ]
    head = "".join(f"{name}: {one_line(value)}\r\n" for name, value in lines)
    packer = zlib.compressobj(_STORED if packed else _LEVEL, zlib.DEFLATED, _GZIP)
    data = packer.compress(f"WARC/1.1\r\n{head}\r\n".encode())
    data += packer.compress(block) + packer.compress(b"\r\n\r\n") + packer.flush()
    return WarcRecord(name, kind, data)


def urn(name: UUID) -> str:
    """A record's id as a URN, as in its header."""
    return f"<urn:uuid:{name}>"


def digest(content: bytes) -> str:
    """A SHA-256 in WARC's form, with the digits that sha256sum prints."""
    return f"sha256:{sha256(content).hexdigest()}"


def moment(at: datetime) -> str:
    """A time in WARC's form."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Member(NamedTuple):
    """A gzip member as it was read: its SHA-256, and the beginning of what it unpacks to."""

    sha256: bytes
    head: bytes


def members(stream: BinaryIO, most: float = inf) -> Iterator[Member]:
    """The gzip members from the stream's position on, read in pieces.

    Ends before the first incomplete one, or when the members unpack to more than `most` bytes in total.
    """
    rest, unpacked = stream.read(_PIECE), 0
    while rest:
        unpacker, hashed, head = zlib.decompressobj(_GZIP), sha256(), b""
        while not unpacker.eof:
            if not rest or unpacked > most:
                return
            try:
                content = unpacker.decompress(rest, _PIECE)
            except zlib.error:
                return
            head, unpacked = head or content, unpacked + len(content)
            left = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            hashed.update(rest[: len(rest) - len(left)])
            rest = left or stream.read(_PIECE)
        yield Member(hashed.digest(), head)


def is_about(record: bytes) -> bool:
    """Whether a record, given by its beginning, is the last one of a capture, which describes it."""
    head = record.partition(b"\r\n\r\n")[0]
    return b"\r\nWARC-Type: metadata" in head and f"\r\nContent-Type: {JSON}".encode() in head


def one_line(value: str) -> str:
    """A header's value on one line."""
    return " ".join(value.split())
