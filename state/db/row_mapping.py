"""Converts rows of the database to the values of model.py, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select

from sources import Entry
from sources.formats.feed_head import Hint
from state.db.redaction import Redactor
from state.model import Approval, Habits, Health, SourceState, Status

T = TypeVar("T")
Value = str | bytes | int  # bool is an int; times and JSON have a form of their own in each database

_PLAIN = ("name", "revision", "checked", "tried", "due", "wait_until", "accepted", "reread", "entries")
_STATE = (*_PLAIN, "digest", "reading", "place", "held", "tally")
_HEALTH = ("status", "reason", "message", "since", "failures", "told", "told_as", "alerted_snapshots", "alerted_at")
_HABITS, _MOMENTS = tuple(Habits.__dataclass_fields__), ("newest", "log_at")


def source_state(row: Row[Any]) -> SourceState:
    """The value of a row of `sources`."""
    health = {name: getattr(row, name) for name in _HEALTH}
    health |= {"status": Status(row.status), "told_as": tuple(map(Status, (row.told_as or "").split()))}
    health |= {"alerted_snapshots": tuple((row.alerted_snapshots or "").split())}
    return SourceState(
        health=Health(**health), habits=_habits(row.habits), **{name: getattr(row, name) for name in _STATE}
    )


def source_row(state: SourceState, redactor: Redactor) -> dict[str, Any]:
    """A source's state as a row of `sources`."""
    row = {name: getattr(state, name) for name in _STATE}
    health = {name: getattr(state.health, name) for name in _HEALTH}
    habits = {name: getattr(state.habits, name) for name in _HABITS}
    habits |= {name: habits[name] and habits[name].isoformat() for name in _MOMENTS}
    habits["details"] = redactor.hide(state.habits.details)
    for name in ("told_as", "alerted_snapshots"):
        health[name] = " ".join(health[name]) or None
    return row | health | {"message": redactor.hide_some(state.health.message), "habits": habits}


def _habits(stored: dict[str, Any]) -> Habits:
    moments = {name: datetime.fromisoformat(stored[name]) for name in _MOMENTS if stored.get(name)}
    hint = {"hint": _hint(*stored["hint"])} if stored.get("hint") else {}
    return Habits(**{**stored, **moments, **hint, "restless_fields": tuple(stored["restless_fields"])})


def _hint(wait: int, by: str, hours: Sequence[int], days: Sequence[int]) -> Hint:
    return Hint(wait, by, tuple(hours), tuple(days))


def entry_rows(entries: Sequence[Entry], redactor: Redactor) -> list[dict[str, Any]]:
    """Entries as columns of `entries`, without the keys of the table."""
    rows = list(map(_entry_row, entries))
    # One pass over all texts: few entries repeat a secret, and there may be 100,000.
    texts = [text for one in entries for text in (one.key, one.title, one.url or "", one.text, *one.fields.values())]
    names = {name for one in entries for name in one.fields}
    return list(map(redactor.hide_all, rows)) if redactor.hides(chain(names, texts)) else rows


def _entry_row(entry: Entry) -> dict[str, Any]:
    return {
        "key": entry.key,
        "title": entry.title,
        "url": entry.url,
        "published": entry.published,
        "fields": entry.fields,
        "text": entry.text,
    }


def listed_entry(row: Row[Any]) -> Entry:
    """The entry of a row of `entries`, as it stands in its source's list."""
    return Entry.of_parts(row.key, row.title, row.fields, row.url, row.published, row.text)


def stored_entry(row: Row[Any]) -> Entry:
    """The entry of a row of `entries`, with the fields of its own page."""
    fields = {**row.fields, **row.detail["fields"]} if row.detail else row.fields
    return Entry.of_parts(row.key, row.title, fields, row.url, row.published, row.text)


def approval_json(approval: Approval | None) -> dict[str, Any] | None:
    """Who has to approve a delivery, as its row has it."""
    if approval is None:
        return None
    within = approval.within.total_seconds() if approval.within else None
    return {"by": list(approval.by), "within": within, "then": approval.then}


def approval_of(stored: Mapping[str, Any] | None) -> Approval | None:
    """The inverse of `approval_json`."""
    if stored is None:
        return None
    within = timedelta(seconds=stored["within"]) if stored["within"] is not None else None
    return Approval(tuple(stored["by"]), within, stored["then"])


def directly(connection: Connection, statement: str, values: tuple[Value, ...] | Sequence[tuple[Any, ...]]) -> Any:
    """Execute SQL with `?` placeholders directly in the driver; with several tuples, once for each.

    SQLAlchemy compiles a statement on first use, which takes longer than most statements, and its overhead per row is
    more than the database's.
    """
    if connection.dialect.paramstyle != "qmark":
        statement = statement.replace("?", "%s")
    return connection.exec_driver_sql(statement, values)


def rows_in(
    connection: Connection, wanted: Select[Any], column: ColumnElement[Any], values: Iterable[Any]
) -> Iterator[Row[*tuple[Any, ...]]]:
    """The rows of a query in which a column has one of these values, however many they are."""
    for some in chunks(values):
        yield from connection.execute(wanted.where(column.in_(some)))


def chunks(items: Iterable[T], size: int = 500) -> Iterator[list[T]]:
    """Lists of at most `size` items, for `IN (...)`."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
