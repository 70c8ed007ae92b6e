"""A case's page: its content, and that nothing in it is active, whatever sources contain."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from alerts.case.story import Story, items_of
from alerts.case.view import MARK, page_of
from alerts.language import speaking
from state.model import Event, EventKind, Mention

LISBON = ZoneInfo("Europe/Lisbon")
NOON = datetime(2025, 3, 3, 12, tzinfo=UTC)
OURS = [Mention("corvane", "Corvane", "Corvane", "title")]
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><style>@import url(https://evil.example/x.css)</style>",
    "</title><script src=//evil.example></script>",
    "<!--",
    "<svg/onload=alert(1)>",
    "&lt;script&gt;",
    "\u202egnp.exe\u202c \u2066isolated\u2069 zero\u200bwidth \x00nul \x1b[31mred",
    "{{7*7}} ${7*7} <%= 7*7 %>",
    "' onmouseover='alert(1)",
]
LINKS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "//evil.example/x",
    'https://a.example/"onmouseover="alert(1)',
    "https://a.example/<script>alert(1)</script>",
    "https://a.example/\u202egnp\njavascript:alert(1)",
]


class Page(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._style = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._style = tag == "style"

    def handle_endtag(self, tag):
        self._style = False

    def handle_data(self, data):
        self.text += "" if self._style else data

    def of(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


def event(change, what, title, *, source=("wire", "Tagus Wire", "report"), minutes=0, **said):
    return change(what, title, source=source, mentions=OURS, at=NOON + timedelta(minutes=minutes), **said)


def page(*events, entity="corvane", names=("Corvane",), since=None):
    return page_of(Story(entity, names, since, items_of(entity, events)), LISBON, NOON + timedelta(days=1))


@pytest.fixture
def hostile(change):
    """A page into which every text and link of a source is hostile, in every place."""
    events = []
    for number, text in enumerate(HOSTILE):
        source = (f"s{number}", text, ["record", "report", "statement", text][number % 4])
        said = {"source": source, "url": LINKS[number % len(LINKS)], "published": text, "key": f"k{number}"}
        both = {text: (text, f"{text}!"), "text": (f"{text}\nold", f"{text}\nnew")}
        events += [
            event(change, "added", f"{text} {number}", text=text, **said),
            event(change, "changed", text, fields=both, minutes=5, **said),
            event(change, text, text, fields=both, minutes=6, **{**said, "key": "other"}),
        ]
    data = {
        "mentioned": [
            {"key": t, "title": t, "url": u, "published": t, "entities": ["corvane"]} for t in HOSTILE for u in LINKS
        ]
    }
    events.append(Event(EventKind.BASELINE, "b", HOSTILE[0], "record", NOON, None, data, OURS))
    story = Story("corvane", HOSTILE, None, items_of("corvane", events), {"s1": LINKS[0], "b": LINKS[2]})
    return page_of(story, LISBON, NOON)


def test_hostile_texts_become_no_element_and_no_attribute(hostile):
    found = Page(hostile)
    assert {tag for tag, _ in found.tags}.isdisjoint(
        {"script", "img", "svg", "link", "iframe", "object", "form", "base"}
    )
    assert len(found.of("style")) == 1
    names = {name for _, attrs in found.tags for name in attrs}
    assert names <= {"lang", "charset", "http-equiv", "content", "name", "class", "dir", "href", "rel"}


def test_hostile_links_lead_nowhere_but_to_the_web(hostile):
    links = [attrs["href"] for attrs in Page(hostile).of("a")]
    assert links
    assert all(re.match(r"https?://a\.example/", link) for link in links)
    assert not [link for link in links if set(link) & set("\"'<>\n ")]


def test_what_hides_or_turns_text_is_gone(hostile):
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b-\u200f\x00\x1b]", hostile)


def test_hostile_texts_are_still_there_to_be_read(hostile):
    text = Page(hostile).text
    for line in ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "&lt;script&gt;", "</style><style>"):
        assert line in text


def test_nothing_is_loaded_from_anywhere(hostile):
    assert "default-src 'none'" in hostile
    styles = "".join(re.findall("<style>(.*?)</style>", hostile, re.DOTALL))
    assert "url(" not in styles
    assert "@import" not in styles
    assert not [attrs for _, attrs in Page(hostile).tags if {"src", "srcset", "style"} & attrs.keys()]


def test_a_hostile_name_of_an_entity_stays_a_name():
    assert "<title>Case: &lt;script&gt;" in page(entity=HOSTILE[0], names=())


def test_a_record_shows_its_field_before_and_after_and_its_times(change):
    source = ("list", "Treasury list", "record")
    shown = Page(page(event(change, "changed", "Corvane", source=source, fields={"status": ("clear", "blocked")})))
    for part in ("3 March 2025", "12:00", "record", "changed", "Treasury list", "status", "clear", "blocked"):
        assert part in shown.text
    assert "First seen 12:00:00 Last good reading before 11:59:00" in shown.text


def test_copies_and_edits_stand_in_the_item_of_the_first_report(change):
    events = [
        event(change, "added", "Corvane blocked by Treasury", key="1", url="https://a.example/1"),
        event(
            change, "added", "Corvane blocked by Treasury - Daily", minutes=4, key="2", source=("d", "Daily", "report")
        ),
        event(change, "changed", "Corvane", minutes=9, key="1", fields={"title": ("Corvane blocked by Treasury", "x")}),
    ]
    shown = page(*events)
    assert shown.count("<article>") == 1
    assert "1 item from 2 sources, and 1 copy of reports among them" in shown
    assert "The same report, published 1 more time" in shown
    assert "<h4>Later</h4>" in shown


TOLD = {
    "Case: {entity}": "Akte: {entity}",
    ("from {number} source", "from {number} sources"): ("aus {number} Quelle", "aus {number} Quellen"),
    ("{number} item {sources}", "{number} items {sources}"): ("{number} Eintrag {sources}", "{number} Einträge {sources}"),
    "record": "Behörde",
    "changed": "geändert",
    "already there when the watch began": "stand schon da",
    "First seen": "Erstmals gesehen",
    "{day}, {time}": "{day} um {time}",
    "was": "war",
    "the authority itself": "die Behörde selbst",
}  # fmt: skip


def test_a_case_is_told_in_the_language_spoken_and_styled_by_keys(change, catalogue):
    catalogue(TOLD)
    source = ("list", "Treasury list", "record")
    stood = Event(EventKind.BASELINE, *source, NOON - timedelta(days=1), None, {"mentioned": []}, OURS)
    events = [
        stood,
        event(change, "changed", "Corvane {it}", source=source, fields={"status": ("clear", "<b>blocked")}),
    ]
    with speaking("de"):
        told = page(*events)
    shown = Page(told)
    for part in ("Akte: corvane", "2 Einträge aus 1 Quelle", "3. März 2025", "Behörde", "geändert", "stand schon da",
                 "Erstmals gesehen", "4. März 2025 um 12:00", "Corvane {it}", "<b>blocked"):  # fmt: skip
        assert part in shown.text
    assert {"lang": "de"} in shown.of("html")
    assert [attrs["class"] for attrs in shown.of("li") if "item" in (attrs.get("class") or "")] == ["item record"] * 2
    assert 'content: "war "' in told


def test_a_case_in_arabic_is_written_from_right_to_left_and_foreign_values_in_their_own_direction(change, catalogue):
    catalogue({"Case": "ملف"}, "ar")
    source = ("list", "Treasury list", "record")
    with speaking("ar"):
        told = page(event(change, "changed", "Corvane", source=source, fields={"status": ("clear", "blocked")}))
    assert '<html lang="ar" dir="rtl">' in told
    assert "ملف" in told
    for part in ('<h3 dir="auto">Corvane', '<del dir="auto">clear', '<ins dir="auto">blocked'):
        assert part in told
    assert not re.search(r"(?:margin|padding|border|inset)-(?:left|right)|(?<![-\w])(?:left|right):", told)


def test_an_entity_without_events_has_a_page_that_says_so():
    assert "Nothing mentions it yet." in page()
    assert "Nothing mentions it since 1 March 2025, 00:00." in page(since=datetime(2025, 3, 1, tzinfo=UTC))


def test_a_page_is_one_file_that_says_what_made_it_and_knows_dark_screens_and_paper():
    text = page()
    assert text.startswith("<!doctype html>")
    assert MARK in text[:1000]
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text
