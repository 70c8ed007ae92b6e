"""What undoes a change, and how many checks a day had."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sources import Entry
from state.history.undo import (
    CHECK,
    RowBefore,
    UndoRecord,
    complete,
    difference,
    pack,
    ranges,
    restore,
    rows_json,
    whole,
)
from state.model import DayTally, Standing, add_check, day_tally

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
TEXTS = st.text(alphabet="ab \n", max_size=4).map(lambda text: text * 300) | st.text(max_size=8)
ENTRIES = st.builds(
    Entry,
    st.just("key"),
    TEXTS,
    st.dictionaries(st.sampled_from(["a", "b", "title"]), TEXTS),
    st.none() | st.sampled_from(["https://a.example/1", "https://a.example/2"]),
    st.none() | st.sampled_from([NOON, NOON + timedelta(seconds=1)]),
    TEXTS,
)


@given(before=ENTRIES, after=ENTRIES)
def test_what_differs_leads_back_to_the_entry_before(before: Entry, after: Entry) -> None:
    assert restore(after, json.loads(json.dumps(difference(before, after)))) == before
    assert complete(json.loads(json.dumps(whole(before)))) == before


def test_a_long_text_is_kept_only_where_it_differs() -> None:
    pages = ["word " * 100_000 + middle + "end " * 100_000 for middle in ("one", "another")]
    before, after = (Entry("page", text=page) for page in pages)
    assert len(json.dumps(difference(before, after))) < 100
    assert restore(after, difference(before, after)) == before


def test_an_undo_is_packed_and_unpacked() -> None:
    rows = [RowBefore(7, Standing.REMOVED, None), RowBefore(9, Standing.PRESENT, {"fields": {"a": None}})]
    undo = UndoRecord(NOON, None, CHECK, pack(rows_json(rows), ranges([1, 2, 3, 8]))).undo
    assert (undo.rows, undo.born) == (rows, [(1, 3), (8, 8)])
    assert [row for row in range(10) if undo.is_born(row)] == [1, 2, 3, 8]


def test_the_checks_of_a_day_are_counted_until_the_next_one_begins() -> None:
    tally, ended = add_check(0, NOON, read=True)
    for hour, read in ((1, True), (2, False)):
        tally, ended = add_check(tally, NOON + timedelta(hours=hour), read=read)
        assert ended == 0
    tally, ended = add_check(tally, NOON + timedelta(days=1), read=True)
    assert day_tally(ended) == DayTally(NOON.date(), 2, 1)
    assert day_tally(tally) == DayTally(NOON.date() + timedelta(days=1), 1, 0)
