"""The chain as a file of JSON lines, so that others can verify WARC files without the database. Pure.

{"format": "registry-watch chain 1", "rule": "..."}
{"number": 0, "link": "..."}                                                     cannot be verified
{"number": 1, "sha256": "...", "link": "...", "file": "...", "offset": 0, "length": 416}
{"number": 2, "sha256": "...", "link": "..."}                                    its bytes are elsewhere
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from state.evidence.chain import ChainLink

NAME = "chain.jsonl"
FORMAT = "registry-watch chain 1"
RULE = "link = SHA-256 of the text: the link before, then sha256, in hexadecimal digits"

LONGEST_LINE = 2000  # bytes
MOST_FILES = 20_000  # files in a chain, at most
LARGEST_RECORD = 1_000_000_000  # bytes: bodies are limited by `max_bytes` when they are received
_LARGEST = 2**62

_Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class NoChainError(ValueError):
    """A text is not an exported chain; the message says why."""


class _ChainHeading(BaseModel):
    format: str


class _ChainLine(BaseModel):
    """A line of a file that anybody may have written."""

    model_config = ConfigDict(strict=True)

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
