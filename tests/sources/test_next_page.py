"""Lists of several pages, read as in a check: until the kind requests no more."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from sources import BadDocument, Entry, Get, NotFound, Page, TooManyRequests
from sources.loader import kind
from sources.pagination.next_page import find_parameter, set_parameter
from sources.reading.engine import steps

URL = "https://example.org/list"
NOW = datetime(2025, 7, 16, tzinfo=UTC)


def check(name: str, site: Callable[[str], object], **options: Any) -> tuple[list[str], list[str], bool]:
    """Read a source from a site, a function from address to body; returns the keys, the requested addresses, and
    whether the source was read completely.
    """
    source = kind(name).model_validate({"url": URL, **options})
    keys: list[str] = []
    asked: list[str] = []
    reading = steps(source, source.max_pages or 50)
    try:
        item = next(reading)
        while True:
            if isinstance(item, Entry):
                keys.append(item.key)
                item = next(reading)
                continue
            assert isinstance(item, Get)
            asked.append(item.url)
            body = site(item.url)
            text = body if isinstance(body, str) else json.dumps(body)
            page = Page(
                item,
                item.url,
                200,
                {"content-type": "text/html" if text is body else "application/json"},
                text.encode(),
                NOW,
            )
            item = reading.send(page)
    except StopIteration as end:
        return keys, asked, bool(end.value)


def rows(*keys: int, more: str = "") -> str:
    cells = "".join(f"<tr><td><a href=/{key}>{key}</a><td>Company {key}" for key in keys)
    return f"<html><body><h1>Register</h1><table><tr><th>No<th>Name{cells}</table>{more}</body></html>"


def number(url: str, name: str = "page", default: int = 1) -> int:
    return int(find_parameter(url, name) or default)


TABLE: Mapping[str, object] = {"key": "No"}
LIST: Mapping[str, object] = {"item": "tr:has(td)", "title": "td", "link": "a", "key": "a"}
JSON: Mapping[str, object] = {"items": "items", "key": "id"}


@pytest.mark.parametrize(("name", "options"), [("table", TABLE), ("list", LIST)])
def test_a_link_leads_from_page_to_page(name: str, options: Mapping[str, object]) -> None:
    pages = {
        URL: rows(1, 2, more="<a class=next href='?page=2'>next</a>"),
        f"{URL}?page=2": rows(3, more="<a class=next href='#'>"),
    }
    keys, asked, whole = check(name, pages.__getitem__, **options, next="a.next")
    assert (keys, asked, whole) == (["1", "2", "3"], [URL, f"{URL}?page=2"], True)


def test_a_link_that_leads_back_is_an_error_and_not_a_short_list() -> None:
    def site(url: str) -> str:
        return rows(number(url), more=f"<a class=pager href='?page={3 - number(url)}'>other</a>")

    with pytest.raises(TooManyRequests):
        check("table", site, **TABLE, next="a.pager")


@pytest.mark.parametrize("end", [rows(), "<html><body><h1>Register</h1><p>Nothing on this page</p></body></html>"])
@pytest.mark.parametrize(("name", "options"), [("table", TABLE), ("list", LIST)])
def test_pages_are_counted_up_to_one_without_entries(name: str, options: Mapping[str, object], end: str) -> None:
    found = {1: rows(1, 2), 2: rows(3, 4), 3: rows(5)}
    keys, asked, whole = check(name, lambda url: found.get(number(url), end), **options, pages={"parameter": "page"})
    assert keys == ["1", "2", "3", "4", "5"]
    assert (asked[1:], whole) == ([f"{URL}?page={at}" for at in (2, 3, 4)], True)


@pytest.mark.parametrize("beyond", [3, 1])
def test_pages_are_counted_up_to_one_that_repeats_the_last_or_the_first(beyond: int) -> None:
    found = {1: rows(1, 2), 2: rows(3, 4), 3: rows(5, 6)}
    keys, asked, _ = check(
        "table", lambda url: found.get(number(url), found[beyond]), **TABLE, pages={"parameter": "page"}
    )
    assert list(dict.fromkeys(keys)) == ["1", "2", "3", "4", "5", "6"]
    assert len(asked) == 4


def test_a_first_page_without_a_list_is_an_error() -> None:
    with pytest.raises(NotFound):
        check("table", lambda _: "<p>Closed for today, come again tomorrow</p>", **TABLE, pages={"parameter": "page"})


def test_the_address_says_where_counting_begins() -> None:
    found = {0: rows(1), 1: rows(2)}
    keys, asked, _ = check(
        "table",
        lambda url: found.get(number(url, "p"), rows()),
        **TABLE,
        url=f"{URL}?p=0&q=a+b%20c",
        pages={"parameter": "p"},
    )
    assert keys == ["1", "2"]
    assert asked == [f"{URL}?p={at}&q=a+b%20c" for at in (0, 1, 2)]


def test_an_offset_grows_by_what_a_page_has_or_by_a_number() -> None:
    everything = list(range(1, 8))

    def site(url: str) -> object:
        start = number(url, "offset", 0)
        return {"count": 7, "items": [{"id": at} for at in everything[start : start + 3]]}

    for step in ("entries", 3):
        keys, asked, _ = check("json", site, **JSON, pages={"parameter": "offset", "step": step})
        assert keys == [str(at) for at in everything]
        assert len(asked) == 4
        _, asked, whole = check("json", site, **JSON, pages={"parameter": "offset", "step": step, "total": "count"})
        assert (len(asked), whole) == (3, True)


def test_a_number_of_pages_ends_the_counting() -> None:
    def site(url: str) -> object:
        return {"pages": "2", "items": [{"id": number(url, "page[number]")}]}

    keys, asked, _ = check("json", site, **JSON, pages={"parameter": "page[number]", "total": "pages"})
    assert (keys, asked) == (["1", "2"], [URL, f"{URL}?page[number]=2"])


def test_a_cursor_is_sent_back_until_there_is_none() -> None:
    found = {None: ([1, 2], "a=/+"), "a=/+": ([3], "b"), "b": ([4], None)}

    def site(url: str) -> object:
        ids, after = found[find_parameter(url, "cursor")]
        return {"items": [{"id": at} for at in ids], "meta": {"after": after}}

    keys, asked, whole = check("json", site, **JSON, pages={"parameter": "cursor", "path": "meta.after"})
    assert (keys, whole) == (["1", "2", "3", "4"], True)
    assert asked[1:] == [f"{URL}?cursor=a%3D%2F%2B", f"{URL}?cursor=b"]


def test_an_empty_page_with_a_cursor_is_not_the_end() -> None:
    found = {None: ([], "a"), "a": ([1], "")}

    def site(url: str) -> object:
        ids, after = found[find_parameter(url, "cursor")]
        return {"items": [{"id": at} for at in ids], "after": after}

    assert check("json", site, **JSON, pages={"parameter": "cursor", "path": "after"})[0] == ["1"]


def test_the_next_address_in_a_document() -> None:
    pages = {
        URL: {"items": [{"id": 1}], "next": "/list?page=2"},
        f"{URL}?page=2": {"items": [{"id": 2}], "next": None},
    }
    keys, asked, whole = check("json", pages.__getitem__, **JSON, next="next")
    assert (keys, asked, whole) == (["1", "2"], [URL, f"{URL}?page=2"], True)


def test_a_page_number_may_be_a_part_of_the_path() -> None:
    pages = {URL: rows(1, 2), "https://example.org/list/p2/": rows(3, 4), "https://example.org/list/p4/": rows()}
    keys, asked, _ = check("table", pages.__getitem__, **TABLE, pages={"url": "/list/p{}/", "step": 2, "first": 0})
    assert (keys, asked) == (["1", "2", "3", "4"], list(pages))


def test_a_limit_of_pages_is_reported() -> None:
    keys, asked, whole = check(
        "table", lambda url: rows(number(url)), **TABLE, max_pages=3, pages={"parameter": "page"}
    )
    assert (keys, len(asked), whole) == (["1", "2", "3"], 3, False)


def test_columns_of_one_length_are_items() -> None:
    columns = {"name": "all of them", "recent": {"id": [7, 8], "form": ["10-K", "8-K"], "note": "none"}}
    assert check("json", lambda _: columns, items="recent", key="id", columns=True)[0] == ["7", "8"]
    columns = {"recent": {"id": [7, 8], "form": ["10-K"]}}
    with pytest.raises(BadDocument, match=r'not of one length: "id \(2\)", "form \(1\)"'):
        check("json", lambda _: columns, items="recent", key="id", columns=True)


def test_documents_one_a_line() -> None:
    text = '{"id": 1}\n\n{"id": 2, "name": "a\u2028b"}\r\n'
    assert check("json", lambda _: text, items="@", key="id", lines=True)[0] == ["1", "2"]


@pytest.mark.parametrize(
    ("url", "changed"),
    [
        ("https://e.org/a", "https://e.org/a?p=2"),
        ("https://e.org/a?", "https://e.org/a?p=2"),
        ("https://e.org/a?x=%D0%B0&p=1&y=b+c#top", "https://e.org/a?x=%D0%B0&p=2&y=b+c"),
        ("https://e.org/a?p=1&x&p=9", "https://e.org/a?p=2&x"),
    ],
)
def test_a_parameter_is_set_and_the_rest_of_the_address_is_kept(url: str, changed: str) -> None:
    assert set_parameter(url, "p", "2") == changed
    assert find_parameter(changed, "p") == "2"


@pytest.mark.parametrize(
    "pages",
    [
        {},
        {"parameter": "p", "url": "/{}"},
        {"url": "/list"},
        {"parameter": "p", "step": 0},
        {"parameter": "p", "step": "rows"},
        {"parameter": "p", "path": "a", "first": 1},
        {"parameter": "p", "path": "a["},
        {"parameter": "p", "start": 1},
    ],
)
def test_options_are_checked_at_load(pages: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        kind("json").model_validate({"url": URL, **JSON, "pages": pages})


@pytest.mark.parametrize(("name", "options"), [("table", TABLE), ("list", LIST), ("json", JSON)])
def test_there_is_one_way_to_the_next_page(name: str, options: Mapping[str, object]) -> None:
    with pytest.raises(ValidationError, match="give one of them"):
        kind(name).model_validate({"url": URL, **options, "next": "a", "pages": {"parameter": "p"}})
