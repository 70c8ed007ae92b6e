from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sources import BadDocument, Entry, NotFound, Page, WrongContent
from sources.loader import kind
from tests.captures import CAPTURES, needed
from tests.growth import growth

MakePage = Callable[..., Page]

URL = "https://news.example/rss"
XML = "application/rss+xml"
MORNING = datetime(2025, 7, 16, 7, tzinfo=UTC)


def entries(page: Page, **options: object) -> list[Entry]:
    found = list(kind("feed").model_validate({"url": URL, **options}).parse(page))
    assert all(isinstance(entry, Entry) for entry in found)
    return [entry for entry in found if isinstance(entry, Entry)]


def test_an_rss_item_with_everything(make_page: MakePage, fixtures: Path) -> None:
    first, *_ = entries(make_page(fixtures / "feed-rss.xml", XML, URL))
    assert first == Entry(
        "news-1",
        "Regulator lists Alpha & Beta",
        {"author": "A. Reporter", "categories": "Law; Markets"},
        "https://news.example/2025/1",
        MORNING,
        "The regulator listed two companies.\nAlpha did not comment.\nNor did Beta.",
    )


def test_an_rss_item_with_next_to_nothing(make_page: MakePage, fixtures: Path) -> None:
    _, second, third = entries(make_page(fixtures / "feed-rss.xml", XML, URL))
    link = "https://news.example/2025/2"
    assert second == Entry(link, "No guid, no date", {"source": "The Wire"}, link)
    assert third.title == "Only a text, without any title, that goes on for a good while so that it must…"
    assert third.published is None
    assert third.key


def test_an_atom_feed(make_page: MakePage, fixtures: Path) -> None:
    first, second = entries(make_page(fixtures / "feed-atom.xml", "application/atom+xml"))
    assert first == Entry(
        "tag:example.org,2025:1",
        "Alpha fined",
        {"author": "The Office", "categories": "fine"},
        "https://example.org/1",
        MORNING,
        "Alpha was fined.\nIt must pay.\nSoon.",
    )
    assert second.published == datetime(2025, 7, 15, 12, tzinfo=UTC)


def test_an_rdf_feed(make_page: MakePage, fixtures: Path) -> None:
    first, second = entries(make_page(fixtures / "feed-rdf.xml", "application/rdf+xml"))
    assert first == Entry("https://example.org/a", "A", {}, "https://example.org/a", datetime(2025, 7, 16, tzinfo=UTC))
    assert second.key == "https://example.org/b"


def test_a_json_feed(make_page: MakePage, fixtures: Path) -> None:
    first, second = entries(make_page(fixtures / "feed.json", "application/feed+json"))
    fields = {"author": "A. Reporter", "categories": "fines; law"}
    assert first == Entry("1", "Alpha", fields, "https://example.org/1", MORNING, "One\nTwo")
    assert second == Entry("2", "No title", text="No title")


def test_an_update_alone_changes_nothing(make_page: MakePage, fixtures: Path) -> None:
    atom = (fixtures / "feed-atom.xml").read_text("utf-8")
    later = atom.replace("<updated>2025-07-16", "<updated>2025-07-17").replace("Fines", "Penalties")
    assert entries(make_page(later, XML)) == entries(make_page(atom, XML))
    rss = (fixtures / "feed-rss.xml").read_text("utf-8")
    assert entries(make_page(rss.replace(">17<", ">18<"), XML, URL)) == entries(make_page(rss, XML, URL))


def test_a_feed_that_is_ill_formed_for_a_while_gives_the_same_entries(make_page: MakePage, fixtures: Path) -> None:
    for name in ("feed-rss.xml", "feed-atom.xml", "feed-rdf.xml"):
        sound = (fixtures / name).read_text("utf-8").replace("news-1", "news?a=1&amp;b=2")
        broken = sound.replace("<title>", "<oops>a & b &nbsp; < c</oops><title>", 1)
        assert entries(make_page(broken, XML, URL)) == entries(make_page(sound, XML, URL))


def test_entries_with_one_id_are_all_there(make_page: MakePage) -> None:
    item = "<item><guid>1</guid><title>{}</title></item>"
    page = make_page(f"<rss><channel>{item.format('first')}{item.format('second')}</channel></rss>", XML)
    assert [(entry.key, entry.title) for entry in entries(page)] == [("1", "first"), ("1", "second")]


def test_a_key_of_other_parts_of_an_item(make_page: MakePage, fixtures: Path) -> None:
    page = make_page(fixtures / "feed-atom.xml")
    assert [entry.key for entry in entries(page, key="title")] == ["Alpha fined", "Beta warned"]
    first, second = entries(page, key=["id", "author"])
    assert first.key == "tag:example.org,2025:1 | The Office"
    assert second.key == "tag:example.org,2025:2"
    with pytest.raises(NotFound, match=r'"guid".*they have "id", "link", "title"'):
        entries(page, key="guid")


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>", 'titled "Just a moment..."'),
        ('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', "HTML page"),
        ('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', "XML document <Error>"),
        ("Service unavailable", "text: 'Service unavailable'"),
        ('{"items": []}', "JSON but no JSON Feed"),
        (b"%PDF-1.7", "PDF"),
        ("", "text: ''"),
    ],
)
def test_what_is_no_feed_is_an_error(body: str | bytes, what: str, make_page: MakePage) -> None:
    with pytest.raises(WrongContent) as caught:
        entries(make_page(body, "application/xml"))
    assert what in caught.value.message


@pytest.mark.parametrize(
    "body",
    [
        "<rss version='2.0'><channel><item><title>x</title></item><item><tit",
        "<feed><entry><title>x</title></entry>",
        "<rss version='2.0'></rss>",
        "<rss><channel>&oops <</channel></rss>",
        "<rss><channel><item></item></channel></rss>",
    ],
)
def test_a_feed_that_was_cut_off_or_says_nothing_is_an_error(body: str, make_page: MakePage) -> None:
    with pytest.raises(BadDocument):
        entries(make_page(body, XML))


def test_a_sound_feed_without_items_has_no_entries(make_page: MakePage) -> None:
    assert entries(make_page("<rss version='2.0'><channel><title>x</title></channel></rss>", XML)) == []
    assert entries(make_page("<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title></feed>", XML)) == []


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "utf-16"])
def test_a_feed_in_any_encoding_declared_or_not(encoding: str, make_page: MakePage) -> None:
    feed = "<rss><channel><item><title>Реестр Роскомнадзора</title><guid>1</guid></item></channel></rss>"
    for declaration in ("", f'<?xml version="1.0" encoding="{encoding}"?>', '<?xml version="1.0" encoding="utf-8"?>'):
        (entry,) = entries(make_page((declaration + feed).encode(encoding), "text/xml"))
        assert entry.title == "Реестр Роскомнадзора"


def test_a_body_that_is_a_path_or_an_address_is_neither_opened_nor_fetched(make_page: MakePage, fixtures: Path) -> None:
    for body in (str(fixtures / "feed-rss.xml"), "https://127.0.0.1:9/feed"):
        with pytest.raises(WrongContent):
            entries(make_page(body, XML))


def test_entities_of_a_hostile_feed_are_not_expanded(make_page: MakePage) -> None:
    doctype = '<!DOCTYPE rss [<!ENTITY a "x"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    page = make_page(f"{doctype}<rss><channel><item><guid>1</guid><title>t&f;</title></item></channel></rss>", XML)
    (entry,) = entries(page)
    assert len(entry.title) <= len("t&f;")


@pytest.mark.parametrize("person", ["author", "dc:creator", "managingEditor"])
def test_a_very_long_name_costs_no_more_than_its_length(person: str, make_page: MakePage) -> None:
    def read(length: int) -> None:
        item = f"<item><guid>1</guid><title>x</title><{person}>{'a.' * length}</{person}></item>"
        entries(make_page(f"<rss xmlns:dc='http://purl.org/dc/elements/1.1/'><channel>{item}</channel></rss>", XML))

    assert growth(read, 60_000, 480_000, runs=3) < 3


def test_a_creator_with_attributes_makes_no_feed_unreadable(make_page: MakePage) -> None:
    item = "<item><guid>1</guid><dc:creator xml:lang='ru'>A</dc:creator></item>"
    (entry,) = entries(
        make_page(f"<rss xmlns:dc='http://purl.org/dc/elements/1.1/'><channel>{item}</channel></rss>", XML)
    )
    assert entry.key == "1"


def test_a_feed_is_a_report_and_a_window() -> None:
    source = kind("feed").model_validate({"url": URL})
    assert (source.authority, source.listing) == ("report", "window")


@pytest.mark.parametrize(
    ("head", "following"),
    [
        ('<link rel="next" href="/feed?page=2&amp;x=1"/>', "https://example.org/feed?page=2&x=1"),
        (
            '<atom:link href="https://example.org/older" rel="next" type="application/rss+xml"/>',
            "https://example.org/older",
        ),
        ('<link rel="self" href="/feed"/>', None),
        ('<entry><link rel="next" href="/not-the-feeds-own"/></entry>', None),
    ],
)
def test_the_request_for_older_items_is_the_feeds_own_next_link(
    make_page: Callable[..., Page], head: str, following: str | None
) -> None:
    page = make_page(f'<feed xmlns="http://www.w3.org/2005/Atom">{head}</feed>', "application/atom+xml")
    get = kind("feed")(url="https://example.org/feed").earlier(page)
    assert (get and get.url) == following


TEXT = "<description><![CDATA[A sentence.]]></description>"


@pytest.mark.parametrize(
    "empty",
    [
        "<content:encoded/><dc:description/>",
        "<content:encoded></content:encoded><dc:description> </dc:description>",
        '<content:encoded><![CDATA[ ]]></content:encoded>\n<summary type="html"></summary>',
        "",
    ],
)
def test_a_sentence_is_read_whatever_empty_elements_follow_it(empty: str, make_page: MakePage) -> None:
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    item = f"<item><guid>1</guid><title>It</title>{TEXT}{empty}</item>"
    page = make_page(f"<rss {spaces}><channel><title>x</title>{item}</channel></rss>", "application/rss+xml")
    (entry,) = entries(page)
    assert entry.text == "A sentence."


def test_two_items_of_one_id_are_two_entries(make_page: MakePage) -> None:
    items = "".join(f"<item><guid>1</guid><title>{title}</title></item>" for title in ("One", "Other", "One"))
    page = make_page(f"<rss><channel><title>x</title>{items}</channel></rss>", "application/rss+xml")
    assert [(entry.key, entry.title) for entry in entries(page)] == [("1", "One"), ("1", "Other"), ("1", "One")]


@needed
def test_every_item_of_the_saved_feed_has_its_sentence(make_page: MakePage) -> None:
    found = entries(make_page(CAPTURES / "coindesk-rss" / "rss-2026-09-25.xml", XML, URL))
    assert [entry.text[:18] for entry in found] == ["Regulatory clarity", "While Tether's sta"]
