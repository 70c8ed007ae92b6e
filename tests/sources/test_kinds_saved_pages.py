"""Kinds against saved pages of real sites, if available."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from sources import Blocked, Entry, Page, SourceError
from sources.loader import kind
from sources.model.entry import each_alone
from tests.captures import CAPTURES

MakePage = Callable[..., Page]

FEEDS = (
    "feeds-awkward",
    "feeds-before-after",
    "feeds-feedparser-encoding",
    "feeds-feedparser-illformed",
    "feeds-legacy-cyrillic",
    "google-news-rss",
    "ru-outlets-rss",
    "us-pacer-rss",
    "us-sec-edgar-getcurrent",
    "us-sec-trading-suspensions",
)


def captures(folder: str, pattern: str = "*") -> list[Path]:
    """The captures of a folder in order of time."""
    found = sorted((CAPTURES / folder).glob(pattern))
    if not found and os.environ.get("CI") == "true":
        pytest.fail(f"no captures in {CAPTURES / folder}")
    if not found:
        pytest.skip(f"no captures in {CAPTURES / folder}")
    return found


def read(name: str, page: Page, **options: object) -> list[Entry]:
    source = kind(name).model_validate({"url": page.url, **options})
    return [entry for entry in each_alone(source.parse(page)) if isinstance(entry, Entry)]


def steps(snapshots: list[list[Entry]]) -> Iterator[tuple[int, int, int, int]]:
    """What each snapshot adds, brings back, removes and changes, by key."""
    known: dict[str, Entry] = {entry.key: entry for entry in snapshots[0]}
    gone: set[str] = set()
    for snapshot in snapshots[1:]:
        now = {entry.key: entry for entry in snapshot}
        new, lost = now.keys() - known.keys(), known.keys() - now.keys()
        changed = [key for key in now.keys() & known.keys() if now[key] != known[key]]
        yield len(new - gone), len(new & gone), len(lost), len(changed)
        known, gone = now, (gone | lost) - now.keys()


# An address can be seized by two orders, so the address alone is no key; an order has hundreds of addresses. Where
# the page has an address twice under one order, the names differ, and one row is there twice, word for word.
ADDRESSES = {
    "table": "table.ms-rteTable-4:has(th:contains('Currency'))",
    "key": ["Order ID", "Virtual currency address / User ID"],
    "link": False,
}


def test_seized_addresses_are_the_same_in_every_version_of_the_page(make_page: MakePage) -> None:
    snapshots = [read("table", make_page(path), **ADDRESSES) for path in captures("il-nbctf-crypto-orders")]
    assert [len(entries) for entries in snapshots] == [626, 626, 626]
    assert len({entry.key for entry in snapshots[0]}) == 622
    assert set(map(repr, snapshots[0])) == set(map(repr, snapshots[1])) == set(map(repr, snapshots[2]))


def test_an_orders_number_stands_in_each_row_that_its_cell_spans(make_page: MakePage) -> None:
    entries = read("table", make_page(captures("il-nbctf-crypto-orders")[-1]), **ADDRESSES)
    orders = Counter(entry.fields.get("Order ID", "") for entry in entries)
    assert orders["ASO - 34/24"] == 5
    assert orders[""] == 1  # the page itself has one row outside any order
    assert all("Virtual currency address / User ID" in entry.fields for entry in entries)


def test_the_list_of_seizure_orders_gains_one(make_page: MakePage) -> None:
    options = {"table": "table:first-of-type", "key": ["File Type", "Last Updated"], "link": False}
    snapshots = [read("table", make_page(path), **options) for path in captures("il-nbctf-crypto-orders")]
    assert list(steps(snapshots)) == [(0, 0, 0, 0), (1, 0, 0, 0)]


def test_the_covered_list(make_page: MakePage) -> None:
    (path,) = captures("us-fcc-covered-list")
    key, date = "Covered Equipment or Services*", "Date of Inclusion on Covered List"
    entries = read("table", make_page(path), key=key)
    assert len(entries) == len({entry.key for entry in entries}) == 13
    assert entries[0].fields[date] == "March 12, 2021"
    assert "Huawei Technologies Company" in entries[0].title


def test_the_register_of_foreign_agents_over_time(make_page: MakePage) -> None:
    paths = captures("ru-minjust-inoagent-json", "*.json")
    options = {"items": "@", "key": "id", "title": "fullName"}
    snapshots = [read("json", make_page(path, "application/json"), **options) for path in paths]
    assert [len(entries) for entries in snapshots] == [831, 839, 847, 851, 861, 866]
    # The second version has a heading read as entry 262 and a blank item; both are gone, and 262 is back, in the last.
    assert list(steps(snapshots)) == [(9, 0, 1, 3), (8, 0, 0, 6), (4, 0, 0, 10), (10, 0, 0, 6), (6, 1, 2, 8)]


@pytest.mark.parametrize("folder", FEEDS)
def test_every_feed_gives_entries_or_a_typed_failure(folder: str, make_page: MakePage) -> None:
    for path in captures(folder):
        for content_type in ("application/xml", "text/xml; charset=utf-8", "text/html; charset=windows-1251"):
            with suppress(SourceError):
                entries = read("feed", make_page(path, content_type))
                assert all(entry.key and entry.title for entry in entries), path.name


def test_every_docket_entry_of_a_courts_feed_is_there(make_page: MakePage) -> None:
    feeds = {path.stem: read("feed", make_page(path)) for path in captures("us-pacer-rss", "*.xml")}
    counts = {"ca10": 6, "ca2_1": 4, "ca4_1": 20, "ca6": 9, "cadc": 13, "cafc": 2, "mdb_1": 2, "mdb_2": 1, "wvsd": 3}
    assert {name: len(entries) for name, entries in feeds.items()} == counts | {"nysb_1": 162}
    assert len({entry.key for entry in feeds["nysb_1"]}) == 160
    assert len(set(map(repr, feeds["nysb_1"]))) == 162
    assert all(entry.published for entries in feeds.values() for entry in entries)


@pytest.mark.parametrize("court", ["ca4_1", "cadc"])
def test_a_courts_feed_says_what_another_parser_read_in_it(court: str, make_page: MakePage) -> None:
    (expected,) = captures("us-pacer-rss", f"{court}.expected.json")
    entries = read("feed", make_page(expected.with_name(f"{court}.xml")))
    cases = json.loads(expected.read_text("utf-8"))
    assert len(entries) == len(cases)
    assert all(case["docket_number"] in entry.title for case, entry in zip(cases, entries, strict=True))


def test_every_party_of_a_filing_has_its_entry(make_page: MakePage) -> None:
    for path in captures("us-sec-edgar-getcurrent", "*http200.atom"):
        entries = read("feed", make_page(path, "application/atom+xml"), key=["id", "title"])
        most = 40 if "count40" in path.name else 100
        assert len(entries) == most
        # One version lists a party twice, word for word; everything else has a key of its own.
        assert len({entry.key for entry in entries}) == len(set(map(repr, entries))) >= most - 1
        assert len({entry.key for entry in read("feed", make_page(path))}) < most - 1  # one id for all its parties


def test_a_page_in_place_of_the_filings_is_a_failure(make_page: MakePage) -> None:
    for path in captures("us-sec-edgar-getcurrent", "*http503.html"):
        with pytest.raises(SourceError, match="File Unavailable"):
            read("feed", make_page(path))


def test_the_feed_of_a_news_search(make_page: MakePage) -> None:
    (path,) = captures("google-news-rss")
    entries = read("feed", make_page(path, "application/xml"))
    assert len(entries) == len({entry.key for entry in entries}) == 92
    assert all(entry.fields["source"] and entry.published and entry.url for entry in entries)


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("quoted-rbc-*", "https://www.rbc.ru/rbcfreenews/69d0456a9a79476ee8b6e42c"),
        ("quoted-tass-v2-*", "https://tass.ru/ekonomika/26997867"),
        ("quoted-tass-yandex-*", "https://tass.ru/proisshestviya/26998073"),
        ("quoted-kommersant-*", "https://www.kommersant.ru/doc/8568881"),
    ],
)
def test_russian_outlets_links_are_the_items_own(name: str, url: str, make_page: MakePage) -> None:
    (path,) = captures("ru-outlets-rss", name)
    (entry,) = read("feed", make_page(path))
    assert entry.url == url
    assert entry.key in (url, "rssexport.rbc.ru:society:69d0456a9a79476ee8b6e42c")
    assert entry.published is not None


def test_all_russian_outlets_are_read(make_page: MakePage) -> None:
    counts = [len(read("feed", make_page(path))) for path in captures("ru-outlets-rss")]
    assert counts == [1, 1, 3, 1, 1, 1, 1, 1, 1]


def test_one_feed_in_four_cyrillic_encodings_is_one_feed(make_page: MakePage) -> None:
    paths = captures("feeds-legacy-cyrillic", "*__newsru.com.xml")
    assert len(paths) == 4
    feeds = [read("feed", make_page(path)) for path in paths]
    assert len(feeds[0]) == 30
    assert all(feed == feeds[0] for feed in feeds)


def test_an_edited_item_of_a_feed_is_the_same_item(make_page: MakePage) -> None:
    snapshots = [read("feed", make_page(path)) for path in captures("feeds-before-after")]
    assert list(steps(snapshots)) == [(0, 0, 0, 1), (0, 0, 0, 1)]


def telegram(page: Page) -> list[Entry]:
    return read("telegram", page, channel="example")


def test_the_posts_of_a_channel(make_page: MakePage) -> None:
    (path,) = captures("tg-preview", "*topwar_2023-full.html")
    entries = telegram(make_page(path))
    assert [entry.key for entry in entries][::11] == ["70989", "71008"]
    assert len(entries) == len({entry.key for entry in entries}) == 12
    assert all(entry.text and entry.published and entry.url for entry in entries)


def test_the_same_posts_a_month_later_are_the_same_entries(make_page: MakePage) -> None:
    before, after = (telegram(make_page(path)) for path in captures("tg-preview", "t.me_s_durov-*"))
    assert before == after
    assert [entry.key for entry in before] == ["528", "529"]


def test_a_lone_post_is_no_preview_but_can_be_read_inside_one(make_page: MakePage) -> None:
    for path in captures("tg-preview", "*fragment*"):
        with pytest.raises(Blocked):
            telegram(make_page(path))
        (entry,) = telegram(make_page(b'<section class="tgme_channel_history">' + path.read_bytes()))
        assert entry.published, path.name
        assert entry.text or entry.fields["media"], path.name
