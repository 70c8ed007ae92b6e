"""The past that others kept, joined with a source's own history when it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sources import Entry
from sources.reading.entry_fingerprints import entry_fingerprint
from state.history.history import CAPTURES, FIRST_CAPTURE, Gap
from state.history.life import Value
from state.model import PastCapture, PastWitness, Standing
from state.store import Store

DAY = [datetime(2019, 4, day, tzinfo=UTC) for day in range(1, 10)]


def entry(text: str) -> Entry:
    """`a1` has the key a and the value 1."""
    return Entry(text[0], fields={"value": text[1:]})


class Others:
    """Puts captures of others into a state."""

    def __init__(self, store: Store, *, is_window: bool = False) -> None:
        self.store, self.is_window = store, is_window

    def capture(
        self, at: datetime, *entries: str, kind: str = "folder", reason: str = "", reading: str = "today"
    ) -> PastWitness:
        """A capture with these entries."""
        witness = PastWitness(kind, f"{at:%Y-%m-%d}.html", at)
        filled = {"value": len(entries)}
        made = PastCapture(witness, b"", reading, reason, filled=filled, is_window=self.is_window)
        marks = {entry_fingerprint(entry(each)): entry(each) for each in entries}
        known = self.store.past.numbers("register")
        new = [(mark, each) for mark, each in marks.items() if mark not in known]
        self.store.past.write("register", made, [known.get(mark, mark) for mark in marks], new)
        return witness


@pytest.fixture
def others(store: Store) -> Others:
    return Others(store)


def life(store: Store, key: str) -> list[tuple[Any, ...]]:
    """The values: what each says ("" for not there), its kind, since, until, and the check before."""
    return [_told(each) for each in store.history.life("register", key)]


def _told(value: Value) -> tuple[Any, ...]:
    says = " ".join(each.fields["value"] for each in value.entries)
    return says, value.kind, value.since, value.until, value.checked_before


def keys(store: Store, at: datetime) -> Sequence[str]:
    return [each.entry.key + each.entry.fields["value"] for each in store.history.entries("register", at)]


def begun(store: Store) -> datetime:
    """When the own history began."""
    horizon = store.history.own_horizon("register")
    assert horizon
    assert horizon.since
    return horizon.since


def test_past_values_come_first_and_the_first_own_one_was_checked_at_the_last_capture(
    store: Store, desk: Any, others: Others
) -> None:
    first, second = others.capture(DAY[0], "b1"), others.capture(DAY[1], "a1", "b1")
    third = others.capture(DAY[3], "a2", "b1")
    desk.check("register", [entry("a2"), entry("c1")], fresh=True)
    here = begun(store)
    assert life(store, "a") == [
        ("1", "added", DAY[1], DAY[3], DAY[0]),
        ("2", "changed", DAY[3], here, DAY[1]),
        ("2", "first", here, None, DAY[3]),
    ]
    assert [each.witness for each in store.history.life("register", "a")] == [second, third, None]
    assert store.history.life("register", "b")[0].witness == first
    assert life(store, "b") == [("1", "first", DAY[0], here, None), ("", "removed", here, None, DAY[3])]
    assert life(store, "c") == [("1", "first", here, None, DAY[3])]


def test_an_entry_that_only_others_saw_has_a_life(store: Store, others: Others) -> None:
    for day, entries in enumerate([["a1", "b1"], ["b1"], ["b1"], ["a1", "b1"]]):
        others.capture(DAY[day], *entries)
    assert life(store, "a") == [
        ("1", "first", DAY[0], DAY[1], None),
        ("", "removed", DAY[1], DAY[3], DAY[0]),
        ("1", "reappeared", DAY[3], None, DAY[2]),
    ]
    assert keys(store, DAY[1] + timedelta(hours=1)) == ["b1"]
    assert keys(store, DAY[0] - timedelta(seconds=1)) == []
    assert store.history.life("register", "x") == []


def test_what_changed_with_the_layout_that_it_was_read_by_was_read_otherwise(store: Store, others: Others) -> None:
    others.capture(DAY[0], "a1", reading="earlier")
    others.capture(DAY[1], "a2")
    assert [each[1] for each in life(store, "a")] == ["first", "reread"]


def test_two_witnesses_of_one_second_that_disagree_are_both_told(store: Store, others: Others) -> None:
    others.capture(DAY[0], "a1")
    one, other = others.capture(DAY[1], "a2", kind="folder"), others.capture(DAY[1], "a3", "b1", kind="warc")
    others.capture(DAY[2], "a2")
    assert [(_told(each)[0], each.until, each.witness, each.disputes) for each in store.history.life("register", "a")][
        1:
    ] == [("2", None, one, False), ("3", DAY[2], other, True)]
    assert [(_told(each), each.disputes) for each in store.history.life("register", "b")] == [
        (("1", "added", DAY[1], DAY[2], DAY[0]), True)
    ]
    told = [(each.entry, each.witness, each.disputes) for each in store.history.entries("register", DAY[1])]
    assert told == [(entry("a2"), one, False), (entry("a3"), other, True), (entry("b1"), other, True)]


def test_an_entry_of_a_past_time_says_between_which_captures_it_came(store: Store, desk: Any, others: Others) -> None:
    for day, entries in enumerate([["a1"], ["a1", "b1"], ["a1", "b1"], ["b2", "a1"]]):
        others.capture(DAY[day], *entries)
    desk.check("register", [entry("a1")], fresh=True)
    told = {each.entry.key: each for each in store.history.entries("register", DAY[2])}
    assert (told["a"].since, told["a"].checked_before) == (DAY[0], None)
    assert (told["b"].since, told["b"].checked_before) == (DAY[1], DAY[0])
    assert {each.witness and each.witness.at for each in told.values()} == {DAY[2]}
    rows = [each.row for each in told.values()]
    assert [each.row for each in store.history.entries("register", DAY[2], above=rows[0])] == rows[1:]
    own = next(iter(store.history.entries("register")))
    assert (own.since, own.checked_before, own.witness) == (begun(store), None, None)  # then, or before


def test_a_capture_that_is_not_believed_is_no_part_of_it(store: Store, others: Others) -> None:
    others.capture(DAY[0], "a1")
    others.capture(DAY[1], "b1", reason="mass_loss")
    assert keys(store, DAY[2]) == ["a1"]
    assert life(store, "b") == []


def test_a_difference_leads_over_the_begin_of_the_own_history(store: Store, desk: Any, others: Others) -> None:
    others.capture(DAY[0], "a1", "b1")
    others.capture(DAY[1], "a2", "c1")
    own = [Entry(each.key, fields=each.fields | {"new column": "x"}) for each in map(entry, ["a3", "c1", "d1"])]
    desk.check("register", own, fresh=True)

    def told(since: datetime, until: datetime) -> tuple[list[str], list[str], dict[str, list[str]]]:
        found = store.history.between("register", since, until)
        changed = {each.entry.key: sorted(each.fields) for each in found.changed}
        return [each.key for each in found.added], [each.key for each in found.removed], changed

    assert told(DAY[0], DAY[1]) == (["c"], ["b"], {"a": ["value"]})
    assert told(DAY[1], begun(store)) == (["d"], [], {"a": ["value"]})
    assert told(DAY[0], datetime.now(UTC)) == (["c", "d"], ["b"], {"a": ["value"]})
    assert told(DAY[0] - timedelta(days=1), DAY[1]) == ([], [], {})


def test_what_left_a_rolling_list_is_scrolled(store: Store, desk: Any) -> None:
    others = Others(store, is_window=True)
    others.capture(DAY[0], "a1", "b1")
    others.capture(DAY[1], "b1", "c1")
    desk.check("register", [entry("c1")], fresh=True, window=True)
    assert [(each.kind, each.standing) for each in store.history.life("register", "a")[1:]] == [
        ("scrolled", Standing.SCROLLED)
    ]
    assert [each.kind for each in store.history.life("register", "b")] == ["first", "scrolled"]
    found = store.history.between("register", DAY[0], begun(store))
    assert ([each.key for each in found.scrolled], found.removed) == (["a", "b"], [])


def test_past_changes_are_told_from_the_latest_to_the_earliest(store: Store, desk: Any, others: Others) -> None:
    witnesses = [others.capture(DAY[0], "a1", "b1"), others.capture(DAY[1], "b2"), others.capture(DAY[2], "b2")]
    witnesses += [others.capture(DAY[3], "a1", "b2"), others.capture(DAY[4], "a1", "c3", reading="another")]
    desk.check("register", [entry("a4"), entry("b2")], fresh=True)
    told = [
        (each.since, each.at, each.witness, [(change.kind.value, change.entry.key) for change in each.changes])
        for each in store.history.past_changes("register")
    ]
    assert told == [
        (DAY[4], begun(store), None, [("changed", "a"), ("removed", "c"), ("reappeared", "b")]),
        (DAY[2], DAY[3], witnesses[3], [("reappeared", "a")]),
        (DAY[0], DAY[1], witnesses[1], [("changed", "b"), ("removed", "a")]),
    ]
    ignoring = next(store.history.past_changes("register", ["value"]))
    assert [change.entry.key for change in ignoring.changes] == ["c", "b"]
    assert list(store.history.past_changes("other")) == []


def test_what_is_known_from_others_only_is_a_gap(store: Store, desk: Any, others: Others) -> None:
    for day in (0, 2):
        others.capture(DAY[day], "a1")
    now, before = datetime.now(UTC), DAY[0] - timedelta(days=1)

    def gaps(since: datetime | None) -> list[Gap]:
        return store.history.gaps("register", since, now, now=now, rest=timedelta.max)

    assert gaps(before) == [Gap(None, DAY[0], FIRST_CAPTURE), Gap(DAY[0], None, CAPTURES)]
    desk.check("register", [entry("a1")], fresh=True)
    here = begun(store)
    assert gaps(before) == [Gap(None, DAY[0], FIRST_CAPTURE), Gap(DAY[0], here, CAPTURES)]
    assert gaps(None) == gaps(DAY[1]) == [Gap(DAY[0], here, CAPTURES)]
    assert gaps(here) == []
    around = store.history.around
    assert around("register", DAY[1]) == Gap(DAY[0], DAY[2], CAPTURES)
    assert around("register", DAY[3]) == Gap(DAY[2], here, CAPTURES)
    assert around("register", DAY[2]) is around("register", before) is None


def test_where_old_history_was_deleted_the_past_goes_on_until_then(store: Store, desk: Any, others: Others) -> None:
    desk.check("register", [entry("a2")], fresh=True)
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE sources SET history_why = 'retention'")
    others.capture(DAY[0], "a1")
    here, now = begun(store), datetime.now(UTC)
    assert life(store, "a") == [("1", "first", DAY[0], here, None), ("2", "first", here, None, DAY[0])]
    gaps = store.history.gaps("register", DAY[0], now, now=now, rest=timedelta.max)
    assert gaps == [Gap(DAY[0], here, CAPTURES, "retention")]


def test_captures_of_the_own_time_and_of_a_damaged_history_do_not_count(
    store: Store, desk: Any, others: Others
) -> None:
    others.capture(DAY[0], "a1")
    others.capture(datetime.now(UTC) + timedelta(days=1), "a9")
    desk.check("register", [entry("a2")], fresh=True)
    assert len(life(store, "a")) == 2
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE sources SET history_from = NULL")
    assert [each[:3] for each in life(store, "a")] == [("2", "first", None)]
    assert keys(store, DAY[1]) == []


def test_a_key_that_the_site_changed_is_followed_into_the_past(store: Store, desk: Any, others: Others) -> None:
    others.capture(DAY[0], "a1")
    whole = replace(entry("a1"), title="A firm with a long name", fields={"value": "1", "more": "unlike others"})
    desk.check("register", [whole, entry("b1")], fresh=True)
    desk.check("register", [replace(whole, key="A"), entry("b1")])
    assert [(each.key, each.kind) for each in store.history.life("register", "A")] == [
        ("a", "first"),
        ("a", "first"),
        ("A", "check"),
    ]


def test_without_captures_nothing_is_joined(store: Store, desk: Any) -> None:
    desk.check("register", [entry("a1")], fresh=True)
    assert store.history.horizon("register") == store.history.own_horizon("register")
    assert life(store, "a") == [("1", "first", begun(store), None, None)]
