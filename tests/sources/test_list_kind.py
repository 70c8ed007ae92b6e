from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from sources import Entry, Get, NotFound, Page, WrongContent
from sources.loader import kind

MakePage = Callable[..., Page]

URL = "https://example.org/news/"
LIST = """
<ul class=menu><li>Home<li>About</ul>
<div class=news>
  <article class="item big" data-id=17><h3><a href="17.html">Alpha  Ltd
     is licensed</a></h3><time datetime="2025-07-16T10:00:00+03:00">today</time><p>Of the <b>register</b>.</p>
     <span class=tag>law</span><span class=tag>bank <i class=tag>i</i></span></article>
  <article class=item data-id=16><h3><a href="/news/16.html">Beta Inc</a></h3><time>15 июля 2025 года</time><p>Text</p></article>
</div>
"""


def items(page: Page, **options: object) -> list[Entry | Get]:
    return list(kind("list").model_validate({"url": URL, "item": "article", **options}).parse(page))


def first(page: Page, **options: object) -> Entry:
    entry = items(page, **options)[0]
    assert isinstance(entry, Entry)
    return entry


@pytest.fixture
def page(make_page: MakePage) -> Page:
    return make_page(LIST, url=URL)


def test_places_in_an_item(page: Page) -> None:
    found = items(page, title="h3 a", link="h3 a", published="time", fields={"about": "p", "tags": ".tag?"})
    address = "https://example.org/news/17.html"
    moment = datetime(2025, 7, 16, 7, tzinfo=UTC)
    assert found == [
        Entry(address, "Alpha Ltd is licensed", {"about": "Of the register.", "tags": "law; bank i"}, address, moment),
        Entry(
            "https://example.org/news/16.html",
            "Beta Inc",
            {"about": "Text"},
            "https://example.org/news/16.html",
            datetime(2025, 7, 15, tzinfo=UTC),
        ),
    ]


def test_without_fields_the_items_whole_text_is_watched(page: Page) -> None:
    entry = first(page)
    assert (entry.key, entry.title, entry.url) == ("Alpha Ltd is licensed", "Alpha Ltd is licensed", None)
    assert entry.text == "Alpha Ltd is licensed\ntoday\nOf the register.\nlawbank i"
    assert not entry.fields


def test_the_item_itself_and_its_attributes(page: Page) -> None:
    assert first(page, key="@data-id").key == first(page, key=".@data-id").key == "17"
    assert first(page, item="article h3 a", title=".", link=".").url == "https://example.org/news/17.html"
    assert first(page, link="@data-id").url == "https://example.org/news/17"


def test_a_places_own_text_is_that_outside_its_elements(make_page: MakePage) -> None:
    page = make_page("<ul><li>Hotel Alpha <em>since July 2024</em><li><b>Beta</b></ul>")
    assert [entry.key for entry in items(page, item="li", key=".::text")] == ["Hotel Alpha", "Beta"]  # type: ignore[union-attr]


def test_what_follows_an_item_is_in_reach(make_page: MakePage) -> None:
    page = make_page(
        "<h3>Case 1</h3><p>Filed May 2, 2025</p><p><a href=/1.pdf>Opinion</a></p><h3>Case 2</h3><p>Filed soon</p>"
    )
    one, two = items(page, item="h3", title=".", published="h3 + p", link="h3 + p + p a?")
    assert one == Entry(
        "https://example.org/1.pdf",
        "Case 1",
        {},
        "https://example.org/1.pdf",
        datetime(2025, 5, 2, tzinfo=UTC),
        "Case 1",
    )
    assert two == Entry("Case 2", fields={"date": "Filed soon"}, text="Case 2")  # a date that cannot be read is kept


def test_nothing_that_matches_says_what_repeats(make_page: MakePage) -> None:
    rows = "".join(f"<div class='row  big'>{at}</div>" for at in range(7))
    with pytest.raises(NotFound, match=r"nothing that matches 'article'.*what repeats: \"div.row.big \(7\)\""):
        items(make_page(f"<main>{rows}</main>"))
    assert items(make_page("<p>No news today</p>"), min_entries=0) == []


def test_a_place_that_no_item_has_lists_what_they_have(page: Page) -> None:
    for options in ({"title": "h2"}, {"link": "a.more"}, {"fields": {"x": "em"}}, {"key": "@id"}):
        with pytest.raises(NotFound, match=r'no item has .*the first one has "h3", "a", "time", "p".*\?'):
            items(page, **options)
    assert first(page, fields={"x": "em?", "about": "p"}).fields == {"about": "Of the register."}


def test_the_next_page_follows_its_entries(make_page: MakePage) -> None:
    page = make_page(LIST + '<a class=next href="?page=2">more</a>', url=URL)
    assert items(page, next="a.next")[2:] == [Get(f"{URL}?page=2")]


def test_it_is_a_window_by_default() -> None:
    assert kind("list").model_validate({"url": URL, "item": "li"}).listing == "window"


def test_another_kind_of_document_is_an_error(make_page: MakePage) -> None:
    with pytest.raises(WrongContent):
        items(make_page('{"a": 1}', "application/json"))


@pytest.mark.parametrize(
    "options",
    [{"item": "a["}, {"title": "a:("}, {"title": ""}, {"key": "?"}, {"fields": {"x": "a["}}, {"rows": 1}],
)
def test_options_are_checked_at_load(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        kind("list").model_validate({"url": URL, "item": "li", **options})
