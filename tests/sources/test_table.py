from __future__ import annotations

from collections.abc import Callable
from unittest.mock import Mock

import pytest
from pydantic import ValidationError

from sources import BadDocument, BadEntry, Entry, Get, NotFound, Page, WrongContent
from sources.blocked.classify import check_content
from sources.formats import tables
from sources.loader import kind
from sources.model.entry import each_alone
from sources.reading.engine import essence, read_page
from tests.growth import growth

MakePage = Callable[..., Page]

URL = "https://example.org/list"
LIST = """
<table class=menu><tr><td>Home<td>About</table>
<table id=list><tr><th>No<th>Name of person<th>Since</tr>
<tr><td>1<td>Alpha Ltd<td>1 May</tr><tr><td>2<td>Beta Inc<td>2 May</tr></table>
"""


def entries(page: Page, **options: object) -> list[Entry | Get]:
    return list(each_alone(kind("table").model_validate({"url": URL, **options}).parse(page)))


def test_the_largest_table_is_read_with_all_its_columns(make_page: MakePage) -> None:
    assert entries(make_page(LIST), key="No", title="Name of person") == [
        Entry("1", "Alpha Ltd", {"No": "1", "Name of person": "Alpha Ltd", "Since": "1 May"}),
        Entry("2", "Beta Inc", {"No": "2", "Name of person": "Beta Inc", "Since": "2 May"}),
    ]


def test_columns_are_found_whatever_their_case_and_spaces(make_page: MakePage) -> None:
    page = make_page(LIST.replace("Name of person", "NAME\u00a0of  \u200bperson"))
    (first, _) = entries(page, key=["no", " name of person "], fields=["name of person"])
    assert first == Entry("1 | Alpha Ltd", "", {"name of person": "Alpha Ltd"})


def test_an_unknown_column_lists_those_that_are_there(make_page: MakePage) -> None:
    for options in ({"key": "Nr"}, {"key": "No", "title": "Nr"}, {"key": "No", "fields": ["Since", "Nr"]}):
        with pytest.raises(NotFound, match=r'no column "Nr".*"No", "Name of person", "Since"'):
            entries(make_page(LIST), **options)


def test_the_table_can_be_chosen_by_itself_or_by_what_is_around_it(make_page: MakePage) -> None:
    page = make_page(f"<div id=main>{LIST}</div>")
    assert len(entries(page, key="No", table="table#list")) == 2
    assert len(entries(page, key="No", table="div#main table + table")) == 2
    with pytest.raises(NotFound, match='"Home", "About"'):
        entries(page, key="No", table="#main")


def test_a_table_that_is_not_there_lists_those_that_are(make_page: MakePage) -> None:
    with pytest.raises(
        NotFound, match=r'nothing that matches \'#gone\'.*"table.menu \(1 rows\)", "table#list \(3 rows\)"'
    ):
        entries(make_page(LIST), key="No", table="#gone")
    with pytest.raises(NotFound, match="no table"):
        entries(make_page("<p>Maintenance</p>"), key="No")


def test_the_next_page_follows_its_entries(make_page: MakePage) -> None:
    page = make_page(LIST + '<a rel=next href="?page=2">more</a>')
    assert entries(page, key="No", next="a[rel=next]")[2:] == [Get(f"{URL}?page=2")]
    assert len(entries(make_page(LIST), key="No", next="a[rel=next]")) == 2


def test_a_row_without_a_key_is_an_error(make_page: MakePage) -> None:
    with pytest.raises(BadEntry, match="no key"):
        entries(make_page(LIST.replace("<td>2<td>Beta", "<td><td>Beta")), key="No")


def test_a_page_cut_off_inside_the_table_is_not_read(make_page: MakePage) -> None:
    with pytest.raises(BadDocument, match="cut off"):
        entries(make_page(LIST[: LIST.index("Beta")]), key="No")
    assert len(entries(make_page(LIST.replace("</table>", "") + "</body>"), key="No", table="#list")) == 2


def test_a_table_of_headings_alone_has_no_entries(make_page: MakePage) -> None:
    assert entries(make_page("<table><tr><th>No<th>Name</table>"), key="No") == []


def test_another_kind_of_document_is_an_error(make_page: MakePage) -> None:
    with pytest.raises(WrongContent):
        entries(make_page(b"%PDF-1.4", "application/pdf"), key="No")


@pytest.mark.parametrize(
    "options",
    [{"key": "No", "table": "table["}, {"key": "No", "next": "a:"}, {"key": []}, {}, {"key": "No", "rows": 1}],
)
def test_options_are_checked_at_load(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        kind("table").model_validate({"url": URL, **options})


def test_a_page_that_is_compared_and_then_read_is_looked_at_once(
    make_page: MakePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = [Mock(wraps=check_content), Mock(wraps=tables.find_table)]
    monkeypatch.setattr("sources.blocked.classify.check_content", looks[0])
    monkeypatch.setattr("sources.formats.tables.find_table", looks[1])
    source, page = kind("table").model_validate({"url": URL, "key": "No"}), make_page(LIST)
    before = essence(source, page)
    assert [entry.key for entry in read_page(source, page) if isinstance(entry, Entry)] == ["1", "2"]
    assert essence(source, page) == before != ""
    assert [look.call_count for look in looks] == [1, 1]


def test_very_many_rows_cost_no_more_than_their_number(make_page: MakePage) -> None:
    def read(count: int) -> None:
        rows = "".join(
            f"<tr><td>{at}<td>Company {at}<td>Street {at}<td>1 May 2025<td>active<td>-</tr>" for at in range(count)
        )
        page = make_page(f"<table><tr><th>No<th>Name<th>Place<th>Since<th>State<th>Note</tr>{rows}</table>")
        assert len(entries(page, key="No", title="Name")) == count

    assert growth(read, 1_000, 8_000, runs=3) < 3


LINKED = """
<table><tr><th>No<th>Firm<th>Papers</tr>
<tr><td><a href="#1">1</a><td><a href="/firms/1;jsessionid=8F2?sid=3&amp;tab=2&amp;_=99">Alpha</a><td><a href="a.pdf">Order</a></tr>
<tr><td>2<td>Beta<td><a href="javascript:void(0)">-</a> <a href="b.pdf">Order</a></tr></table>
"""


@pytest.mark.parametrize(
    ("options", "urls"),
    [
        ({}, ["https://example.org/firms/1?tab=2", None]),
        ({"title": "Firm"}, ["https://example.org/firms/1?tab=2", None]),
        ({"title": "Papers"}, ["https://example.org/a.pdf", None]),
        ({"link": "papers"}, ["https://example.org/a.pdf", "javascript:void(0)"]),
        ({"link": False}, [None, None]),
    ],
)
def test_an_entry_has_the_link_of_its_row(make_page: MakePage, options: dict[str, object], urls: list[str]) -> None:
    assert [entry.url for entry in entries(make_page(LINKED), key="No", **options)] == urls


def test_a_link_may_be_a_text(make_page: MakePage) -> None:
    page = make_page("<table><tr><th>No<th>Page</tr><tr><td>1<td>/firms/1</tr></table>")
    assert [entry.url for entry in entries(page, key="No", link="Page")] == ["https://example.org/firms/1"]


def test_a_column_of_links_that_is_not_there_is_said(make_page: MakePage) -> None:
    with pytest.raises(NotFound, match=r'no column "Page" \(option link\)'):
        entries(make_page(LINKED), key="No", link="Page")
