"""The total that a page states in its text, where nobody has said where."""

from __future__ import annotations

import pytest

from sources import Entry
from sources.reading.completeness import find_stated_total
from tests.sources.conftest import MakePage


@pytest.mark.parametrize(
    ("before", "now", "total"),
    [
        ("<p>7 firms", "<p>7 firms", 7),
        ("<p>All 7 firms of 2021", "<p>All 6 firms of 2022", 6),
        ("<p>7 firms<p>7 branches", "<p>7 firms<p>6 branches", None),  # two lines, and they disagree
        ("<p>7 firms<p>8 firms", "<p>7 firms<p>8 firms", None),  # which of them?
        ("<p>7 firms", "<p>No firm", None),
        ("<p>9 firms", "<p>9 firms", None),  # it never said how many entries there were
        ("<p>7", "<p>7", None),
        ("<p>Sable Capital, article 7", "<p>Sable Capital, article 7", None),  # a line of an entry
        ("<p>banned under article 7", "<p>banned under article 7", None),
        ("<p>London, fined, article 7", "<p>London, fined, article 7", None),
        ('{"firms": 7}', '{"firms": 7}', None),
        ("<p>7 firms" + " " * 70_000, "<p>7 firms", None),  # too large to be read here
    ],
)
def test_a_total_is_what_stood_for_the_number_of_entries(
    make_page: MakePage, before: str, now: str, total: int | None
) -> None:
    fields = {"why": "banned under article 7", "where": "London", "what": "fined"}
    entry = Entry("Sable Capital", "Sable Capital", fields=fields)
    assert find_stated_total(make_page(before), 7, make_page(now), [entry]) == total
