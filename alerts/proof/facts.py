"""What a proof shows: the facts of one event and its capture, as html.py and steps.py tell them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

from state.evidence.certificates import Certificate

WARC, CHAIN, CERTIFICATES, STAMP, AUTHORITY, PAGE = (
    "pages.warc.gz",
    "chain.jsonl",
    "certificates.pem",
    "stamp.tsr",
    "stamp-authority.pem",
    "proof.html",
)


class PageFile(NamedTuple):
    """A page that is shown: its file, what its capture tells of it (capture_record.py), and the name of the
    file with its text, if there is one.
    """

    name: str
    told: Mapping[str, Any]
    text: str = ""


class RecordFact(NamedTuple):
    """A record in the proof's own WARC file, `name` as it calls itself; `before` is the link before its own."""

    number: int
    type: str
    name: str
    offset: int
    length: int
    sha256: str
    before: str
    link: str


class StampFact(NamedTuple):
    """A third party's word that a link existed at a time."""

    number: int
    link: str
    at: datetime
    authority: str


@dataclass(frozen=True, slots=True)
class ProofFacts:
    """One event and its capture.

    `change` is the change as the capture tells it, None for a baseline or a suspicious snapshot. `wire` tells of the
    pages as they came: those of the capture, or of the earlier one whose pages were accepted later. `start` is the link
    that the chain in the folder begins with, `head` the one that it ends with.
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
    stamp: StampFact | None
    zone: tzinfo
