"""Secrets do not reach the state, and restored requests send none to another site."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources import Entry, Get, Page
from sources.secrets import Secrets
from state.compare.reader_fingerprints import body_fingerprint
from state.db.redaction import NotSealedError, Redactor
from state.db.tables.core import BODIES
from state.model import (
    Acceptance,
    Commit,
    Difference,
    Event,
    EventKind,
    Health,
    Mention,
    Route,
    SourceState,
    Status,
    StoredPage,
)
from state.store import Store
from tests.storing import add_event

NOON = datetime(2025, 7, 14, 12, tzinfo=UTC)
TOKEN = "s3cret-token"


def secrets() -> Secrets:
    known = Secrets()
    known.add("${TOKEN}", TOKEN)
    known.add("${OTHER}", "0ther-secret")
    return known


@pytest.fixture
def veiled(url: str) -> Iterator[Store]:
    with Store.open(url, hide=secrets().hide, reveal=secrets().reveal) as store:
        yield store


@pytest.fixture
def new_desk(desk: Any) -> Any:
    return type(desk)


def stored_page(url: str, **get: Any) -> StoredPage:
    page = Page(Get(url, **get), f"{url}&from=redirect", 200, {"location": url}, b"<p>", NOON)
    return StoredPage(page, body_fingerprint(b"<p>"), f'"{TOKEN}"', None)


def keep(store: Store, *pages: StoredPage) -> list[StoredPage]:
    """Store pages, and return them as loaded again."""
    nothing = Difference((), (), {}, {}, b"", 0, ())
    store.commit("register", lambda state: Commit(state, Acceptance(nothing, pages, "", "")))
    return store.pages("register")


def test_no_secret_stands_anywhere_in_the_file(veiled: Store, tmp_path: Path, new_desk: Any) -> None:
    url = f"https://api.example/?key={TOKEN}"
    keep(
        veiled, stored_page(url, headers={"x-key": TOKEN}, form={"k": TOKEN}, json=[{TOKEN: TOKEN}], carry={"t": TOKEN})
    )
    new_desk(veiled).check("echo", [Entry(f"key-{TOKEN}", TOKEN, {"f": TOKEN}, url, NOON, TOKEN)])
    health = Health(Status.FAILING, "http_500", f"{url} answers 500")
    mention = Mention("telegram", "Telegram", TOKEN, "text")
    event = Event(EventKind.HEALTH, "echo", "Echo", "record", NOON, None, {"message": [url]}, [mention])
    veiled.commit("echo", lambda _: Commit(SourceState("echo", health=health), alerts=[(event, [Route("desk", NOON)])]))
    message = new_desk(veiled).compose()
    veiled.outbox.note_failure(message, f"550 {TOKEN}", NOON, NOON)
    veiled.outbox.mark_dead(message, f"given up: {TOKEN}")
    assert veiled.source("echo").health.message == "https://api.example/?key=${TOKEN} answers 500"
    assert all(TOKEN.encode() not in file.read_bytes() for file in tmp_path.iterdir())


def test_a_stored_request_can_be_made_again(veiled: Store) -> None:
    page = stored_page(f"https://api.example/?key={TOKEN}", headers={"x-key": TOKEN}, carry={"n": [1, None, TOKEN]})
    (kept,) = keep(veiled, page)
    assert kept.page.get == page.page.get
    assert (kept.page.url, kept.page.headers, kept.etag) == (page.page.url, page.page.headers, page.etag)


def test_a_site_that_writes_a_reference_gets_no_secret(veiled: Store) -> None:
    page = stored_page("https://evil.example/?x=${TOKEN}", carry={"x": "${OTHER}"})
    (kept,) = keep(veiled, page)
    assert kept.page.get == page.page.get


@pytest.mark.parametrize("came_packed", [False, True])
def test_a_body_that_repeats_a_secret_is_kept_without_it_and_comes_back_exactly(
    veiled: Store, *, came_packed: bool
) -> None:
    body = f"{{'next': '/?key={TOKEN}'}} \x01\xff".encode("latin-1") * 50
    page = stored_page("https://api.example/?page=1")
    packed_body = gzip.compress(body) if came_packed else b""
    (kept,) = keep(veiled, page._replace(page=replace(page.page, content=body, gzip=packed_body)))
    assert kept.page.body == body
    with veiled._database.reading() as connection:
        packed = connection.scalars(BODIES.select().with_only_columns(BODIES.c.body)).one()
    assert TOKEN.encode() not in zlib.decompress(packed)


@pytest.mark.parametrize(("name", "as_it_came"), [("list.csv", True), (f"list-{TOKEN}.csv", False)])
def test_a_name_that_came_with_a_packed_body_is_kept_unless_it_has_a_secret(
    veiled: Store, *, name: str, as_it_came: bool
) -> None:
    body, came = b"<p>Telegram</p>" * 50, io.BytesIO()
    with gzip.GzipFile(name, "wb", fileobj=came) as file:
        file.write(body)
    page = stored_page("https://api.example/list")
    (kept,) = keep(veiled, page._replace(page=replace(page.page, content=body, gzip=came.getvalue())))
    assert kept.page.body == body
    with veiled._database.reading() as connection:
        packed = connection.scalars(BODIES.select().with_only_columns(BODIES.c.body)).one()
    assert (packed == came.getvalue(), TOKEN.encode() in packed) == (as_it_came, False)


def test_a_window_order_holds_no_secret(veiled: Store, new_desk: Any) -> None:
    new_desk(veiled).check("feed", [Entry(f"key-{TOKEN}"), Entry("b")], window=True)
    assert veiled.known("feed").order == ["key-${TOKEN}", "b"]


def test_a_page_with_both_a_secret_and_a_reference_is_not_kept(veiled: Store) -> None:
    assert keep(veiled, stored_page(f"https://api.example/{TOKEN}/?x=${{OTHER}}")) == []


def test_events_are_told_without_secrets(veiled: Store) -> None:
    event = Event(
        EventKind.CHANGE, "r", "R", "record", NOON, None, {"fields": {"link": {"before": None, "after": TOKEN}}}
    )
    stored = add_event(veiled, event, [], NOON)
    assert stored.data == {"fields": {"link": {"before": None, "after": "${TOKEN}"}}}


def test_half_a_character_from_a_broken_page_can_be_stored(veiled: Store, new_desk: Any) -> None:
    entry = Entry("1", "title", url="https://a.example/\ud83d")
    new_desk(veiled).check("register", [entry])
    assert veiled.known("register").contents([1])[1].url == "https://a.example/?"


@settings(max_examples=100)
@given(
    st.text(alphabet="a\x01\x02$", max_size=4),
    st.sampled_from(["", TOKEN, "${TOKEN}", f"{TOKEN}{TOKEN}"]),
    st.text(max_size=3),
)
def test_what_is_sealed_comes_back_exactly_or_is_refused(before: str, middle: str, after: str) -> None:
    redactor, text = Redactor(secrets().hide, secrets().reveal), before + middle + after
    data = {"a": [text, {text: None}], "n": 1.5, "t": True}
    try:
        sealed = redactor.seal(data)
    except NotSealedError:
        return
    assert TOKEN not in str(sealed)
    assert redactor.unseal(sealed) == data


def test_names_in_an_event_are_never_taken_for_a_secret() -> None:
    known = Secrets()
    known.add("${WORD}", "change")
    assert Redactor(known.hide, known.reveal).hide_all({"change": "change"}) == {"change": "${WORD}"}
