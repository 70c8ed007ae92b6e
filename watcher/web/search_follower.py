"""The thread that compares the index with the state, source by source, and writes what differs.

A source whose stamp moved is compared by the fingerprints of its entries, along an index of the state and in short
transactions. So what no event tells of is found, too: a first snapshot, a silent re-reading, an entry that scrolled
off.
A large source that changes all the time is compared so seldom that it takes a twentieth of the time.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from contextlib import suppress
from typing import NamedTuple

from state.errors import StateError
from state.model import Standing
from state.storage.browsing import EntryFingerprint, EntryPage, SourceStamp
from state.store import Store
from watcher.web.search_index import (
    LAST_MARK,
    LONGEST,
    PRESENT,
    Document,
    EntryIndex,
    is_damaged,
    query_of,
    scope_of,
    words_of,
)

_log = logging.getLogger(__name__)

PAUSE = 2.0  # seconds between two looks at the stamps
SHARE = 20  # a source that took a second is compared again after so many seconds
BLOCK = 500  # entries that are compared, and written, together
MOST_KNOWN = 5000  # of the index, beside a block: there are more where most of a source was replaced
AFTER_A_FAULT = 60.0  # seconds


class SearchStatus(NamedTuple):
    """Whether the index has all entries, how many it has, and why it cannot be used ("" if it can)."""

    ready: bool
    entries: int
    trouble: str = ""


class Search(NamedTuple):
    """What is looked for: words, in one source ("": in all of them), and only where it is still `present`."""

    text: str
    source: str = ""
    present: bool = False


class Follower:
    """Keeps an index up to date with a state, in a thread of its own from `start` to `stop`."""

    def __init__(self, store: Store, index: EntryIndex) -> None:
        self._store, self._index = store, index
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="search-index", daemon=True)
        self._again: dict[int, float] = {}  # when a source may be compared again, by the monotonic clock
        self.is_ready = False  # whether the index has all entries
        self._trouble = ""

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def stop(self) -> None:
        """End within a block's time."""
        self._stopped.set()
        self._thread.join(timeout=10)
        if not self._thread.is_alive():
            self._index.close()

    def status(self) -> SearchStatus:
        """The index as it is now."""
        try:
            return SearchStatus(self.is_ready, self._index.count(), self._trouble)
        except sqlite3.Error as error:
            return SearchStatus(ready=False, entries=0, trouble=self._trouble or str(error))

    def find(
        self,
        wanted: Search,
        *,
        below: int | None = None,
        above: int | None = None,
        limit: int = 50,
        longest: int | None = None,
    ) -> EntryPage:
        """The entries that have all words of a text: the newest first, or those above a number in their order.

        Of their texts, the first `longest` characters. Those that have gone from the state since are left out. Raises
        StateError, SlowSearchError, and sqlite3.Error where the index cannot be used.
        """
        source = self._store.entries.source_number(wanted.source) if wanted.source else None
        if wanted.source and source is None:
            return EntryPage((), None)
        query = query_of(wanted.text, source=source, present=wanted.present)
        numbers = self._index.search(query, below=below, above=above, limit=limit + 1) if query else []
        there = self._store.entries.entries(numbers[:limit], longest=longest)
        found = [there[number] for number in numbers[:limit] if number in there]
        if wanted.present:
            found = [each for each in found if each.standing is Standing.PRESENT]
        return EntryPage(found, numbers[limit - 1] if len(numbers) > limit else None)

    def catch_up(self) -> None:
        """Compare what differs now. Raises StateError and sqlite3.Error."""
        if self._index.prepare():
            self.is_ready = False
            self._again.clear()
        stamps = {each.id: each for each in self._store.entries.stamps()}
        known = self._index.stamps()
        for source in known.keys() - stamps.keys():
            while gone := self._index.find_known(source, b"", LAST_MARK, BLOCK):
                self._index.write(source, gone, ())
            self._index.forget(source)
        for source, stamp in stamps.items():
            if self._stopped.is_set():
                return
            if known.get(source) != _text(stamp) and self._again.get(source, 0.0) <= time.monotonic():
                self._compare(stamp)
        self.is_ready = True

    def _run(self) -> None:
        while not self._stopped.is_set():
            pause = PAUSE
            try:
                self.catch_up()
                self._trouble = ""
            except StateError as error:
                _log.info("the search index waits for the state: %s", error)
            except (sqlite3.Error, OSError) as error:
                pause = AFTER_A_FAULT
                self._trouble, self.is_ready = str(error), False
                _log.warning("the search index cannot be used: %s", error)
                if is_damaged(error):
                    with suppress(OSError):  # then the next look says why
                        self._index.clear()
            except Exception:  # noqa: BLE001 - an index must not end for one odd entry; the log has the traceback
                pause = AFTER_A_FAULT
                self._trouble = "an unexpected fault: the log of the service says more"
                _log.exception("the search index cannot be kept up to date")
            self._stopped.wait(pause)

    def _compare(self, stamp: SourceStamp) -> None:
        """Compare a source to its end, in blocks in the order of the fingerprints."""
        began, after = time.monotonic(), b""
        while not self._stopped.is_set():
            block_began = time.monotonic()
            block = self._store.entries.fingerprints(stamp.id, after, BLOCK)
            if not block:
                while gone := self._index.find_known(stamp.id, after, LAST_MARK, BLOCK):
                    self._index.write(stamp.id, gone, ())
                self._index.settle(stamp.id, _text(stamp))
                break
            known = self._index.find_known(stamp.id, after, block[-1].mark, MOST_KNOWN)
            after = block[-1].mark if len(known) < MOST_KNOWN else known[-1].mark
            self._write(stamp.id, set(known), {each for each in block if each.mark <= after})
            self._stopped.wait(time.monotonic() - block_began)  # half of the time is for those who look
        self._again[stamp.id] = time.monotonic() + SHARE * (time.monotonic() - began)

    def _write(self, source: int, known: set[EntryFingerprint], block: set[EntryFingerprint]) -> None:
        new = {each.id: each for each in block - known}
        if not new and known <= block:
            return
        found = self._store.entries.entries(list(new), longest=LONGEST)
        documents = list[Document]()
        for number, seen in found.items():
            present = PRESENT if new[number].standing.partition(" ")[0] == "present" else "gone"
            documents.append(Document(new[number], f"{scope_of(source)} {present}", words_of(seen.entry)))
        self._index.write(source, known - block, documents)


def _text(stamp: SourceStamp) -> str:
    return f"{stamp.name} {stamp.revision} {stamp.digest.hex()} {stamp.accepted}"
