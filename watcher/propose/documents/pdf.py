"""The proposal for a PDF file: its text. Nothing of it is parsed here, but where its kind reads it."""

from __future__ import annotations

from collections.abc import Iterator

from sources import Page
from watcher.propose.proposal import Proposal, Sketch

_SCORE = 2.0
_WHAT = (
    'a PDF file: its text, as one entry; where it has a table, kind = "pdf_table" with the column of its key reads that'
    " row by row"
)


def propose(page: Page, _limit: int | None) -> Iterator[Sketch]:
    """The text of the file."""
    if page.body.startswith(b"%PDF-"):
        yield Sketch(_SCORE, lambda: Proposal("pdf_text", {}, _WHAT))
