"""Shared by the tests of alerts: `change` makes events, `letter` a message, `catalogue` a language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from alerts import language
from state.model import Event, EventKind, Mention, Message

SEEN = datetime(2025, 7, 15, 7, 7, 12, tzinfo=UTC)


@pytest.fixture
def change() -> Callable[..., Event]:
    """An event of a change in the Roskomnadzor list, but for what the test says."""

    def make(
        what: str = "changed",
        title: str = "Telegram Messenger Inc",
        *,
        fields: dict[str, tuple[str | None, str | None]] | None = None,
        entry: dict[str, str] | None = None,
        mentions: Sequence[Mention] = (),
        source: tuple[str, str, str] = ("rkn-landing", "Roskomnadzor, 236-FZ list", "record"),
        at: datetime = SEEN,
        id: int = 1,  # noqa: A002 - the event's
        **data: Any,
    ) -> Event:
        sides = {name: {"before": before, "after": after} for name, (before, after) in (fields or {}).items()}
        told = {"change": what, "key": title, "title": title, "url": None, "published": None, "fields": sides}
        told |= {"entry": entry or {}, **data}
        return Event(EventKind.CHANGE, *source, at, at - timedelta(minutes=1), told, mentions, id)

    return make


@pytest.fixture
def letter() -> Callable[..., Message]:
    """A message for a channel."""

    def make(key: str = "key-1", title: str = "RECORD changed: Телеграм", text: str = "one\n\ntwo") -> Message:
        html = "<div>one</div><br><div>two &lt;2&gt;</div>"
        return Message(id=1, key=key, channel="desk", title=title, text=text, html=html, deliveries=[1], created=SEEN)

    return make


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Makes the German catalogue, or another one, one with these sentences."""

    def write(sentences: Mapping[Any, Any], language_of: str = "de") -> None:
        made = Catalog(locale=language_of)
        for english, told in sentences.items():
            made.add(english, told)
        folder = tmp_path / language_of / "LC_MESSAGES"
        folder.mkdir(parents=True)
        with (folder / "watch.mo").open("wb") as file:
            write_mo(file, made)
        monkeypatch.setattr(language, "LOCALE", tmp_path)
        language._catalogue.cache_clear()

    yield write
    language._catalogue.cache_clear()
