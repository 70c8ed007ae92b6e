from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sources import Entry, Get, NotFound, Page, WrongContent
from sources.loader import kind

MakePage = Callable[..., Page]

SITE = "https://example.org"
POSTS = f"{SITE}/wp-json/wp/v2/posts"
POST = {
    "id": 17,
    "link": f"{SITE}/?p=17",
    "date_gmt": "2025-07-16T10:00:00",
    "modified_gmt": "2025-07-17T00:00:00",
    "title": {"rendered": "Alpha &#8211; Beta &amp; Sons"},
    "excerpt": {"rendered": "<p>Short [&hellip;]</p>"},
    "content": {"rendered": "<p>All of <b>it</b>.</p>\n<p>More.</p>", "protected": False},
}


def source(**options: object):  # type: ignore[no-untyped-def]
    return kind("wordpress").model_validate({"url": SITE, **options})


@pytest.fixture
def page(make_page: MakePage) -> Page:
    page = make_page(json.dumps([POST]), "application/json", POSTS)
    return replace(page, get=source().start(), headers={**page.headers, "x-wp-totalpages": "3"})


def test_posts_are_asked_for_by_the_hundred() -> None:
    get = source().start()
    assert (get.url, get.query["per_page"]) == (POSTS, 100)
    assert source(url=f"{SITE}/blog/").start().url == f"{SITE}/blog/wp-json/wp/v2/posts"
    assert source(url=f"{SITE}/wp-json/wp/v2/press").start().url == f"{SITE}/wp-json/wp/v2/press"
    assert source(query={"categories": 7}).start().query["categories"] == 7


def test_a_post_is_an_entry(page: Page) -> None:
    moment = datetime(2025, 7, 16, 10, tzinfo=UTC)
    fields = {"modified": "2025-07-17T00:00:00"}
    text = "All of it.\nMore."
    assert list(source().parse(page)) == [Entry(17, "Alpha – Beta & Sons", fields, f"{SITE}/?p=17", moment, text)]


def test_without_its_content_a_post_has_its_excerpt(page: Page, make_page: MakePage) -> None:
    (entry,) = source().parse(make_page(json.dumps([{**POST, "content": {"rendered": "", "protected": True}}])))
    assert entry.text == "Short […]"


def test_older_posts_are_read_as_far_as_max_pages_says(page: Page) -> None:
    older = source().earlier(page)
    assert older.query["page"] == 2
    assert list(source(max_pages=2).parse(page))[1:] == [older]
    assert len(list(source().parse(page))) == len(list(source(max_pages=2).parse(replace(page, get=older)))) == 1
    assert source().earlier(replace(page, get=replace(older, carry={"page": 3}))) is None
    assert source().earlier(replace(page, headers={})) is None


def test_an_answer_that_is_no_list_of_posts_is_an_error(make_page: MakePage) -> None:
    with pytest.raises(NotFound, match="no list of posts: No route"):
        list(source().parse(make_page('{"code": "rest_no_route", "message": "No route was found"}')))
    with pytest.raises(NotFound, match=r'a post has no id; it is "slug"'):
        list(source().parse(make_page('[{"slug": "x"}]')))
    with pytest.raises(WrongContent):
        list(source().parse(make_page("<html>Disabled</html>")))
    assert list(source().parse(make_page("[]"))) == []
    assert isinstance(source().start(), Get)
