"""All proposals for a page, the best first."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from sources import Page, SourceError
from sources.options import HttpOptions
from watcher.propose.proposal import Proposal, Sketch, tried

READERS = (
    "documents.claimed",
    "documents.feed",
    "documents.json",
    "documents.csv",
    "documents.xlsx",
    "documents.xml",
    "documents.pdf",
    "page.html",
)  # modules below this package
MOST = 5
LEAST_SCORE = 0.4  # what scores less repeats, but is no register


def find(page: Page, http: HttpOptions) -> list[Proposal]:
    """The proposals whose kind can read the page, the best first. The source will get its wire options from `http`."""
    found: list[Proposal] = []
    for sketch in sorted(_all(page, http.max_bytes), key=lambda sketch: -sketch.score):
        if sketch.score < LEAST_SCORE or len(found) == MOST:
            break
        held = _worked_out(sketch, page, http)
        if held and not any(_same(held, other) for other in found):
            found.append(held)
    return found or _whole_text(page, http)


def _worked_out(sketch: Sketch, page: Page, http: HttpOptions) -> Proposal | None:
    try:
        proposal = sketch.work_out()
    except SourceError:  # a document that breaks off after a valid beginning
        return None
    return proposal and tried(proposal, page, http)


def _whole_text(page: Page, http: HttpOptions) -> list[Proposal]:
    """If nothing repeats on an HTML page, propose to watch its text."""
    try:
        readable = len(page.html) > 0
    except SourceError:
        readable = False
    text = Proposal("text", {}, "a page on which nothing repeats like a list: its text, as one entry")
    held = tried(text, page, http) if readable else None
    return [held] if held else []


def _all(page: Page, limit: int | None) -> Iterator[Sketch]:
    for name in READERS:
        try:
            yield from import_module(f"watcher.propose.{name}").propose(page, limit)
        except SourceError:
            continue


def _same(one: Proposal, other: Proposal) -> bool:
    """Whether two proposals read the same entries with different selectors."""
    return len(one.entries) == len(other.entries) and [entry.title for entry in one.entries] == [
        entry.title for entry in other.entries
    ]
