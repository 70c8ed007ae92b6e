"""What third parties testify about the evidence: what each is asked about, its answer, and its check. Pure.

witness       is asked about                    answers                          which proves, once it is verified
authority     a link of the chain               a signed stamp (`stamps`)        that all up to it existed then
calendar      a link of the chain               a file (`opentimestamps`)        the same, by a block of Bitcoin
archive       the address of a captured page    the address of a copy            that others were served such a page
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from state.evidence.opentimestamps import read_proof
from state.evidence.stamps import StampError, read_stamp


class WitnessKind(StrEnum):
    """An RFC 3161 authority, a calendar of OpenTimestamps, a web archive."""

    AUTHORITY = "timestamp"
    CALENDAR = "opentimestamps"
    ARCHIVE = "wayback"


MOST_WITNESSES = 20  # of a kind
STAMPING = (WitnessKind.AUTHORITY, WitnessKind.CALENDAR)  # those that are asked about a link
_COPY = re.compile(r"(https?://[^\s]{1,500}?)/web/(\d{14})/https?://\S+")  # archive, and time


class WitnessAnswer(NamedTuple):
    """A stored answer about the record `number` with its link, or about the `page` of the capture that ends with it.
    `authority` is the address that was asked; `at` the time in the answer, else when it came.
    """

    kind: WitnessKind
    authority: str
    number: int
    link: bytes
    page: str
    at: datetime
    answer: bytes


class Statement(NamedTuple):
    """What an answer says: who by its own words, what that proves, when (None: it does not say), and of which link or
    page. `number` is the record, where it is known; `verified` that the signature is of an authority that was named.
    """

    kind: WitnessKind
    by: str
    proves: str
    at: datetime | None = None
    link: bytes = b""
    page: str = ""
    number: int = 0
    verified: bool = False


def read_witness(kind: WitnessKind, answer: bytes) -> Statement:
    """Parse an answer, as far as it can be checked without others. Raises StampError.

    An archive's is text: the page, the address of its copy, and the headers that came with it, each in a line.
    """
    if kind is WitnessKind.AUTHORITY:
        said = read_stamp(answer)
        return Statement(kind, said.signer, "signed that it existed then", said.at, said.link)
    if kind is WitnessKind.CALENDAR:
        digest, attested = read_proof(answer)
        for each in attested:
            if each.block is not None:
                proves = f"leads to Bitcoin block {each.block:,}, if that has the Merkle root"
                return Statement(kind, "OpenTimestamps", f"{proves} {each.commitment[::-1].hex()}", link=digest)
        return Statement(kind, attested[-1].calendar, "promised to have it in a block of Bitcoin", link=digest)
    try:
        page, address, *_ = answer.decode().split("\n")
        archive, time = _COPY.fullmatch(address).groups()  # type: ignore[union-attr]  # an AttributeError
        at = datetime.strptime(time, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except (ValueError, AttributeError):
        raise StampError("the answer names no copy of a page") from None
    return Statement(kind, archive, f"has a copy of the page: {address}", at, page=page)


def check(told: WitnessAnswer) -> Statement:
    """What a stored answer says, which has to be what it is stored for. Raises StampError."""
    said = read_witness(told.kind, told.answer)
    if (said.link or told.link, said.page, said.at or told.at) != (told.link, told.page, told.at):
        raise StampError("the stamp is for something else")
    return said._replace(number=told.number)
