"""The history in the store: what the real cycle does not bring about often."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sources import Entry
from state.errors import StateError
from state.store import Store

MANY = 10_500  # new entries: more than go into the transaction of the check


def keys(store: Store, at: datetime) -> list[str]:
    return [each.entry.key for each in store.history.entries("register", at)]


def test_a_large_snapshot_that_is_written_in_parts_is_undone_as_a_whole(desk: Any) -> None:
    first = [Entry(f"old {number}") for number in range(3)]
    desk.check("register", first, fresh=True)
    desk.check("other", [Entry("of another source")], fresh=True)
    then = datetime.now(UTC)
    desk.check("register", [*first, *(Entry(f"new {number}") for number in range(MANY))])
    assert keys(desk.store, then) == [entry.key for entry in first]
    assert len(keys(desk.store, datetime.now(UTC))) == MANY + 3
    told = desk.store.history.between("register", then, datetime.now(UTC))
    assert (len(told.added), told.removed, told.changed) == (MANY, [], [])


def test_a_page_of_entries_begins_behind_a_row(desk: Any) -> None:
    desk.check("register", [Entry(f"{number}") for number in range(10)], fresh=True)
    then = datetime.now(UTC)
    desk.check("register", [Entry(f"{number}") for number in range(5, 10)])
    rows = [each.row for each in desk.store.history.entries("register", then)]
    assert [each.entry.key for each in desk.store.history.entries("register", then, above=rows[3])] == list("456789")


def test_a_source_that_is_forgotten_leaves_no_history(desk: Any) -> None:
    desk.check("register", [Entry("a")], fresh=True)
    desk.check("register", [Entry("b")])
    desk.store.forget("register")
    assert keys(desk.store, datetime.now(UTC)) == []
    assert desk.store.history.horizon("register") is None
    desk.check("register", [Entry("c")], fresh=True)
    assert [value.kind for value in desk.store.history.life("register", "c")] == ["first"]


def test_a_history_with_a_row_missing_is_an_error_and_no_answer(desk: Any) -> None:
    desk.check("register", [Entry("a", fields={"value": 1})], fresh=True)
    then = datetime.now(UTC)
    desk.check("register", [Entry("a", fields={"value": 2})])
    with desk.store._database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM entries")
    with pytest.raises(StateError, match="the history is not complete"):
        keys(desk.store, then)
