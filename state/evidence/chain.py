"""The hash chain: each record's link is the hash of the link before it and the record's own hash. Pure.

Who knows one link, from an alert or a time stamp, can prove that nothing before it was changed since. As a file of JSON
lines, others can verify WARC files with it, without the database:

{"format": "registry-watch chain 1", "rule": "..."}
{"number": 0, "link": "..."}                                                     cannot be verified
{"number": 1, "sha256": "...", "link": "...", "file": "...", "offset": 0, "length": 416}
{"number": 2, "sha256": "...", "link": "..."}                                    its bytes are elsewhere
"""

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

NAME = "chain.jsonl"
FORMAT = "registry-watch chain 1"
RULE = "link = SHA-256 of the text: the link before, then sha256, in hexadecimal digits"

LONGEST_LINE = 2000  # bytes
MOST_FILES = 20_000  # files in a chain, at most
LARGEST_RECORD = 1_000_000_000  # bytes
LARGEST_BODY = 500_000_000  # bytes of a page's body, unpacked: a larger one is not kept
_LARGEST = 2**62

_Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


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


class NoChainError(ValueError):
    """A text is not an exported chain; the message says why."""


class _ChainHeading(BaseModel):
    model_config = ConfigDict(defer_build=True)  # each check imports this module, and reads no such file

    format: str


class _ChainLine(BaseModel):
    """A line of a file that anybody may have written."""

    model_config = ConfigDict(strict=True, defer_build=True)

    number: int = Field(ge=0, le=_LARGEST)
    sha256: _Hash | None = None
    link: _Hash
    file: str = Field(default="", max_length=255, pattern=r"^[^/\\\x00]*$")
    offset: int = Field(default=0, ge=0, le=_LARGEST)
    length: int = Field(default=0, ge=0, le=LARGEST_RECORD)


def lines(links: Iterable[ChainLink]) -> Iterator[str]:
    """The lines of the file, each with its line break."""
    yield json.dumps({"format": FORMAT, "rule": RULE}) + "\n"
    for first, link in enumerate(links):
        fields = {"number": link.number} | ({"sha256": link.sha256.hex()} if first else {}) | {"link": link.link.hex()}
        if link.file:
            fields |= {"file": link.file, "offset": link.offset, "length": link.length}
        yield json.dumps(fields) + "\n"


def links(text: Iterable[bytes]) -> Iterator[ChainLink]:
    """The links in the lines, one at a time; keeps only the names of files. Raises NoChainError."""
    given = iter(text)
    try:
        heading = _ChainHeading.model_validate_json(next(given, b"")).format
    except ValidationError:
        heading = ""
    if heading != FORMAT:
        raise NoChainError(f'its first line does not say "{FORMAT}"')
    number, named = 1, set[str]()
    for number, line in enumerate(given, 2):
        if len(line) > LONGEST_LINE:
            raise NoChainError(f"line {number:,} is longer than {LONGEST_LINE:,} bytes")
        try:
            parsed = _ChainLine.model_validate_json(line)
        except ValidationError:
            raise NoChainError(f"line {number:,} is not a link of a chain") from None
        hashes = bytes.fromhex(parsed.sha256 or ""), bytes.fromhex(parsed.link)
        named.add(parsed.file)
        if len(named) > MOST_FILES:
            raise NoChainError(f"line {number:,}: it names more than {MOST_FILES:,} files")
        yield ChainLink(parsed.number, *hashes, parsed.file, parsed.offset, parsed.length)
    if number == 1:
        raise NoChainError("it has no link")
