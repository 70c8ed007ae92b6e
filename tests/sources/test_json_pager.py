"""What a JSON document says of the list that it is a page of."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources import Get, Page
from sources.loader import kind
from sources.pagination.json_pager import find_json_pager, suggest_options
from sources.reading.completeness import unread

URL = "https://api.example/firms?state=active"
ITEMS = [{"id": n} for n in range(20)]


def page(document: Any, **headers: str) -> Page:
    body = json.dumps(document).encode()
    return Page(
        Get(URL), URL, 200, {"content-type": "application/json", **headers}, body, datetime(2025, 7, 16, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    ("document", "way"),
    [
        ({"next": "/firms?page=2"}, {"next": "next"}),
        ({"links": {"next": {"href": "?page=2"}}}, {"next": "links.next.href"}),
        ({"@odata.nextLink": "https://api.example/firms?$skip=20"}, {"next": '"@odata.nextLink"'}),
        ({"response_metadata": {"next_cursor": "x="}}, {"pages": {"parameter": "cursor", "path": "response_metadata.next_cursor"}}),
        ({"nextPageToken": "x"}, {"pages": {"parameter": "pageToken", "path": "nextPageToken"}}),
        ({"page": 1, "pages": 3}, {"pages": {"parameter": "page", "total": "pages"}}),
        ({"page": 1, "total": 60}, {"pages": {"parameter": "page", "entries": "total"}}),
        ({"number": 0, "totalPages": 3}, {"pages": {"parameter": "number", "first": 0, "total": "totalPages"}}),
        ({"start": 0, "numFound": 60}, {"pages": {"parameter": "start", "step": "entries", "total": "numFound"}}),
    ],
)  # fmt: skip
def test_the_way_on_that_a_document_suggests(document: dict[str, Any], way: dict[str, Any]) -> None:
    assert suggest_options(find_json_pager(page(document), document))[0] == way


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"total": 60}, "20 of 60 entries are read"),
        ({"total": "60"}, "20 of 60 entries are read"),
        ({"hits": {"total": {"value": 60}}}, "20 of 60 entries are read"),
        ({"has_more": True}, "1 page is read, and there are more"),
        ({"next": "?page=2", "total_pages": 3}, "1 of 3 pages is read"),
        ({"page": 1, "pages": 3}, "1 of 3 pages is read"),
        ({"totalPages": 3}, "1 of 3 pages is read"),
        ({"pages": 300}, None),
        ({"has_more": False, "total": 60}, None),
        ({"total": 20}, None),
        ({"has_more": False, "next": None}, None),
        ({"next": URL}, None),
        ({"facets": {"total": 60}}, None),
        ({"total": True}, None),
    ],
)
def test_how_much_of_it_one_page_is(document: dict[str, Any], words: str | None) -> None:
    source = kind("json").model_validate({"url": URL, "items": "items", "key": "id"})
    part = unread(source, [page({"items": ITEMS, **document})], len(ITEMS), whole=True)
    assert (part.words if part else None) == words


def test_where_items_are_filtered_a_total_says_nothing() -> None:
    source = kind("json").model_validate({"url": URL, "items": "items[?id > `3`]", "key": "id"})
    assert unread(source, [page({"items": ITEMS, "total": 20})], 16, whole=True) is None


def test_the_next_address_of_an_http_header() -> None:
    link = f'<{URL}&page=9>; rel="last", <{URL}&page=2>; rel="next"'
    assert find_json_pager(page(ITEMS, link=link), ITEMS).following == f"{URL}&page=2"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["next", "total", "page", "meta", "links", "cursor", "href", "hits", "has_more", "offset"]),
            inner,
        )
    ),
    max_leaves=20,
)


@given(values)
def test_whatever_a_document_holds_nothing_fails(document: Any) -> None:
    found = find_json_pager(page(document), document)
    for way in suggest_options(found):
        kind("json").model_validate({"url": URL, "items": "@", "key": "id", **way})
