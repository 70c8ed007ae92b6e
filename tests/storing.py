"""Puts into a state what else only a check or a service does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from state.commits import read_source, write_source
from state.db.rows import source_row
from state.model import Event, EventKind, Mention, Route
from state.store import Store, _id


def came(title: str, at: datetime, *entities: str, source: str = "list", **about: Any) -> Event:
    """An entry without fields that came to a list at a moment, and mentions these; `about` is what else is known of it."""
    data = {"change": "added", "key": title, "title": title, "url": None, "published": None, "fields": {}, "entry": {}}
    mentions = [Mention(entity, entity, entity, "title") for entity in entities]
    return Event(EventKind.CHANGE, source, source, "record", at, None, data | about, mentions)


def add_event(store: Store, event: Event, channels: Sequence[str], due: datetime) -> Event:
    """An event that no check gave rise to, for channels at one time; with its id."""
    return store.log.add_alert((event, [Route(channel, due) for channel in channels]))


def set_due(store: Store, dues: Mapping[str, datetime]) -> None:
    """Set when sources are due next, also of those that were never seen: in one transaction about the whole state."""
    with store._database.writing() as connection:
        for name, due in dues.items():
            row = source_row(replace(read_source(connection, name), due=due), store._redactor)
            write_source(connection, _id(connection, name), row)
