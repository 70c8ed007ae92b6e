"""A chain as a file of lines, so that others can check WARC files without the database. Pure.

{"format": "registry-watch chain 1", "rule": "..."}
{"number": 0, "link": "..."}                                                     taken as it is
{"number": 1, "sha256": "...", "link": "...", "file": "...", "offset": 0, "length": 416}
{"number": 2, "sha256": "...", "link": "..."}                                    its bytes are not here
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from state.evidence.chain import Link

NAME = "chain.jsonl"
FORMAT = "registry-watch chain 1"
RULE = "link = SHA-256 of the text: the link before, then sha256, in hexadecimal digits"


class NoChainError(ValueError):
    """A text is no exported chain; the message says what is wrong with it."""


def lines(links: Iterable[Link]) -> Iterator[str]:
    """The file's lines, each with its end."""
    yield json.dumps({"format": FORMAT, "rule": RULE}) + "\n"
    for first, link in enumerate(links):
        said = {"number": link.number} | ({"sha256": link.sha256.hex()} if first else {}) | {"link": link.link.hex()}
        if link.file:
            said |= {"file": link.file, "offset": link.offset, "length": link.length}
        yield json.dumps(said) + "\n"


def links(text: Iterable[str]) -> Iterator[Link]:
    """The links that lines tell of. Raises NoChainError."""
    given = iter(text)
    if not _is_heading(next(given, "")):
        raise NoChainError(f'its first line does not say "{FORMAT}"')
    number = 1
    for number, line in enumerate(given, 2):
        try:
            yield _link(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise NoChainError(f"line {number} is no link of a chain") from None
    if number == 1:
        raise NoChainError("there is no link in it")


def _is_heading(line: str) -> bool:
    try:
        return bool(json.loads(line)["format"] == FORMAT)
    except (ValueError, KeyError, TypeError):
        return False


def _link(said: dict[str, object]) -> Link:
    return Link(
        int(str(said["number"])),
        bytes.fromhex(str(said.get("sha256", ""))),
        bytes.fromhex(str(said["link"])),
        str(said.get("file", "")),
        int(str(said.get("offset", 0))),
        int(str(said.get("length", 0))),
    )
