"""A source with everything that its check needs; the state of many sources is loaded together."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from alerts.matching.watchlist import Watchlist
from sources import Source
from sources.options import most_pages
from sources.reading.entry_fingerprints import OWN_LINK
from sources.reading.known_filter import Profile
from state.compare.diff import Differ
from state.compare.reader_fingerprints import place_fingerprint, reading_fingerprint
from state.model import NOTHING, Known, Prefetched, SourceState
from state.model.past import Listed, find_listed, line_up
from state.store import Store
from watcher.check.outcome import Accepted, Checked

log = logging.getLogger(__name__)

FRESH = 1.0  # seconds for which a prefetched state is used


@dataclass(frozen=True)
class CheckTarget:
    """The context of one check: the source, its name, the store, and the entities to look for.

    `prefetched` is the source's state, if it was loaded beforehand together with that of other sources. `hide` masks
    secrets, so that a changed secret does not change the fingerprints. `slot` is the due time for which the source was
    claimed, if it was: the check is for no other. A second look comes after a `pause`.
    """

    name: str
    source: Source
    store: Store
    watchlist: Watchlist
    hide: Callable[[str], str] = str  # masks secrets in a text
    prefetched: Prefetched | None = None
    slot: datetime | None = None
    pause: timedelta = timedelta()

    def read_state(self) -> Prefetched:
        """The source's state as the check begins, with its stored pages."""
        return self.prefetched or self.store.prefetch([self.name])[self.name]

    @property
    def max_pages(self) -> int:
        """The most requests that one check may make."""
        return most_pages(self.source)

    @cached_property
    def reading(self) -> str:
        """The fingerprint of how the pages are read: the options, the reader's code and `max_pages`."""
        return f"{reading_fingerprint(self.source, self.hide)} {self.max_pages}"

    @cached_property
    def place(self) -> str:
        """The fingerprint of the source's location. A change of it makes the next snapshot a baseline."""
        return place_fingerprint(self.source, self.hide)

    def differ(self, state: SourceState, *, keys: bool = False) -> Differ:
        """A differ against the known entries, which are loaded only if needed. With `keys` it keeps all keys."""
        known = (NOTHING, b"") if self.is_new(state) else (lambda: self.store.known(self.name), state.digest)
        return differ(self.source, *known, keys=keys)

    def is_new(self, state: SourceState) -> bool:
        """Whether the next snapshot is a baseline: none was accepted yet, or the location changed."""
        return state.revision == 0 or state.place != self.place

    def is_edited(self, state: SourceState) -> bool:
        """Whether the options or the reader's code differ from those with which the stored pages were read."""
        return state.reading != self.reading


class Prefetch:
    """Loads states ahead. If another process writes meanwhile, the commit of the check detects it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ahead: dict[str, Prefetched] = {}
        self._until = 0.0

    def of(self, names: Sequence[str], soon: Callable[[], Sequence[str]]) -> list[Prefetched | None]:
        """The states of these sources as their checks begin; None if the state cannot be read (the check will report
        it).

        `soon` returns the names of the sources that are next.
        """
        if time.monotonic() > self._until:
            self._ahead.clear()
        if any(name not in self._ahead for name in names):
            try:
                self._ahead.update(self._store.prefetch(list(dict.fromkeys((*names, *soon())))))
            except Exception as error:  # noqa: BLE001 - what is wrong with one of them must not keep the others
                log.debug("the states of %d sources cannot be loaded together: %s", len(names), error)
                return [None] * len(names)
            self._until = time.monotonic() + FRESH
        return [self._ahead.pop(name) for name in names]


def read_listed(store: Store, name: str, checked: Checked) -> Listed:
    """Since when others have had the entries of a first snapshot that mention somebody, by key. Raises StateError."""
    found = checked.found
    if checked.base or not isinstance(found, Accepted) or not found.baseline or not found.mentioning:
        return {}
    captures = line_up(store.past.captures(name))
    keys = {each.entry.key for each in found.mentioning}
    return find_listed(captures, store.past.numbers_of(name, keys)) if captures else {}


def differ(source: Source, known: Known | Callable[[], Known], digest: bytes, *, keys: bool = False) -> Differ:
    """A differ for a source's snapshots, against the known entries and their fingerprint."""
    ignore = source.uncompared
    profile = Profile(source.expect.required, source.expect.key_pattern, links=OWN_LINK not in ignore)
    return Differ(known, digest, source.listing, ignore, profile, keys=keys)
