"""The chain: each record's link is made of the link before it and of the record's own hash. Pure.

Whoever knows one link, from an alert or a time stamp, knows that nothing before it was altered since.
"""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple


class Link(NamedTuple):
    """One record's place in the chain, and where its bytes are.

    `file` is empty when they are no longer there, or not here. The first link of a chain is taken as it is: what it
    was made of is not known.
    """

    number: int
    sha256: bytes
    link: bytes
    file: str = ""
    offset: int = 0
    length: int = 0

    @property
    def end(self) -> int:
        """Where the next record of the same file begins."""
        return self.offset + self.length


def next_link(previous: bytes, record: bytes) -> bytes:
    """The link of a record with this SHA-256 behind another link: 32 bytes each.

    Both are hashed as the text of their hexadecimal digits, so that anybody can do it: printf AB... | sha256sum.
    """
    return sha256(f"{previous.hex()}{record.hex()}".encode("ascii")).digest()


def flaw(previous: Link, link: Link) -> str | None:
    """Why a link does not follow another, or None when it does."""
    gone = range(previous.number + 1, link.number)
    if len(gone) == 1:
        return f"record {gone[0]} is missing from the chain"
    if link.number != previous.number + 1:
        return f"records {gone[0]} to {gone[-1]} are missing from the chain" if gone else "it stands out of its order"
    if next_link(previous.link, link.sha256) != link.link:
        return "its link is not made of the link before it and of its hash: one of the three was edited"
    return None
