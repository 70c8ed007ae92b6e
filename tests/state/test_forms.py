"""Whether a row says the same as before, only written otherwise."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources import Entry
from state.compare.changes import field_changes
from state.compare.forms import form_of
from state.model import Change, ChangeKind

NOTATIONS = ["%Y-%m-%d", "%d.%m.%Y", "%d %B %Y", "%B %d, %Y"]


def form(before: str, after: str, **beside: tuple[str, str]) -> str:
    sides = {"value": (before, after), **beside}
    old, new = (Entry("k", fields={name: pair[at] for name, pair in sides.items()}) for at in (0, 1))
    return form_of(Change(ChangeKind.CHANGED, old, new, field_changes(old, new)))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("340000", "340000.0", "numbers rewritten"),
        ("-2.50", "-2.5", "numbers rewritten"),
        ("340000.000", "340000", "numbers rewritten"),
        ("Northgate Payments Ltd", "NORTHGATE PAYMENTS LTD", "case"),
        ("2026-03-04", "4 March 2026", "dates rewritten"),
        ("2026-03-04", "04/03/2026", "dates rewritten"),
    ],
)
def test_the_same_in_another_form(before: str, after: str, said: str) -> None:
    assert (form(before, after), form(after, before)) == (said, said)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1.000", "1"),  # may be a thousand
        ("007", "7"),
        ("1 2", "12"),
        ("03/04/2026", "04/03/2026"),
        ("2026-03-04 10:00", "2026-03-04 11:00"),
        ("2026-03-04", "2026-03-05"),
        ("Ltd", "Limited"),
        ("Active", ""),
        ("", "Active"),
        ("therapist", "the rapist"),
    ],
)
def test_another_value(before: str, after: str) -> None:
    assert form(before, after) == ""


def test_a_row_with_one_other_value_is_news() -> None:
    assert form("Ltd", "LTD", status=("Active", "Suspended")) == ""
    assert form("Ltd", "LTD", fee=("1", "1.0")) == "case, numbers rewritten"


@given(st.integers(0, 20_000), st.integers(0, 400), st.sampled_from(NOTATIONS), st.sampled_from(NOTATIONS))
def test_dates_are_of_form_exactly_where_they_are_one_day_in_two_notations(
    day: int, later: int, one: str, other: str
) -> None:
    first = date(1970, 1, 1) + timedelta(days=day)
    second = first + timedelta(days=later)
    before, after = first.strftime(one), second.strftime(other)
    if before != after:
        assert form(before, after) == ("dates rewritten" if first == second else "")
