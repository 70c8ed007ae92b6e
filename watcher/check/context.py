"""A configured source with what its check needs around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from alerts.matching.lazy_watchlist import LazyWatchlist
from sources import Source
from sources.options import most_pages
from sources.reading.profile import Profile
from state.compare.diff import Differ
from state.compare.fingerprints import place_fingerprint, reading_fingerprint
from state.model import NOTHING, Known, Prefetched, SourceState
from state.store import Store

if TYPE_CHECKING:
    from alerts.matching.watchlist import Watchlist


@dataclass(frozen=True)
class Watched:
    """A source by its name, the state it is compared with, and who is looked for in it, for one check.

    `prefetched` is what was loaded of the state beforehand, for many sources at once.
    """

    name: str
    source: Source
    store: Store
    watchlist: LazyWatchlist | Watchlist
    hide: Callable[[str], str] = str  # a secret that was renewed makes no other place, and no other reading
    prefetched: Prefetched | None = None

    def known(self) -> Prefetched:
        """What is known of it, as the check begins."""
        return self.prefetched or self.store.prefetch([self.name])[self.name]

    @property
    def max_pages(self) -> int:
        """The most requests that one check may make."""
        return most_pages(self.source)

    @cached_property
    def reading(self) -> str:
        """The fingerprint of how its pages are read: options and reader, and how many pages at most."""
        return f"{reading_fingerprint(self.source, self.hide)} {self.max_pages}"

    @cached_property
    def place(self) -> str:
        """The fingerprint of where it is."""
        return place_fingerprint(self.source, self.hide)

    def differ(self, state: SourceState, *, keys: bool = False) -> Differ:
        """A differ against what is known, which it loads only when it has to; with `keys` it keeps all keys."""
        if self.is_new(state):
            return differ(self.source, NOTHING, b"", keys=keys)
        return differ(self.source, lambda: self.store.known(self.name), state.digest, keys=keys)

    def is_new(self, state: SourceState) -> bool:
        """Whether the next snapshot is a baseline: nothing was accepted yet, or the source now stands elsewhere."""
        return state.revision == 0 or state.place != self.place

    def is_edited(self, state: SourceState) -> bool:
        """Whether the options or the kind's reader are not those that the stored pages were read with."""
        return state.reading != self.reading


def differ(source: Source, known: Known | Callable[[], Known], digest: bytes, *, keys: bool = False) -> Differ:
    """A differ for a source's snapshots, against what is known and its fingerprint."""
    profile = Profile(source.expect.required, source.expect.key_pattern)
    return Differ(known, digest, source.listing, source.ignore, profile, keys=keys)
