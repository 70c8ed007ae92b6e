"""The captures of others in the state: contents are stored once, captures come in any order, and all can be taken away."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sources import Entry
from state.db.limited import VisibleNames
from state.model import PastCapture, PastWitness
from state.model.past import pack_numbers, unpack_numbers
from state.storage.past import CaptureTimes
from state.store import Store

DAY = [datetime(2019, 4, day, tzinfo=UTC) for day in range(1, 6)]
ENTRIES = {name.encode(): Entry(name) for name in "abc"}


def capture(day: int, kind: str = "folder", reason: str = "") -> PastCapture:
    return PastCapture(PastWitness(kind, f"{day}.html", DAY[day]), b"body", "reading", reason, file="kept.warc")


def write(store: Store, made: PastCapture, *names: str, source: str = "one") -> PastCapture:
    """Write a capture with these entries."""
    known = store.past.numbers(source)
    marks = [name.encode() for name in names]
    new = [(mark, ENTRIES[mark]) for mark in marks if mark not in known]
    return store.past.write(source, made, [known.get(mark, mark) for mark in marks], new)[0]


@pytest.mark.parametrize("numbers", [[], [7], [1, 2, 3], [3, 1, 2, 9, 10]])
def test_numbers_are_packed_in_their_order(numbers: list[int]) -> None:
    assert unpack_numbers(pack_numbers(numbers)) == numbers


def test_a_content_is_stored_once_and_captures_come_in_the_order_of_time(store: Store) -> None:
    later, earlier = write(store, capture(3), "a", "b"), write(store, capture(1), "b", "c")
    assert [each.id for each in store.past.captures("one")] == [earlier.id, later.id]
    assert store.past.captures("one")[1] == later
    contents = store.past.contents([*later.present, *earlier.present])
    assert [contents[number].key for number in (*later.present, *earlier.present)] == ["a", "b", "b", "c"]
    assert len(store.past.numbers("one")) == 3
    assert list(store.past.with_key("one", "b").values()) == [Entry("b")]


def test_a_capture_of_the_same_witness_and_time_is_written_in_its_place(store: Store) -> None:
    for names in ("a", "ab"):
        write(store, capture(1), *names)
    write(store, capture(1, kind="warc"), "a")
    assert [(each.witness.kind, len(each.present)) for each in store.past.captures("one")] == [
        ("folder", 2),
        ("warc", 1),
    ]


def test_the_times_around_a_moment_are_those_of_believed_captures(store: Store) -> None:
    for day in (0, 2):
        write(store, capture(day), "a")
    doubted = write(store, capture(4, reason="mass_loss"), "b")
    assert store.past.times("one", DAY[1]) == CaptureTimes(DAY[0], DAY[0], DAY[2])
    assert store.past.times("one", DAY[2]) == CaptureTimes(DAY[0], DAY[2], None)
    store.past.judge(doubted, "", "")
    assert store.past.times("one", DAY[2]) == CaptureTimes(DAY[0], DAY[2], DAY[4])
    assert store.past.times("two", DAY[2]) == CaptureTimes(None, None, None)


def test_one_source_is_forgotten_alone(store: Store) -> None:
    for source in ("one", "two"):
        write(store, capture(1), "a", source=source)
    assert [each.file for each in store.past.forget("one")] == ["kept.warc"]
    assert store.past.captures("one") == []
    assert store.past.numbers("one") == {}
    assert len(store.past.captures("two")) == len(store.past.numbers("two")) == 1


def test_a_limited_reader_sees_the_past_of_his_sources_and_of_entities_none(store: Store) -> None:
    for source in ("one", "two"):
        write(store, capture(1), "a", source=source)
    seen = store.limited(VisibleNames(("one",)))
    assert [len(seen.history.life(source, "a")) for source in ("one", "two")] == [1, 0]
    assert [each.entry.key for each in seen.history.entries("one", DAY[2])] == ["a"]
    assert seen.history.horizon("two") is None
    of_entities = store.limited(VisibleNames(("one", "two"), ("sable",), cases=True))
    assert of_entities.history.horizon("one") is None
    assert of_entities.history.life("one", "a") == list(of_entities.history.entries("one", DAY[2])) == []


def test_the_past_goes_with_a_source_that_is_renamed(store: Store, desk: Any) -> None:
    write(store, capture(1), "a", source="former")
    desk.check("former", [Entry("a")], fresh=True)
    store.adopt("renamed", ["former"])
    assert [len(store.history.life(name, "a")) for name in ("former", "renamed")] == [0, 2]
