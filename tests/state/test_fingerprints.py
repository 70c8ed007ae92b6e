from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources import Entry, Get, Page, Source
from sources.reading.entry_fingerprints import Digest, entry_fingerprint
from state.compare.reader_fingerprints import body_fingerprint, place_fingerprint, reading_fingerprint


class Register(Source):
    """A register."""

    url: str | None = "https://register.example/list"
    column: str = "name"

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        yield Entry(page.text)


class Poster(Source):
    """A register behind a form."""

    url: str | None = "https://register.example/list"
    year: int = 2025

    def start(self) -> Get:
        return Get(self.url or "", method="POST", form={"year": str(self.year)}, reader="first")

    def first(self, page: Page) -> Iterator[Entry | Get]:
        yield Entry(page.text)


WHOLE = Entry("7", "Telegram", {"branch": "no"}, "https://t.example", datetime(2025, 7, 1, tzinfo=UTC), "a text")


@pytest.mark.parametrize(
    "other",
    [
        Entry("8", "Telegram", {"branch": "no"}, WHOLE.url, WHOLE.published, "a text"),
        Entry("7", "Telegraph", {"branch": "no"}, WHOLE.url, WHOLE.published, "a text"),
        Entry("7", "Telegram", {"branch": "yes"}, WHOLE.url, WHOLE.published, "a text"),
        Entry("7", "Telegram", {"office": "no"}, WHOLE.url, WHOLE.published, "a text"),
        Entry("7", "Telegram", {"branch": "no", "office": "no"}, WHOLE.url, WHOLE.published, "a text"),
        Entry("7", "Telegram", {"branch": "no"}, None, WHOLE.published, "a text"),
        Entry("7", "Telegram", {"branch": "no"}, WHOLE.url, None, "a text"),
        Entry("7", "Telegram", {"branch": "no"}, WHOLE.url, WHOLE.published, "another text"),
    ],
)
def test_every_part_of_an_entry_counts(other: Entry) -> None:
    assert entry_fingerprint(other) != entry_fingerprint(WHOLE)


def test_the_order_of_fields_and_the_time_zone_do_not_count() -> None:
    moscow = timezone(timedelta(hours=3))
    one = Entry("1", fields={"a": "1", "b": "2"}, published=datetime(2025, 7, 1, 12, tzinfo=UTC))
    two = Entry("1", fields={"b": "2", "a": "1"}, published=datetime(2025, 7, 1, 15, tzinfo=moscow))
    assert entry_fingerprint(one) == entry_fingerprint(two)


@pytest.mark.parametrize("name", ["title", "url", "published", "text", "views"])
def test_what_is_ignored_does_not_count(name: str) -> None:
    same: dict[str, Any] = {"title": "a", "url": "https://a.example", "text": "a"}
    other = {
        "title": "b",
        "url": "https://b.example",
        "text": "b",
        "published": WHOLE.published,
        "fields": {"views": "2"},
    }
    part = "fields" if name == "views" else name
    one, two = Entry("1", **same), Entry("1", **{**same, part: other[part]})
    assert entry_fingerprint(one, [name]) == entry_fingerprint(two, [name])
    assert entry_fingerprint(one) != entry_fingerprint(two)


def test_the_key_counts_even_if_a_field_of_that_name_is_ignored() -> None:
    assert entry_fingerprint(Entry("1", "same"), ["key"]) != entry_fingerprint(Entry("2", "same"), ["key"])


def test_text_that_imitates_the_encoding_does_not_collide() -> None:
    assert entry_fingerprint(Entry("1", "x", {"a": "b1:c1:d"})) != entry_fingerprint(
        Entry("1", "x", {"a": "b", "c": "d"})
    )
    assert entry_fingerprint(Entry("1", "x", {"ab": "c"})) != entry_fingerprint(Entry("1", "x", {"a": "bc"}))
    assert entry_fingerprint(Entry("1", "x", text="=y")) != entry_fingerprint(Entry("1", "x=y"))


def test_half_a_character_can_be_marked() -> None:
    entry = Entry("1", url="https://a.example/\ud83d")
    assert len(entry_fingerprint(entry)) == 16


@settings(max_examples=50)
@given(st.lists(st.binary(min_size=16, max_size=16), unique=True), st.randoms())
def test_the_digest_does_not_depend_on_the_order(marks: list[bytes], random: object) -> None:
    one, two = Digest(), Digest()
    for mark in marks:
        one.add(mark)
    random.shuffle(marks)  # type: ignore[attr-defined]
    for mark in marks:
        two.add(mark)
    assert one.value() == two.value()


def test_the_digest_of_nothing_is_not_that_of_never_read() -> None:
    assert Digest().value() != b""


def test_two_bodies_have_two_marks() -> None:
    assert body_fingerprint(b"<p>1") != body_fingerprint(b"<p>2")


@pytest.mark.parametrize("option", [{"every": "1h"}, {"timeout": "5s"}, {"auth": "me:secret"}, {"listing": "window"}])
def test_options_that_do_not_read_are_no_new_reading(option: dict[str, str]) -> None:
    assert reading_fingerprint(Register(**option)) == reading_fingerprint(Register())


@pytest.mark.parametrize(
    "option", [{"column": "title"}, {"ignore": ("views",)}, {"encoding": "cp1251"}, {"personal": ("id",)}]
)
def test_options_that_read_are_another_reading(option: dict[str, object]) -> None:
    assert reading_fingerprint(Register(**option)) != reading_fingerprint(Register())


def test_a_secret_that_changes_is_no_new_reading_and_no_new_place() -> None:
    old = Register(url="https://register.example/?key=old-key", column="old-key")
    new = Register(url="https://register.example/?key=new-key", column="new-key")

    def hide(text: str) -> str:
        return text.replace("old-key", "${KEY}").replace("new-key", "${KEY}")

    assert reading_fingerprint(old, hide) == reading_fingerprint(new, hide)
    assert place_fingerprint(old, hide) == place_fingerprint(new, hide)
    assert place_fingerprint(old) != place_fingerprint(new)


def test_another_address_or_form_is_another_place() -> None:
    assert place_fingerprint(Register(url="https://mirror.example/list")) != place_fingerprint(Register())
    assert place_fingerprint(Poster(year=2024)) != place_fingerprint(Poster())
    assert place_fingerprint(Poster(every="1h", ignore=("views",))) == place_fingerprint(Poster())


def test_a_reader_under_another_name_is_the_same_place(monkeypatch: pytest.MonkeyPatch) -> None:
    before = place_fingerprint(Poster())
    monkeypatch.setattr(Poster, "start", lambda self: Get(self.url, "POST", form={"year": "2025"}, reader="second"))
    assert place_fingerprint(Poster()) == before
