"""Rows of the database as values of state/model, and back; and values as JSON text, as both databases store them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain, repeat
from json.encoder import encode_basestring
from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import DBAPIError

from sources import Entry
from sources.formats.feed_head import Hint
from sources.text import is_printable
from state.db.redaction import Redactor
from state.errors import StateDamagedError
from state.model import Approval, Habits, Health, SourceState, Status

UNREADABLE = (ValueError, TypeError, LookupError, DBAPIError, StateDamagedError)  # what a damaged value leads to

_STATE = tuple(name for name in SourceState.__dataclass_fields__ if name not in {"health", "habits"})
_HEALTH = Health._fields
_ENTRY = ("key", "title", "url", "published", "fields", "text")
_HABITS, _MOMENTS = tuple(Habits.__dataclass_fields__), ("newest", "log_at")


def source_state(row: Row[Any]) -> SourceState:
    """The value of a row of `sources`."""
    health = {name: getattr(row, name) for name in _HEALTH}
    health |= {"status": Status(row.status), "told_as": tuple(map(Status, (row.told_as or "").split()))}
    health |= {"alerted_snapshots": tuple((row.alerted_snapshots or "").split())}
    stored = row.habits
    moments = {name: datetime.fromisoformat(stored[name]) for name in _MOMENTS if stored.get(name)}
    rest = {**moments, "restless_fields": tuple(stored["restless_fields"])}
    if stored.get("hint"):
        wait, by, hours, days = stored["hint"]
        rest["hint"] = Hint(wait, by, tuple(hours), tuple(days))
    plain = {name: getattr(row, name) for name in _STATE}
    return SourceState(health=Health(**health), habits=Habits(**{**stored, **rest}), **plain)


def source_row(state: SourceState, redactor: Redactor) -> dict[str, Any]:
    """A source's state as a row of `sources`."""
    row = {name: getattr(state, name) for name in _STATE}
    health = {name: getattr(state.health, name) for name in _HEALTH}
    habits = {name: getattr(state.habits, name) for name in _HABITS}
    habits |= {name: habits[name] and habits[name].isoformat() for name in _MOMENTS}
    habits["details"] = redactor.hide(state.habits.details)
    for name in ("told_as", "alerted_snapshots"):
        health[name] = " ".join(health[name]) or None
    message = state.health.message and redactor.hide(state.health.message)
    return row | health | {"message": message, "habits": habits}


def entry_rows(entries: Sequence[Entry], redactor: Redactor) -> list[dict[str, Any]]:
    """Entries as columns of `entries`, without the keys of the table."""
    rows: list[dict[str, Any]] = [{name: getattr(entry, name) for name in _ENTRY} for entry in entries]
    # One pass over all texts: few entries repeat a secret, and there may be 100,000.
    texts = [text for one in entries for text in (one.key, one.title, one.url or "", one.text, *one.fields.values())]
    names = {name for one in entries for name in one.fields}
    return list(map(redactor.hide_all, rows)) if redactor.hides(chain(names, texts)) else rows


def read_listed_entry(row: Row[Any]) -> Entry:
    """The entry of a row of `entries`, as it stands in its source's list."""
    return Entry.of_parts(row.key, row.title, row.fields, row.url, row.published, row.text)


def read_stored_entry(row: Row[Any]) -> Entry:
    """The entry of a row of `entries`, with the fields of its own page."""
    fields = {**row.fields, **row.detail["fields"]} if row.detail else row.fields
    return Entry.of_parts(row.key, row.title, fields, row.url, row.published, row.text)


def approval_of(stored: Mapping[str, Any] | None) -> Approval | None:
    """Who has to approve a delivery, of its row."""
    if stored is None:
        return None
    within = timedelta(seconds=stored["within"]) if stored["within"] is not None else None
    return Approval(tuple(stored["by"]), within, stored["then"])


# A span of time is a number of seconds.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=timedelta.total_seconds).encode


def json_text(value: Any) -> str:
    """The value as compact JSON. Mappings of texts, such as an entry's fields, have a fast path."""
    if type(value) is dict and value:
        try:
            pairs = [f"{encode_basestring(name)}:{encode_basestring(text)}" for name, text in value.items()]
        except TypeError:  # not all values are texts
            return _encode(value)
        return "{" + ",".join(pairs) + "}"
    return _encode(value)


def json_texts(columns: Mapping[str, Sequence[str]]) -> list[str]:
    """As `json_text` for each record of a table, without empty fields: what is between texts is the same for all."""
    rows, parts, before = len(next(iter(columns.values()), ())), list[Iterable[str]](), "{"
    for name, texts in columns.items():
        head, whole = f'{encode_basestring(name)}:"', "".join(texts)
        plain = '"' not in whole and "\\" not in whole and is_printable(whole)  # JSON needs no escapes
        inner = texts if plain else [encode_basestring(text)[1:-1] for text in texts]
        if all(texts):
            parts += repeat(f"{before}{head}", rows), inner
            before = '",'
        else:
            parts += repeat(before, rows), [f'{head}{text}",' if text else "" for text in inner]
            before = ""
    if before:  # the last text is still open
        return list(map("".join, zip(*parts, repeat('"}', rows), strict=True)))
    return [f"{row.rstrip(',')}}}" for row in map("".join, zip(*parts, strict=True))]
