"""The facts that a proof shows: one event and its capture. page.py presents them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, NamedTuple

from state.evidence.witnesses import MOST_WITNESSES, Certificate, Statement, WitnessKind

WARC, CHAIN, CERTIFICATES, PAGE = "pages.warc.gz", "chain.jsonl", "certificates.pem", "proof.html"
MARK = ">>> "  # before the row of the changed entry, in a page's text
_ANSWERS = {
    WitnessKind.AUTHORITY: "stamp{}.tsr",
    WitnessKind.CALENDAR: "stamp{}.ots",
    WitnessKind.ARCHIVE: "archive{}.txt",
}
WITNESS_FILES = {  # with the answers of third parties, and whose each is, in the order of a proof
    name.format("" if number == 1 else f"-{number}"): kind
    for kind, name in _ANSWERS.items()
    for number in range(1, MOST_WITNESSES + 1)
}


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


def authority_file(name: str) -> str:
    """The file with the certificates that came with a stamp, by that of the stamp."""
    return f"{name.partition('.')[0]}-authority.pem"


@dataclass(frozen=True, slots=True)
class ProofFacts:
    """One event and its capture.

    `change` is the change in the form of the capture, None for a baseline or a suspicious snapshot. `wire` has the
    facts about the pages as they were fetched: of this capture, or of the earlier one whose pages were accepted later.
    `start` is the link before the folder's part of the chain, `head` the last one in it, which stamps are of.
    `witnesses` has what third parties say, by the file with the answer of each.
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
    witnesses: Mapping[str, Statement]
    zone: tzinfo
