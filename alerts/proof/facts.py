"""The facts that a proof shows: one event and its capture. page.py presents them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, NamedTuple

from state.evidence.stamps import Certificate, Stamp

WARC, CHAIN, CERTIFICATES, STAMP, AUTHORITY, PAGE = (
    "pages.warc.gz",
    "chain.jsonl",
    "certificates.pem",
    "stamp.tsr",
    "stamp-authority.pem",
    "proof.html",
)
MARK = ">>> "  # before the row of the changed entry, in a page's text


class PageFile(NamedTuple):
    """A page of the proof: its file, its facts from the capture (capture_record.py), and the names of the files with
    its text and with its screenshot, if any.
    """

    name: str
    facts: Mapping[str, Any]
    text: str = ""
    picture: str = ""


class RecordFact(NamedTuple):
    """A record in the proof's own WARC file. `name` is its WARC-Record-ID; `before` is the link before its own."""

    number: int
    type: str
    name: str
    offset: int
    length: int
    sha256: str
    before: str
    link: str


@dataclass(frozen=True, slots=True)
class ProofFacts:
    """One event and its capture.

    `change` is the change in the form of the capture, None for a baseline or a suspicious snapshot. `wire` has the
    facts about the pages as they were fetched: of this capture, or of the earlier one whose pages were accepted later.
    `start` is the link before the folder's part of the chain, `head` the last one in it, which `stamp` is of.
    """

    event: int
    about: Mapping[str, Any]
    change: Mapping[str, Any] | None
    pages: Sequence[PageFile]
    before: Sequence[PageFile]
    wire: Sequence[Mapping[str, Any]]
    certificates: Sequence[Certificate]
    records: Sequence[RecordFact]
    origin: str
    start: str
    head: tuple[int, str]
    stamp: Stamp | None
    zone: tzinfo
