"""The entries of a source: what a snapshot is compared with, and how its difference is written."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from sources import Entry
from state.database import Database
from state.model import Difference, Known, Mark, Standing
from state.rows import chunks, entry_row, stored_entry
from state.tables import ENTRIES, WINDOWS
from state.veil import Veil

_ROWS = 500  # rows in memory at once while a large register is written; more are no faster
_STANDING = {standing.value: standing for standing in Standing}

_NEW_ENTRY = insert(ENTRIES)
_NO_ENTRIES = delete(ENTRIES).where(ENTRIES.c.source_id == bindparam("its_source"))
_NO_WINDOW = delete(WINDOWS).where(WINDOWS.c.source_id == bindparam("its_source"))

_MARKS = (
    select(ENTRIES.c.mark, ENTRIES.c.id, ENTRIES.c.key, ENTRIES.c.standing)
    .where(ENTRIES.c.source_id == bindparam("its_source"))
    .order_by(ENTRIES.c.id)
)
_WINDOW = select(WINDOWS.c.packed).where(WINDOWS.c.source_id == bindparam("its_source"))
_CONTENT = update(ENTRIES).where(ENTRIES.c.id == bindparam("row"))
_STAND = _CONTENT.values(standing=bindparam("place"), left=bindparam("gone"))


def read_known(connection: Connection, database: Database, source_id: int) -> Known:
    """The fingerprints of all entries of a source, in the order they were stored, and the way to their content."""
    rows = connection.execute(_MARKS, {"its_source": source_id})
    marks = {mark: Mark(row_id, key, _STANDING[standing]) for mark, row_id, key, standing in rows}
    packed = connection.scalar(_WINDOW, {"its_source": source_id})

    def contents(ids: Collection[int]) -> Mapping[int, Entry]:
        return dict(_contents(database, source_id, ids))

    return Known(marks, json.loads(zlib.decompress(packed)) if packed else [], contents)


def write_difference(
    connection: Connection, source_id: int, difference: Difference, veil: Veil, *, fresh: bool, at: datetime | None
) -> None:
    """Make the stored entries what the snapshot of a check begun `at` is. `fresh` forgets all that there were first."""
    if fresh:
        if difference.update or difference.stand:
            raise ValueError("a baseline is a difference against nothing")
        connection.execute(_NO_ENTRIES, {"its_source": source_id})
    _stand(connection, difference.stand, at)
    _update(connection, difference.update, veil)
    own = {"source_id": source_id, "standing": Standing.PRESENT.value}
    for some in chunks(difference.insert, _ROWS):
        connection.execute(_NEW_ENTRY, [own | {"mark": mark} | entry_row(entry, veil) for mark, entry in some])
    connection.execute(_NO_WINDOW, {"its_source": source_id})
    if difference.order:
        packed = zlib.compress(json.dumps([veil.hide(key) for key in difference.order]).encode())
        connection.execute(insert(WINDOWS), {"source_id": source_id, "packed": packed})


def _contents(database: Database, source_id: int, ids: Collection[int]) -> Iterator[tuple[int, Entry]]:
    with database.reading() as connection:
        for some in chunks(sorted(ids)):
            wanted = select(ENTRIES).where(ENTRIES.c.source_id == source_id, ENTRIES.c.id.in_(some))
            for row in connection.execute(wanted):
                yield row.id, stored_entry(row)


def _stand(connection: Connection, stand: Mapping[int, Standing], at: datetime | None) -> None:
    for some in chunks(stand.items(), _ROWS):
        connection.execute(_STAND, [_moved(row_id, standing, at) for row_id, standing in some])


def _moved(row_id: int, standing: Standing, at: datetime | None) -> dict[str, Any]:
    return {"row": row_id, "place": standing.value, "gone": None if standing is Standing.PRESENT else at}


def _update(connection: Connection, changed: Mapping[int, tuple[bytes, Entry]], veil: Veil) -> None:
    rows = [entry_row(entry, veil) | {"row": row_id, "mark": mark} for row_id, (mark, entry) in changed.items()]
    if rows:
        connection.execute(_CONTENT, rows)
