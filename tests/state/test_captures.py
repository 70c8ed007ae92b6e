"""Captures of others, in the order of time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from state.model import PastCapture, PastWitness
from state.model.past import ListedSince, find_listed, pack_numbers

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
