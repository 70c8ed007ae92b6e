"""Time stamps by OpenTimestamps: files `.ots`, as the reference client reads and writes them. Pure.

A calendar answers to a digest with operations that lead from it to a commitment, which it attests: at first as
*pending*, with its own address, where it is asked about the commitment again. Some hours later it answers with the
operations from there to the Merkle root of a block of Bitcoin, which take the place of the pending attestation.

    file         magic, version 01, 08 (SHA-256), the digest, then a timestamp
    timestamp    any number of (ff, item), then an item: branches from one message
    item         00, attestation: 8 bytes for its kind, and its content; or an operation, then a timestamp
    operation    02 SHA-1, 03 RIPEMD-160, 08 SHA-256 of the message; f0 append, f1 prepend bytes to it

Bytes stand behind their length; numbers have 7 bits in each byte, the lowest first. The format is that of
https://github.com/opentimestamps/python-opentimestamps. (That package needs three others, of 8 MB, and urllib.)
"""

from __future__ import annotations

import hashlib
import re
from io import BytesIO
from typing import NamedTuple

from state.evidence.stamps import StampError

LARGEST = 10_000  # bytes of a calendar's answer, as in the reference client
_MAGIC = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94\x01\x08"
_BRANCH, _ATTESTATION, _APPEND, _PREPEND = 0xFF, 0x00, 0xF0, 0xF1
_HASHES = {0x02: "sha1", 0x03: "ripemd160", 0x08: "sha256"}
_PENDING, _BITCOIN = bytes.fromhex("83dfe30d2ef90c8e"), bytes.fromhex("0588960d73d71901")
_LONGEST, _LARGEST_CONTENT = 4096, 8192  # bytes of a message, and of an attestation's content
_CALENDAR = re.compile(rb"https?://[\w.:/-]{1,900}", re.ASCII)


class Attestation(NamedTuple):
    """A calendar has the commitment (its address), or it is the Merkle root of a Bitcoin block (its number); one of
    another kind has neither. Its bytes begin at `start`.
    """

    commitment: bytes
    start: int
    calendar: str = ""
    block: int | None = None


def read_proof(proof: bytes) -> tuple[bytes, list[Attestation]]:
    """The digest that a file is about, and what its operations lead to, in order. Raises StampError."""
    stream, found, branches = BytesIO(proof), list[Attestation](), list[bytes]()
    try:
        if _take(stream, len(_MAGIC)) != _MAGIC:
            raise ValueError("it is about no SHA-256")
        digest = message = _take(stream, 32)
        while True:
            start, tag = stream.tell(), _take(stream, 1)[0]
            if tag == _BRANCH:
                branches.append(message)
            elif tag == _ATTESTATION:
                found.append(_attestation(stream, message, start))
                if not branches:
                    break
                message = branches.pop()
            elif tag in _HASHES:  # RIPEMD-160 is a ValueError where OpenSSL lacks it
                message = hashlib.new(_HASHES[tag], message, usedforsecurity=False).digest()
            elif tag in {_APPEND, _PREPEND}:
                more = _piece(stream, _LONGEST - len(message))
                message = message + more if tag == _APPEND else more + message
            else:
                raise ValueError(f"operation {tag:02x} is not known")
        if stream.read(1):
            raise ValueError("something follows it")
    except ValueError as error:
        raise StampError(f"the answer is no proof of OpenTimestamps: {error}") from None
    return digest, found


def begin(digest: bytes, answer: bytes) -> bytes:
    """The file of what a calendar answered about a digest. Raises StampError."""
    read_proof(_MAGIC + digest + answer)
    return _MAGIC + digest + answer


def pending_in(proof: bytes) -> Attestation | None:
    """What a calendar is to be asked about, which ends a file: nothing once there is a block, or if it is damaged."""
    try:
        _, found = read_proof(proof)
    except StampError:
        return None
    return found[-1] if found[-1].calendar and all(each.block is None for each in found) else None


def complete(proof: bytes, pending: Attestation, answer: bytes) -> bytes:
    """The file with what a calendar answered later in the place of what was pending in it. Raises StampError."""
    read_proof(proof[: pending.start] + answer)
    return proof[: pending.start] + answer


def _attestation(stream: BytesIO, commitment: bytes, start: int) -> Attestation:
    kind, content = _take(stream, 8), BytesIO(_piece(stream, _LARGEST_CONTENT))
    if kind == _BITCOIN:
        return Attestation(commitment, start, block=_number(content))
    calendar = _piece(content, _LONGEST) if kind == _PENDING else b""
    if calendar and not _CALENDAR.fullmatch(calendar):
        raise ValueError("its calendar has no web address")
    return Attestation(commitment, start, calendar.decode("ascii"))


def _take(stream: BytesIO, size: int) -> bytes:
    found = stream.read(size)
    if len(found) < size:
        raise ValueError("it is cut off")
    return found


def _piece(stream: BytesIO, most: int) -> bytes:
    if (size := _number(stream)) > most:
        raise ValueError("it is larger than the format allows")
    return _take(stream, size)


def _number(stream: BytesIO) -> int:
    value = 0
    for shift in range(0, 63, 7):
        byte = _take(stream, 1)[0]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # the last one
            return value
    raise ValueError("it has a number that is too large")
