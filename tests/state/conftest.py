from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sources import Entry, Listing
from state.compare.diff import Differ
from state.model import (
    NOTHING,
    Acceptance,
    Commit,
    Delivery,
    Difference,
    Event,
    EventKind,
    Known,
    Message,
    SourceState,
    Standing,
    StoredEntry,
    StoredPage,
)
from state.store import Store
from tests import postgres
from tests.storing import add_event

NOON = datetime(2025, 7, 14, 12, 0, tzinfo=UTC)


class Ledger:
    """The stored entries of one source, in memory, updated by the Differ's differences."""

    def __init__(self, listing: Listing = "complete", ignore: Collection[str] = ()) -> None:
        self.listing: Listing = listing
        self.ignore = ignore
        self.rows: dict[int, tuple[bytes, Entry, Standing]] = {}
        self.order: Sequence[str] = ()
        self.digest = b""
        self.loaded: list[int] = []

    def check(self, *entries: Entry, whole: bool = True, adds: bool = False) -> Difference:
        """Compare a snapshot with what is stored, and store it."""
        differ = Differ(self.known, self.digest, self.listing, self.ignore)
        for entry in entries:
            differ.see(entry)
        difference = differ.finish(whole=whole, adds=adds)
        self.take(difference)
        return difference

    def known(self) -> Known:
        marks = {
            mark: StoredEntry(number, entry.key, standing) for number, (mark, entry, standing) in self.rows.items()
        }
        assert len(marks) == len(self.rows), "two rows with one fingerprint"
        present = b"".join(mark for mark, row in marks.items() if row.standing is Standing.PRESENT)
        return Known(lambda: present, lambda *_: marks.items(), self.order, self.contents)

    def contents(self, ids: Collection[int]) -> dict[int, Entry]:
        self.loaded += ids
        return {number: self.rows[number][1] for number in ids}

    def take(self, difference: Difference) -> None:
        for number, standing in difference.stand.items():
            mark, entry, _ = self.rows[number]
            self.rows[number] = mark, entry, standing
        for number, (mark, entry) in difference.update.items():
            self.rows[number] = mark, entry, self.rows[number][2]
        for mark, entry in difference.insert:
            self.rows[len(self.rows) + 1] = mark, entry, Standing.PRESENT
        self.order, self.digest = difference.order, difference.digest

    def present(self) -> list[Entry]:
        return [entry for _, entry, standing in self.rows.values() if standing is Standing.PRESENT]


class Desk:
    """A store with shortcuts: commit one check of a source, store an alert."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def check(
        self, name: str, entries: Iterable[Entry], pages: Sequence[StoredPage] = (), **wanted: bool
    ) -> Difference:
        """Compare a snapshot with what is stored, and commit it."""
        fresh, state = wanted.get("fresh", False), self.store.source(name)
        known, digest = (NOTHING, b"") if fresh else (self.store.known(name), state.digest)
        differ = Differ(known, digest, "window" if wanted.get("window") else "complete")
        for entry in entries:
            differ.see(entry)
        difference = differ.finish()
        after = replace(state, entries=difference.count)
        accepted = Acceptance(difference, pages, "reading", "place", fresh=fresh)
        self.store.commit(name, lambda _: Commit(after, accepted))
        return difference

    def alert(self, *channels: str, source: str = "register", due: datetime = NOON, **data: str) -> Event:
        """Store an event that is to be delivered."""
        event = Event(EventKind.CHANGE, source, "The register", "record", NOON, None, data)
        return add_event(self.store, event, channels, due)

    def compose(self, *deliveries: Delivery, key: str = "key", now: datetime = NOON) -> Message:
        """Store a message made of deliveries, or of all that are due."""
        members = deliveries or self.store.outbox.due(now)
        ids = [delivery.id for delivery in members]
        message = self.store.outbox.compose(members[0].channel, key, "title", "text", "<p>html</p>", ids, now)
        assert message is not None
        return message


@pytest.fixture(scope="session")
def new_ledger() -> type[Ledger]:
    return Ledger


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def window() -> Ledger:
    return Ledger("window")


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def name() -> Iterator[str]:
    """A database that the PostgreSQL server lends."""
    server = postgres.shared()
    name = server.lend()
    yield name
    server.give_back(name)


@pytest.fixture
def url(state_url: str) -> str:
    return state_url


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as opened:
        yield opened


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


@pytest.fixture
def state() -> SourceState:
    return SourceState("register")
