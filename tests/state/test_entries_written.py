"""Entries that are written many at a time are, byte for byte, those that are written one by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import cycle, islice
from typing import Any

import pytest
from sqlalchemy import Row, insert, select

from sources import Entry
from sources.model.entry import Rows
from sources.reading.entry_fingerprints import Block, entry_fingerprint
from state.db.rows import entry_rows
from state.db.tables.core import ENTRIES
from state.model import Commit
from state.storage.entries import write_new
from state.store import Store

ODD = (
    "plain",
    'a "b"',
    "\\",
    "\\N",
    "\\.",
    "\\x41",
    "a\tb",
    "%s %",
    "{0}",
    "\U0001f600 \u0301\u200f\ufeff",
    "NULL",
    "'",
    "é;--",
)
MOMENTS = (None, datetime(2025, 7, 14, 12, tzinfo=UTC), datetime(1931, 1, 1, 0, 0, 0, 7, timezone(timedelta(hours=3))))
MANY = 123  # more than one statement inserts, and not a multiple of that


def spread(values: Any, after: int = 0) -> list[Any]:
    return list(islice(cycle(values), after, after + MANY))


LISTED = Rows(
    [f"{at} {text}" for at, text in enumerate(spread(ODD))],
    spread(ODD, 3),
    {"whole": spread(ODD, 5), "a \"name\" %s {}": spread((*ODD, ""), 7), "none": [""] * MANY},
)  # fmt: skip
TOLD = [
    Entry(f"{at} {text}", title=text, url=url, published=moment, text=more, fields={"of": text} if at % 3 else {})
    for at, (text, url, moment, more) in enumerate(
        zip(
            spread(ODD),
            spread((None, "https://a.example/?a=%C3%A9")),
            spread(MOMENTS),
            spread(("", "a\nb\tc")),
            strict=True,
        )
    )
]


def stored(store: Store) -> list[Row[Any]]:
    """All rows without their numbers, as the driver gives them."""
    names = [f'"{column.name}"' for column in ENTRIES.c if column.name != "id"]
    with store._database.reading() as connection:
        return list(connection.exec_driver_sql(f"SELECT {', '.join(names)} FROM entries ORDER BY id"))


@pytest.mark.parametrize("entries", [LISTED, TOLD, TOLD[:1]])
def test_rows_are_those_of_single_inserts(store: Store, entries: Any) -> None:
    store.commit("register", Commit)
    marks = [entry_fingerprint(entry) for entry in entries]
    with store._database.writing() as connection:
        write_new(connection, store._database, 1, [Block(marks, entries)], store._redactor)
    bulk = stored(store)
    with store._database.writing() as connection:
        connection.execute(ENTRIES.delete())
        for mark, row in zip(marks, entry_rows(list(entries), store._redactor), strict=True):
            connection.execute(insert(ENTRIES), row | {"source_id": 1, "standing": "present", "mark": mark})
    assert stored(store) == bulk
    assert len(bulk) == len(entries)


def test_what_the_database_refuses_is_said_as_of_any_statement(store: Store) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"), store._database.writing() as connection:
        write_new(connection, store._database, 77, [Block([b"m" * 16], [Entry("1")])], store._redactor)
    with store._database.reading() as connection:
        assert connection.execute(select(ENTRIES)).all() == []
