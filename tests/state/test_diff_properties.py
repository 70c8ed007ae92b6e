"""For any sequence of snapshots: replaying the changes over the old state gives the snapshot, and none is repeated."""

from __future__ import annotations

from itertools import count
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sources import Entry
from sources.reading.entry_fingerprints import entry_fingerprint
from state.model import Change, ChangeKind, Standing


def entry(key: str, title: str, value: str) -> Entry:
    return Entry(key, title, {"value": value})


# few keys and contents, so that keys collide, entries return and contents recur
ENTRIES = st.builds(
    entry,
    st.sampled_from("abcd"),
    st.sampled_from(["one", "two"]),
    st.sampled_from(["1", "2"]),
)
NUMBERS = count()  # every example uses another source, as all share one database
SNAPSHOTS = st.lists(ENTRIES, max_size=6)


def replay(before: set[bytes], changes: list[Change]) -> set[bytes]:
    """The old state with the changes applied, as a reader of the alerts would."""
    for change in changes:
        if change.before and change.kind is not ChangeKind.REAPPEARED:
            before.remove(entry_fingerprint(change.before))
    for change in changes:
        if change.after:
            assert entry_fingerprint(change.after) not in before
            before.add(entry_fingerprint(change.after))
    return before


def marks(entries: list[Entry]) -> set[bytes]:
    return {entry_fingerprint(entry) for entry in entries}


@example(  # the last of the first two is like one that came by its content, and like another one by its key
    history=[
        [entry("a", "one", "1"), entry("a", "one", "2"), entry("b", "one", "2"), entry("b", "two", "2")],
        [entry("a", "two", "2"), entry("b", "one", "2"), entry("b", "two", "1"), entry("c", "one", "1")],
    ]
)
@settings(max_examples=75, deadline=None)
@given(history=st.lists(SNAPSHOTS, min_size=1, max_size=6))
def test_replaying_the_changes_of_a_complete_list_gives_the_snapshot(
    new_ledger: Any, history: list[list[Entry]]
) -> None:
    ledger = new_ledger()
    for snapshot in history:
        before = marks(ledger.present())
        difference = ledger.check(*snapshot)
        assert replay(before, list(difference.changes)) == marks(snapshot) == marks(ledger.present())
        assert difference.count == len(marks(snapshot))


@settings(max_examples=75, deadline=None)
@given(history=st.lists(SNAPSHOTS, min_size=1, max_size=6))
def test_a_window_holds_what_it_showed_last(new_ledger: Any, history: list[list[Entry]]) -> None:
    ledger = new_ledger("window")
    for snapshot in history:
        ledger.check(*snapshot)
        assert marks(ledger.present()) == marks(snapshot)
        assert not ledger.check(*snapshot).changes


@settings(max_examples=60, deadline=None)
@given(snapshot=SNAPSHOTS, history=st.lists(SNAPSHOTS, max_size=3), random=st.randoms(use_true_random=False))
def test_rows_in_another_order_and_rows_twice_are_no_change(
    new_ledger: Any, snapshot: list[Entry], history: list[list[Entry]], random: Any
) -> None:
    ledger = new_ledger()
    for earlier in history:
        ledger.check(*earlier)
    ledger.check(*snapshot)
    again = snapshot + [random.choice(snapshot) for _ in snapshot]
    random.shuffle(again)
    difference = ledger.check(*again)
    assert not any([difference.changes, difference.insert, difference.update, difference.stand])


@settings(max_examples=60, deadline=None)
@given(
    history=st.lists(st.tuples(SNAPSHOTS, st.booleans()), min_size=1, max_size=5),
    listing=st.sampled_from(["complete", "window"]),
)
def test_the_digest_is_always_that_of_the_entries_present(
    new_ledger: Any, history: list[tuple[list[Entry], bool]], listing: str
) -> None:
    ledger = new_ledger(listing)
    for snapshot, whole in history:
        before = marks(ledger.present())
        ledger.check(*snapshot, whole=whole)
        if whole:
            assert marks(ledger.present()) == marks(snapshot)
        else:
            assert marks(snapshot) <= marks(ledger.present()) <= before | marks(snapshot)
        assert ledger.check(*ledger.present()).digest == ledger.digest


@settings(max_examples=60, deadline=None)
@given(history=st.lists(SNAPSHOTS, min_size=2, max_size=6))
def test_a_single_entry_under_a_key_is_never_added_and_removed_at_once(
    new_ledger: Any, history: list[list[Entry]]
) -> None:
    ledger = new_ledger()
    for snapshot in history:
        single = {entry.key for entry in ledger.present() if [e.key for e in ledger.present()].count(entry.key) == 1}
        kinds: dict[str, set[ChangeKind]] = {}
        for change in ledger.check(*snapshot).changes:
            kinds.setdefault(change.entry.key, set()).add(change.kind)
        for key in single & kinds.keys():
            if sum(e.key == key for e in ledger.present()) == 1:
                assert kinds[key] == {ChangeKind.CHANGED}
        assert all(where is not Standing.SCROLLED for _, _, where in ledger.rows.values())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    history=st.lists(SNAPSHOTS, min_size=1, max_size=5),
    listing=st.sampled_from(["complete", "window"]),
)
def test_the_database_holds_what_the_model_holds(
    new_ledger: Any, desk: Any, history: list[list[Entry]], listing: str
) -> None:
    ledger, name = new_ledger(listing), f"source-{next(NUMBERS)}"
    for snapshot in history:
        expected = ledger.check(*snapshot)
        found = desk.check(name, snapshot, window=listing == "window")
        assert list(found.changes) == list(expected.changes)
        known = desk.store.known(name)
        stored = {mark: (row.key, row.standing) for mark, row in dict(known.rows()).items()}
        assert stored == {mark: (entry.key, where) for mark, entry, where in ledger.rows.values()}
        assert (list(known.order), desk.store.source(name).digest) == (list(ledger.order), ledger.digest)
