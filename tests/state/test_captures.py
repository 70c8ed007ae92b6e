"""Captures of others, in the order of time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sources import Entry
from state.history.captures import ListedSince, find_listed, trace
from state.model import PastCapture, PastWitness
from state.model.past import pack_numbers

BEGIN = datetime(2019, 4, 13, tzinfo=UTC)


def captures(*present: set[int]) -> list[PastCapture]:
    """A capture of each day, with these numbers."""
    days = [PastWitness("git", f"{day}", BEGIN + timedelta(days=day)) for day in range(len(present))]
    packed = [pack_numbers(sorted(numbers)) if numbers else b"" for numbers in present]
    return [PastCapture(day, packed=each) for day, each in zip(days, packed, strict=True)]


def test_an_entry_whose_content_changed_is_listed_since_it_first_came() -> None:
    found = captures(set(), {1, 9}, {2}, {2, 3})
    assert find_listed(found, {1: "a", 2: "a", 3: "b"}) == {
        "a": ListedSince(found[1].witness, BEGIN),
        "b": ListedSince(found[3].witness, BEGIN + timedelta(days=2)),
    }


def test_the_first_capture_has_none_before_it() -> None:
    assert find_listed(captures({1}, {1}), {1: "a"})["a"].checked_before is None


@given(st.lists(st.sets(st.integers(1, 3))))
def test_an_interruption_counts_and_what_the_last_capture_lacks_is_not_listed(present: list[set[int]]) -> None:
    found = {int(key): int(since.witness.where) for key, since in find_listed(captures(*present), NUMBERS).items()}
    for number in (1, 2, 3):
        absent = [day for day, numbers in enumerate(present) if number not in numbers]
        first = absent[-1] + 1 if absent else 0
        assert found.get(number) == (first if first < len(present) else None)


NUMBERS = {1: "1", 2: "2", 3: "3"}


def test_what_became_of_entries_between_captures_of_one_layout() -> None:
    contents = {1: Entry("a", "A", {"status": "new"}), 2: Entry("a", "A", {"status": "old"}), 3: Entry("b", "B")}
    first, *others = captures({1, 3}, {1, 3}, {2}, set(), {1}, {3})
    line = [first, *others[:-1], replace(others[-1], reading="another layout")]
    found = list(trace(line, contents, (), is_window=False))
    assert [[(each.kind, each.entry.key) for each in changes] for _, _, changes in found] == [
        [("added", "a"), ("added", "b")],
        [("changed", "a"), ("removed", "b")],
        [("removed", "a")],
        [("reappeared", "a")],
        [],
    ]
    assert [before for _, before, _ in found][:2] == [None, BEGIN + timedelta(days=1)]


def test_what_leaves_a_rolling_list_is_not_removed() -> None:
    _, (_, _, changes) = trace(captures({1}, {2}), {1: Entry("a", "A"), 2: Entry("b", "B")}, (), is_window=True)
    assert [(each.kind, each.entry.key) for each in changes] == [("added", "b")]
