"""A configured source with what its check needs around it."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.watchlist import Watchlist
from sources import Source
from sources.options import HttpOptions
from state.diff import Differ
from state.mark import place_mark, reading_mark
from state.model import Known, SourceState
from state.store import Store

DEFAULT_MAX_PAGES = 50

NOTHING = Known(marks={}, order=(), contents=lambda _: {})


@dataclass(frozen=True, slots=True)
class Watched:
    """A source by its name, the state it is compared with, and who is looked for in it."""

    name: str
    source: Source
    store: Store
    watchlist: Watchlist
    max_pages: int

    def differ(self, state: SourceState) -> Differ:
        """A differ against what is known, which it loads only when the snapshot's digest is another."""
        if self.is_new(state):
            return Differ(NOTHING, b"", self.source.listing, self.source.ignore)
        return Differ(lambda: self.store.known(self.name), state.digest, self.source.listing, self.source.ignore)

    def is_new(self, state: SourceState) -> bool:
        """Whether the next snapshot is a baseline: nothing was accepted yet, or the source now stands elsewhere."""
        return state.revision == 0 or state.place != place_mark(self.source)

    def is_edited(self, state: SourceState) -> bool:
        """Whether the options or the kind's reader are not those that the stored pages were read with."""
        return state.reading != reading_mark(self.source)


def max_pages(source: Source, http: HttpOptions) -> int:
    """The most requests that one check of the source may make."""
    return source.max_pages or http.max_pages or DEFAULT_MAX_PAGES
