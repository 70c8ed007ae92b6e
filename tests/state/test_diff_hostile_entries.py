"""Entries of any text: differences are found, and can be stored and loaded."""

from __future__ import annotations

from hypothesis import strategies as st

from sources import Entry
from sources.errors import BadEntry
from state.compare.diff import find_removed_keys
from state.db.rows import json_text
from state.model import ChangeKind
from tests.fuzzing import fuzz, fuzzed, texts
from tests.hostile import compared, snapshots


@fuzzed
def test_every_entry_that_changed_is_told_and_can_be_stored() -> None:
    def check(text: str, listing: str) -> None:
        difference = compared(snapshots(text, listing))
        assert {change.kind for change in difference.changes} <= {ChangeKind.CHANGED}
        assert len(difference.changes) == difference.count == len(difference.update)
        for change in difference.changes:
            assert change.fields
            json_text({name: list(sides) for name, sides in change.fields.items()}).encode()

    fuzz("entries that changed", check, texts(600), st.sampled_from(["complete", "window"]))


@fuzzed
def test_snapshots_of_any_keys_differ_by_what_came_and_went(new_ledger: type) -> None:
    def check(old: list[str], new: list[str]) -> None:
        ledger = new_ledger()
        try:
            before, after = ([Entry(key, key[::-1], {"field": key}) for key in keys] for keys in (old, new))
        except BadEntry:
            return
        ledger.check(*before)
        ledger.check(*after)
        assert sorted(entry.key for entry in ledger.present()) == sorted({entry.key for entry in after})

    keys = st.lists(texts(60), max_size=12)
    fuzz("snapshots", check, keys, keys)


@fuzzed
def test_what_fell_out_of_a_list_is_not_in_it() -> None:
    def check(old: list[str], new: list[str]) -> None:
        out = find_removed_keys(old, new) - set(new)
        assert out <= set(old)
        assert find_removed_keys(old, old) <= set(old)

    keys = st.lists(st.one_of(st.sampled_from("abcdefgh"), texts(20)), max_size=40)
    fuzz("rolling lists", check, keys, keys)
