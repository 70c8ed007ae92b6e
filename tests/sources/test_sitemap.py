from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from sources import BadDocument, Entry, Get, NotFound, Page, WrongContent
from sources.loader import kind

MakePage = Callable[..., Page]

URL = "https://example.org/sitemap.xml"
MAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:i="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://example.org/news/1 </loc><lastmod>2025-07-16</lastmod><changefreq>daily</changefreq><priority>0.5</priority>
  <i:image><i:loc>https://example.org/1.png</i:loc></i:image>
  <n:news><n:publication><n:name>News</n:name><n:language>en</n:language></n:publication>
    <n:publication_date>2025-07-15T10:00:00Z</n:publication_date><n:title>Alpha &amp; Beta</n:title></n:news></url>
<url><loc>https://example.org/about</loc></url>
</urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://example.org/news.xml.gz</loc><lastmod>2025-07-16</lastmod></sitemap>
<sitemap><loc>/pages.xml</loc></sitemap><sitemap><loc>/pages.xml</loc></sitemap></sitemapindex>"""


def items(page: Page, **options: object) -> list[Entry | Get]:
    return list(kind("sitemap").model_validate({"url": URL, **options}).parse(page))


def test_each_address_is_an_entry(make_page: MakePage) -> None:
    one, two = "https://example.org/news/1", "https://example.org/about"
    moment = datetime(2025, 7, 15, 10, tzinfo=UTC)
    assert items(make_page(MAP)) == [
        Entry(one, "Alpha & Beta", {"lastmod": "2025-07-16", "language": "en"}, one, moment),
        Entry(two, "", {}, two),
    ]


def test_addresses_may_be_chosen(make_page: MakePage) -> None:
    (entry,) = items(make_page(MAP), only="*/news/*")
    assert isinstance(entry, Entry)
    assert entry.url == "https://example.org/news/1"


def test_a_map_of_maps_asks_for_each_of_them(make_page: MakePage) -> None:
    news, pages = Get("https://example.org/news.xml.gz"), Get("https://example.org/pages.xml")
    assert items(make_page(INDEX, url=URL)) == [news, pages]
    assert items(make_page(INDEX, url=URL), maps=["*/news*"]) == [news]
    with pytest.raises(NotFound, match=r'no map matches "x".*"https://example.org/news.xml.gz"'):
        items(make_page(INDEX, url=URL), maps="x")


def test_a_map_may_be_gzipped(make_page: MakePage) -> None:
    assert len(items(make_page(gzip.compress(MAP.encode()), "application/gzip"))) == 2


def test_an_empty_map_is_one_and_another_document_is_none(make_page: MakePage) -> None:
    assert items(make_page("<urlset/>")) == []
    with pytest.raises(NotFound, match='no site map: it has "rss", "rss/channel"'):
        items(make_page("<rss><channel/></rss>"))
    with pytest.raises(WrongContent):
        items(make_page("<!DOCTYPE html><p>Not found"))
    with pytest.raises(BadDocument):
        items(make_page(MAP[:-20]))


def test_options_are_checked_at_load() -> None:
    assert kind("sitemap").model_validate({"url": URL}).listing == "window"
    with pytest.raises(ValidationError):
        kind("sitemap").model_validate({"url": URL, "key": "loc"})
