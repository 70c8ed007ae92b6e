"""A page gives the same result when a subprocess parses and filters it."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources import Entry, Get, Page, Source, SourceError
from sources.loader import kind
from sources.reading import placement
from sources.reading.engine import read_here
from sources.reading.known_filter import Profile
from state.compare.diff import Differ
from state.model import NOTHING, Difference

Rows = list[tuple[str, str, str]]

# few keys and contents, so that keys collide and rows vanish, return and get other keys
ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["one", "two", ""]), st.sampled_from("12")), max_size=7
)
HEADINGS = st.sampled_from(
    [("Key", "Name", "Value"), ("Key", "Name", "Amount"), ("Key", "Value", "Name"), ("No", "A", "B")]
)
DOCUMENTS = st.lists(st.tuples(HEADINGS, ROWS), min_size=1, max_size=3)  # the pages of one check
SIDES = ("insert", "update", "stand", "digest", "count", "absent", "rekeyed", "gap")


def document(headings: tuple[str, str, str], rows: Rows) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    return text.getvalue().encode()


def pages(documents: list[tuple[tuple[str, str, str], Rows]]) -> list[Page]:
    now = datetime.now(UTC)
    return [Page(Get("http://a.example"), "http://a.example", 200, {}, document(*each), now) for each in documents]


def compared(ledger: Any, source: Source, shown: list[Page], *, far: bool, whole: bool) -> Any:
    """The result of a check's pages, parsed and filtered in a subprocess (`far`) or here; or the failure."""
    known = NOTHING if far and not ledger.digest else ledger.known()
    differ = Differ(known, ledger.digest, ledger.listing, ledger.ignore, Profile(["Name"], "[ab]"))
    try:
        for page in shown:
            if far:
                assert placement.needs_subprocess(source, page)
                assert not list(differ.take(source, page))
            else:
                for item in read_here(source, page):
                    assert isinstance(item, Entry)
                    differ.see(item)
    except SourceError as error:
        return error.code, error.message
    difference, profile = differ.finish(whole=whole), differ.profile
    return (
        difference,
        told(difference),
        (profile.entries, profile.filled, profile.lacking, profile.odd, profile.odd_key),
    )


def told(difference: Difference) -> dict[str, Any]:
    sides = {name: getattr(difference, name) for name in SIDES}
    return sides | {
        "changes": list(difference.changes),
        "insert": list(difference.insert),
        "order": list(difference.order),
    }


@pytest.fixture
def everything_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placement, "SMALL", -1)


def reads(**options: Any) -> Source:
    made = kind("csv")(url="http://a.example", key="Key", **options)
    assert isinstance(made, Source)
    return made


@pytest.mark.usefixtures("everything_apart")
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    checks=st.lists(st.tuples(DOCUMENTS, st.booleans()), min_size=1, max_size=4),
    listing=st.sampled_from(["complete", "window"]),
    ignore=st.sampled_from([(), ("Value",), ("Name",)]),
)
def test_what_is_compared_far_away_is_what_would_be_compared_here(
    new_ledger: Any, checks: list[tuple[Any, bool]], listing: str, ignore: Collection[str]
) -> None:
    ledger, source = new_ledger(listing, ignore), reads()
    for documents, whole in checks:
        here, far = (compared(ledger, source, pages(documents), far=far, whole=whole) for far in (False, True))
        assert far[1:] == here[1:]
        if isinstance(here[0], str):
            assert far == here
        else:
            ledger.take(far[0])


@pytest.mark.usefixtures("everything_apart")
def test_thousands_of_rows_cross_in_packs_and_keep_their_order(new_ledger: Any) -> None:
    ledger, source = new_ledger(), reads()
    first = [(str(number), f"name {number}", "1") for number in range(3000)]
    later = [(key, name, "2" if int(key) % 3 == 0 else value) for key, name, value in first[:-7]] + [("new", "", "1")]
    for rows in (first, later, first[::-1]):
        shown = pages([(("Key", "Name", "Value"), rows[:1700]), (("Key", "Name", "Value"), rows[1500:])])
        here, far = (compared(ledger, source, shown, far=far, whole=True) for far in (False, True))
        assert far[1:] == here[1:]
        ledger.take(far[0])
    assert len(ledger.present()) == 3000


@pytest.mark.usefixtures("everything_apart")
def test_a_page_that_fails_far_away_fails_as_it_would_here(new_ledger: Any) -> None:
    shown = pages([(("Key", "Name", "Value"), [("a", "one", "1")]), (("No", "Name", "Value"), [("b", "two", "2")])])
    here, far = (compared(new_ledger(), reads(), shown, far=far, whole=True) for far in (False, True))
    assert far == here
    assert here[0] == "not_found" or "no column" in here[1]
