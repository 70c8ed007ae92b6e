"""The entries of a source: what a snapshot is compared with, and how its difference is written."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, insert, select, update

from sources import Entry
from state.database import Database
from state.jsontext import json_text
from state.model import Difference, Known, Mark, Standing
from state.rows import chunks, entry_rows, stored_entry
from state.tables import ENTRIES, WINDOWS
from state.veil import Veil

_ROWS = 500  # rows in memory at once while a large register is written; more are no faster
_STANDING = {standing.value: standing for standing in Standing}

_FEW = 500  # marks and keys that are looked up; for more of them all rows are gone through
_MANY = 1000  # rows of a source: beyond, how they are gone through matters
_SPREAD = 4  # rows of others for each of a source's own, at most, where all are gone through as they stand
_OWN = ENTRIES.c.source_id == bindparam("its_source")
_SPAN = select(func.count(), func.min(ENTRIES.c.id), func.max(ENTRIES.c.id)).where(_OWN)
# Without a hint at the index over sources, by which each row would be looked up: that takes five times as long.
_RUN = ENTRIES.c.id.between(bindparam("first"), bindparam("last"))
_STANDS = _RUN & (ENTRIES.c.source_id + 0 == bindparam("its_source"))
_PRESENT = select(ENTRIES.c.mark).where(ENTRIES.c.standing == Standing.PRESENT.value)
_SHORT = select(ENTRIES.c.mark, ENTRIES.c.id, ENTRIES.c.key, ENTRIES.c.standing).order_by(ENTRIES.c.id)
_SOME = _SHORT.where(
    ENTRIES.c.mark.in_(bindparam("marks", expanding=True)) | ENTRIES.c.key.in_(bindparam("keys", expanding=True))
)
_WAYS = {wanted: (wanted.where(_OWN), wanted.where(_STANDS)) for wanted in (_PRESENT, _SHORT, _SOME)}
_ENTRY = select(ENTRIES).where(_OWN, ENTRIES.c.id.in_(bindparam("ids", expanding=True)))
_TEXTS = itemgetter("key", "title", "url", "text")
_COLUMNS = '(source_id, standing, mark, "key", title, url, text, published, fields)'
_NO_ENTRIES = delete(ENTRIES).where(_OWN)
_NO_WINDOW = delete(WINDOWS).where(WINDOWS.c.source_id == bindparam("its_source"))
_WINDOW = select(WINDOWS.c.packed).where(WINDOWS.c.source_id == bindparam("its_source"))
_CONTENT = update(ENTRIES).where(ENTRIES.c.id == bindparam("row"))
_STAND = _CONTENT.values(standing=bindparam("place"), left=bindparam("gone"))


def read_known(connection: Connection, database: Database, source_id: int) -> Known:
    """The fingerprints of the present entries of a source, and the ways to the rest."""
    statement, where = _quickest(connection, _PRESENT, source_id)
    found: Any = connection.execute(statement, where).cursor  # by the driver itself, as in `_insert`
    present = b"".join(b"".join([mark for (mark,) in some]) for some in iter(partial(found.fetchmany, 1000), []))
    packed = connection.scalar(_WINDOW, {"its_source": source_id})

    def contents(ids: Collection[int]) -> Mapping[int, Entry]:
        return dict(_contents(database, source_id, ids))

    order = json.loads(zlib.decompress(packed)) if packed else []
    return Known(present, partial(_rows, database, source_id), order, contents)


def _rows(
    database: Database, source_id: int, marks: Collection[bytes] | None = None, keys: Collection[str] = ()
) -> Iterator[tuple[bytes, Mark]]:
    few = marks is not None and len(marks) + len(keys) <= _FEW
    wanted, sought = (_SOME, {"marks": list(marks or ()), "keys": list(keys)}) if few else (_SHORT, {})
    with database.reading() as connection:
        statement, where = _quickest(connection, wanted, source_id)
        found = connection.execute(statement, {**where, **sought}, execution_options={"yield_per": 1000})
        for mark, row_id, key, standing in found:
            yield mark, Mark(row_id, key, _STANDING[standing])


def _quickest(connection: Connection, wanted: Select[Any], source_id: int) -> tuple[Select[Any], dict[str, int]]:
    """The statement that finds what is wanted of a source's rows, and what it is executed with.

    The rows of a large source mostly stand together, as its first snapshot wrote them.
    """
    where = {"its_source": source_id}
    count, first, last = connection.execute(_SPAN, where).one()
    by_index, as_they_stand = _WAYS[wanted]
    if count > _MANY and last - first < count * (1 + _SPREAD):
        return as_they_stand, {**where, "first": first, "last": last}
    return by_index, where


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
    _insert(connection, source_id, difference.insert, veil)
    connection.execute(_NO_WINDOW, {"its_source": source_id})
    if difference.order:
        packed = zlib.compress(json.dumps([veil.hide(key) for key in difference.order]).encode())
        connection.execute(insert(WINDOWS), {"source_id": source_id, "packed": packed})


def _contents(database: Database, source_id: int, ids: Collection[int]) -> Iterator[tuple[int, Entry]]:
    with database.reading() as connection:
        for some in chunks(sorted(ids)):
            for row in connection.execute(_ENTRY, {"its_source": source_id, "ids": some}):
                yield row.id, stored_entry(row)


def _insert(connection: Connection, source_id: int, new: Iterable[tuple[bytes, Entry]], veil: Veil) -> None:
    """By the driver itself: there may be a million, and SQLAlchemy takes longer for a row than the database does."""
    sign = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    statement = f"INSERT INTO entries {_COLUMNS} VALUES ({', '.join([sign] * 9)})"  # noqa: S608 - nothing from outside
    moment = ENTRIES.c.published.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    assert moment  # noqa: S101 - Utc has one
    own = source_id, Standing.PRESENT.value
    for some in chunks(new, _ROWS):
        contents = entry_rows([entry for _, entry in some], veil)
        rows = [
            (*own, mark, *_TEXTS(row), moment(row["published"]), json_text(row["fields"]))
            for (mark, _), row in zip(some, contents, strict=True)
        ]
        connection.exec_driver_sql(statement, rows)


def _stand(connection: Connection, stand: Mapping[int, Standing], at: datetime | None) -> None:
    for some in chunks(stand.items(), _ROWS):
        connection.execute(_STAND, [_moved(row_id, standing, at) for row_id, standing in some])


def _moved(row_id: int, standing: Standing, at: datetime | None) -> dict[str, Any]:
    return {"row": row_id, "place": standing.value, "gone": None if standing is Standing.PRESENT else at}


def _update(connection: Connection, changed: Mapping[int, tuple[bytes, Entry]], veil: Veil) -> None:
    for some in chunks(changed.items(), _ROWS):
        contents = entry_rows([entry for _, (_, entry) in some], veil)
        rows = [row | {"row": row_id, "mark": mark} for (row_id, (mark, _)), row in zip(some, contents, strict=True)]
        connection.execute(_CONTENT, rows)
