"""All that is known at one moment, as rows of three tables: the changes in the log, the present entries, and the values
that fields had, each with the times between which it stood.

What undoes each change is sorted by the rows that it touches, in memory; the rows are read one after the other, and
each is followed back by itself.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import Connection, select

from sources.reading.entry_fingerprints import SPECIALS, special_text
from state.db.repository import Repository, chunks
from state.db.rows import read_stored_entry
from state.db.tables.core import EVENTS, SOURCES
from state.history.history import source_history, stored_rows
from state.history.life import FIRST
from state.history.undo import PastRow, Rows, Undo, undo_one
from state.model import EventKind, Standing

TABLES: Mapping[str, Sequence[str]] = {
    "events": ("id", "at", "source", "change", "key", "title"),
    "entries": ("source", "key", "title", "url"),
    "values": ("source", "key", "field", "value", "since", "until"),
}
_ROWS = 1000  # in memory at once
_IN_ROWS = {"yield_per": _ROWS}
_SAID = (EVENTS.c.data[name].as_string() for name in ("change", "key", "title"))
_CHANGES = select(EVENTS.c.id, EVENTS.c.at, EVENTS.c.source, *_SAID).order_by(EVENTS.c.id)
_CHANGES = _CHANGES.where(EVENTS.c.kind == EventKind.CHANGE.value)

TableRows = Sequence[tuple[Any, ...]]  # with None, texts, numbers and times
Place = tuple[str, str]  # a key, and a field
Step = tuple[datetime, Undo]  # when a row became what it is, and what undoes that


class Everything(Repository):
    """The part of the Store for those who take all of it with them."""

    def rows(self, is_meant: Callable[[str], bool]) -> Iterator[tuple[str, TableRows]]:
        """Rows of the tables, some at a time, each with the name of its table, of the sources that are meant.

        `since` is None where a value is older than the history, `until` where it still stands. The title, address, date
        and text of an entry are values of those names, unless a field is called so. All is read in one transaction,
        which lasts until the last row is taken. Raises StateError.
        """
        with self._database.reading() as connection:
            for some in connection.execute(_CHANGES, execution_options=_IN_ROWS).partitions():
                yield "events", [tuple(row) for row in some if is_meant(row.source)]
            names = connection.scalars(select(SOURCES.c.name).order_by(SOURCES.c.name)).all()
            for name in filter(is_meant, names):
                yield from _of_source(connection, name)


def _of_source(connection: Connection, name: str) -> Iterator[tuple[str, TableRows]]:
    number, horizon, records = source_history(connection, name)
    if not number:
        return
    steps = defaultdict[int, list[Step]](list)
    for record in records:
        if horizon.since is not None and record.at <= horizon.since:
            continue
        for row in chain.from_iterable(range(first, last + 1) for first, last in record.undo.born):
            steps[row].append((record.at, Undo([], [(row, row)])))
        for each in record.undo.rows:
            steps[each.row].append((record.at, Undo([each], [])))
    begin = horizon.since if horizon.why == FIRST else None
    stored = connection.execute(stored_rows(connection, number, 0), execution_options=_IN_ROWS)
    for some in stored.partitions():
        today = {row.id: PastRow(Standing(row.standing), read_stored_entry(row)) for row in some}
        present = [row.entry for row in today.values() if row.entry and row.standing is Standing.PRESENT]
        yield "entries", [(name, entry.key, entry.title, entry.url) for entry in present]
        followed = (_values(row, now, steps.pop(row, ()), begin) for row, now in today.items())
        yield "values", [(name, *value) for value in chain.from_iterable(followed)]
    for rest in chunks(steps.items(), _ROWS):  # those that another baseline has replaced
        followed = (_values(row, None, of_row, begin) for row, of_row in rest)
        yield "values", [(name, *value) for value in chain.from_iterable(followed)]


def _values(row: int, now: PastRow | None, steps: Sequence[Step], begin: datetime | None) -> Iterator[tuple[Any, ...]]:
    """The values of a row, from those of today back: the key, the field, the value, since when, until when."""
    rows: Rows = {row: now}
    standing: dict[Place, tuple[str, datetime | None]] = {at: (text, None) for at, text in _texts(now).items()}
    for at, undo in steps:
        undo_one(undo, rows, {})
        earlier = _texts(rows[row])
        for place in [place for place, (text, _) in standing.items() if earlier.get(place) != text]:
            text, until = standing.pop(place)
            if at != until:  # two steps of one change leave nothing between them
                yield *place, text, at, until
        for place, text in earlier.items():
            standing.setdefault(place, (text, at))
    for place, (text, until) in standing.items():
        yield *place, text, begin, until


def _texts(row: PastRow | None) -> dict[Place, str]:
    """What a row says while it is there."""
    if row is None or row.entry is None or row.standing is not Standing.PRESENT:
        return {}
    entry = row.entry
    own = {name: text for name in SPECIALS if (text := special_text(entry, name))}
    return {(entry.key, name): text for name, text in {**own, **entry.fields}.items()}
