"""CSS and XPath in options: elements, and the values at places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from lxml import html
from pydantic import ValidationError

from sources import BadDocument, Entry, Get, NotFound
from sources.formats.selectors import check_place, check_selector, find_addresses, find_dates, find_values, select
from sources.kinds.list import List
from sources.kinds.table import Table
from sources.kinds.text import Text

BODY = """<html><body><p>before</p><ul><li class="x"><h3><a href="/1">One</a></h3><b>12</b> of <b>15</b><time datetime="2026-01-02">then</time></li>
<li class="x y"><h3><a href="/2">Two</a></h3><b>3</b><!-- no text --></li></ul><table><tr><th>No</th><th>Name</th></tr><tr><td>1</td><td>A</td></tr></table>
<a rel="next" href="?page=2">on</a> <i>1 - 2 of 3,167</i></body></html>"""  # fmt: skip
PAGE = html.fromstring(BODY)
ITEM = PAGE.cssselect("li")[0]


@pytest.mark.parametrize(
    ("css", "path"),
    [("li", "xpath://li"), ("li.y b", "xpath: //li[contains(@class, 'y')]//b"), ("h3 > a", "xpath://h3/a")],
)
def test_xpath_finds_the_elements_that_css_finds(css: str, path: str) -> None:
    assert select(PAGE, path) == select(PAGE, css) != []


@pytest.mark.parametrize("words", ["Next ›", "next ›", "NEXT", "WEITERE Übersicht"])
def test_words_are_found_in_any_case_and_in_one_document_after_another(words: str) -> None:
    for number in range(50):
        page = html.fromstring(f"<p>{number}</p><a>Next ›</a><b>weitere übersicht {'x' * number}</b>")
        assert len(select(page, f'a:contains("{words}"), b:contains("{words}")')) == 1


VALUES = [
    ("b", ["12", "15"]), ("xpath:.//b", ["12", "15"]), ("xpath:.//b[2]", ["15"]), ("a@href", ["/1"]), ("xpath:.//a/@href", ["/1"]),
    ("xpath:string(.//b[2])", ["15"]), ("xpath:count(.//b)", ["2"]), ("xpath:sum(.//b) div 2", ["13.5"]), ("xpath:.//h3 | .//a/@href", ["One", "/1"]),
    ("xpath:normalize-space(./text())", ["of"]), ("xpath:.", ["One\n12 of 15then"]), (".", ["One\n12 of 15then"]), ("@class", ["x"]), ("xpath:.//nothing", []),
    ("xpath:.//b?", ["12", "15"]),
]  # fmt: skip


@pytest.mark.parametrize(("place", "found"), VALUES, ids=[place for place, _ in VALUES])
def test_the_values_at_a_place(place: str, found: list[str]) -> None:
    assert find_values(ITEM, check_place(place)) == found


def test_a_comment_has_no_text() -> None:
    assert find_values(PAGE, "xpath://li/comment()") == [""]


def test_links_and_dates_are_found_in_elements_that_xpath_finds() -> None:
    assert (
        find_addresses(ITEM, "xpath:.//h3")
        == find_addresses(ITEM, "xpath:.//a/@href")
        == find_addresses(ITEM, "h3")
        == ["/1"]
    )
    assert find_dates(ITEM, "xpath:.//time") == find_dates(ITEM, "time") == ["2026-01-02"]
    assert find_dates(ITEM, "xpath:string(.//time)") == ["then"]


@pytest.mark.parametrize(
    ("selector", "why"),
    [
        ("li[", "is no CSS selector"),
        ("xpath://li[", "is no XPath"),
        ("xpath://x:li", "is no XPath"),
        ("xpath:document('file:///etc/passwd')", "is no XPath"),
        ("xpath://a/@href", "selects no elements"),
        ("xpath://a/text()", "selects no elements"),
        ("xpath:" + "/a" * 1001, "at most 2,000"),
    ],
)
def test_what_selects_nothing_is_refused_when_it_is_loaded(selector: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        check_selector(selector)
    with pytest.raises(ValidationError):
        List.model_validate({"url": "https://x.example/", "item": selector})


def test_a_function_that_is_first_called_on_the_page_is_a_typed_failure() -> None:
    selector = check_selector("xpath://li[unknown(.)]")
    with pytest.raises(BadDocument, match="cannot be evaluated"):
        select(PAGE, selector)


@pytest.fixture
def read(make_page: Any) -> Any:
    def entries(kind: Any, **options: Any) -> list[Any]:
        found: Iterator[Any] = kind.model_validate({"url": "https://x.example/list", **options}).parse(make_page(BODY))
        return list(found)

    return entries


def test_every_option_of_a_list_takes_xpath(read: Any) -> None:
    css = {
        "item": "li",
        "title": "h3",
        "link": "h3 a@href",
        "published": "time?",
        "fields": {"n": "b"},
        "next": "a[rel=next]",
    }
    paths = {
        "item": "xpath://li", "title": "xpath:.//h3", "link": "xpath:.//h3/a/@href", "published": "xpath:.//time?",
        "fields": {"n": "xpath:.//b"}, "next": "xpath://a[@rel='next']",
    }  # fmt: skip
    assert read(List, **paths) == read(List, **css)
    assert [type(each) for each in read(List, **paths)] == [Entry, Entry, Get]


def test_a_place_that_no_item_has_is_named(read: Any) -> None:
    with pytest.raises(NotFound, match=r"xpath:\.//h4.*option title"):
        read(List, item="li", title="xpath:.//h4")


def test_tables_and_texts_take_xpath(read: Any) -> None:
    assert [rows.keys for rows in read(Table, table="xpath://table[.//th = 'Name']", key="No")] == [["1"]]
    (entry,) = read(Text, select="xpath://ul/li", remove="xpath:.//b", part=2)
    assert entry.text == "Two"
