"""The hash chain: each record's link is the hash of the link before it and the record's own hash. Pure.

Who knows one link, from an alert or a time stamp, can prove that nothing before it was changed since.
"""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple


class ChainLink(NamedTuple):
    """One record's link in the chain, and the place of its bytes.

    `file` is empty when the bytes were removed, or are elsewhere. The first link of a chain cannot be verified: its
    predecessor is unknown.
    """

    number: int
    sha256: bytes
    link: bytes
    file: str = ""
    offset: int = 0
    length: int = 0

    @property
    def end(self) -> int:
        """The offset of the next record in the same file."""
        return self.offset + self.length


def next_link(previous: bytes, record: bytes) -> bytes:
    """The link for a record with this SHA-256 after another link: 32 bytes each.

    Both are hashed as hexadecimal text, so that anybody can do it in a shell: printf AB... | sha256sum.
    """
    return sha256(f"{previous.hex()}{record.hex()}".encode("ascii")).digest()


def flaw(previous: ChainLink, link: ChainLink) -> str | None:
    """Why a link does not follow another, or None if it does."""
    gone = range(previous.number + 1, link.number)
    if len(gone) == 1:
        return f"record {gone[0]} is missing from the chain"
    if link.number != previous.number + 1:
        return f"records {gone[0]} to {gone[-1]} are missing from the chain" if gone else "it stands out of its order"
    if next_link(previous.link, link.sha256) != link.link:
        return "its link is not made of the link before it and of its hash: one of the three was edited"
    return None
