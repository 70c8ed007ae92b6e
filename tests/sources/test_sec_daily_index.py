"""The SEC's indexes of filings, whose headings stand on one line or on two."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sources import BadDocument, NotFound, Page
from sources.kinds.sec_daily_index import read_index

MakePage = Callable[..., Page]

RULE = "-" * 120
ABOVE = "Description:           Daily Index of EDGAR Dissemination Feed by Company Name\n\n \n"
ROWS = (
    "ACME  HOLDINGS CORP                                           10-K        1234567     20251003    edgar/data/1234567/0000000001-25-000001.txt\n"
    "A COMPANY WHOSE NAME RUNS RIGHT UP TO WHERE THE FORM BEGINS   SC 13D/A    7654321     20251003    edgar/data/7654321/0000000001-25-000002.txt\n"
)
HEADINGS = {
    "one line": "Company Name                                                  Form Type   CIK         Date Filed  File Name",
    "words below words": (
        "Company                                                       Form        CIK         Date        File\n"
        "Name                                                          Type                    Filed       Name"
    ),
    "columns below their line": (
        "Company Name                                                  Form Type   CIK         Date\n"
        "                                                                                      Filed       File Name"
    ),
    "wrapped within a heading": (
        "Company Name                                                  Form Type   CIK         Date\nFiled  File Name"
    ),
    "wrapped between headings": (
        "Company Name                                                  Form Type   CIK         Date Filed\nFile Name"
    ),
}


@pytest.mark.parametrize("how", HEADINGS)
def test_headings_on_one_line_or_two(how: str, make_page: MakePage) -> None:
    page = make_page(f"{ABOVE}{HEADINGS[how]}\n{RULE}\n{ROWS}", "text/plain")
    entries = list(read_index(page))
    assert [entry.fields["company"] for entry in entries] == [
        "ACME HOLDINGS CORP",
        "A COMPANY WHOSE NAME RUNS RIGHT UP TO WHERE THE FORM BEGINS",
    ]
    assert [entry.fields["form"] for entry in entries] == ["10-K", "SC 13D/A"]
    assert [entry.fields["cik"] for entry in entries] == ["1234567", "7654321"]


def test_a_missing_heading_is_named_with_those_that_are_there(make_page: MakePage) -> None:
    page = make_page(f"{ABOVE}Company Name    Form Type   CIK\n{RULE}\n{ROWS}", "text/plain")
    with pytest.raises(NotFound, match='no column for "file", "filed"; its headings are "Company Name", "Form Type"'):
        list(read_index(page))


def test_an_index_without_anything_above_its_rule_is_refused(make_page: MakePage) -> None:
    with pytest.raises(NotFound, match="no column"):
        list(read_index(make_page(f"{RULE}\n{ROWS}", "text/plain")))


def test_a_row_that_breaks_off_is_refused(make_page: MakePage) -> None:
    page = make_page(f"{HEADINGS['one line']}\n{RULE}\n{ROWS[:100]}\n", "text/plain")
    with pytest.raises(BadDocument, match="a row does not fit the headings"):
        list(read_index(page))
