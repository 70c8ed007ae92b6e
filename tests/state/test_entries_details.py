"""The details of entries in the state, on both databases: which are due, and what their undo is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from sources import Entry
from sources.reading.entry_fingerprints import entry_fingerprint
from state.model import Acceptance, Commit, Detail, DetailRead, Difference, SourceState
from state.store import Store

NOON = datetime(2025, 7, 16, 12, tzinfo=UTC)
ENTRIES = [Entry(f"No {number}", fields={"name": "A"}) for number in range(3)]


@pytest.fixture
def store(state_url: str) -> Iterator[Store]:
    """A state with three entries of one source."""
    with Store.open(state_url) as opened:
        new = [(entry_fingerprint(entry), entry) for entry in ENTRIES]
        difference = Difference((), new, {}, {}, b"", 3, ())
        opened.commit(
            "it", lambda _: Commit(SourceState("it", tried=NOON), Acceptance(difference, (), "", "", fresh=True))
        )
        yield opened


def read(store: Store, number: int, detail: Detail, after: timedelta) -> None:
    reads = [DetailRead(entry_fingerprint(ENTRIES[number]), detail, NOON + after)]
    store.commit("it", lambda state: Commit(state, details=reads))


def due(store: Store, made: str = "m", after: timedelta = timedelta(), limit: int = 9) -> list[str]:
    return [each.entry.key for each in store.details.due("it", made, NOON + after, limit)]


def test_those_without_a_detail_come_first_then_the_longest_due(store: Store) -> None:
    read(store, 0, Detail({"status": "Active"}, "m"), timedelta(days=2))
    read(store, 1, Detail({"status": "Active"}, "m"), timedelta(days=1))
    assert due(store) == ["No 2"]
    assert due(store, after=timedelta(days=3)) == ["No 2", "No 1", "No 0"]
    assert due(store, after=timedelta(days=3), limit=2) == ["No 2", "No 1"]


def test_those_read_in_another_way_are_due_but_one_that_failed_waits(store: Store) -> None:
    read(store, 0, Detail({"status": "Active"}, "m"), timedelta(days=2))
    read(store, 1, Detail(trouble="http_404"), timedelta(hours=1))
    read(store, 2, Detail({}, "m"), timedelta(days=2))
    assert (due(store), due(store, "other")) == ([], ["No 0", "No 2"])
    assert due(store, after=timedelta(hours=2)) == ["No 1"]
    assert store.details.troubles("it") == {"No 1": "http_404"}


def test_the_fields_stand_with_the_entry_and_by_its_key(store: Store) -> None:
    read(store, 0, Detail({"status": "Active"}, "m"), timedelta(days=2))
    entries = {each.key: each.fields for each in store.entities.read_stored("it")}
    assert entries["No 0"] == {"name": "A", "status": "Active"}
    assert [each.fields for each in store.details.of("it", ["No 0"])["No 0"]] == [{"status": "Active"}]
