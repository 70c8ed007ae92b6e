"""The details of entries: what was read on the page of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, or_, select, update

from state.db.redaction import Redactor
from state.db.repository import Repository, rows_in
from state.db.rows import listed_entry
from state.db.tables.core import ENTRIES, SOURCES
from state.model import Detail, DetailRead, DueDetail, Standing
from state.storage.staging import VALID

_WRITE = (
    update(ENTRIES)
    .where(ENTRIES.c.source_id == bindparam("its_source"), ENTRIES.c.mark == bindparam("its_mark"))
    .values(detail=bindparam("its_detail"), detail_due=bindparam("its_due"))
)


_MOST_TROUBLES = 10_000


class Details(Repository):
    """The part of the Store for the details of entries."""

    def due(self, source: str, made: str, now: datetime, limit: int) -> list[DueDetail]:
        """At most `limit` present entries whose detail is to be read now: first those that have none, then those that
        were read in another way than `made`, or whose time has come, the longest due first.
        """
        made_before, trouble = (ENTRIES.c.detail[name].as_string() for name in ("made", "trouble"))
        edited = and_(made_before != made, trouble == "")  # one that failed waits for its time
        due = or_(ENTRIES.c.detail.is_(None), ENTRIES.c.detail_due <= now, edited)
        wanted = _of(source).where(ENTRIES.c.standing == Standing.PRESENT.value, due)
        wanted = wanted.order_by(ENTRIES.c.detail_due.asc().nulls_first(), ENTRIES.c.id).limit(limit)
        rows = self._rows(wanted)
        return [DueDetail(bytes(row.mark), listed_entry(row), detail_of(row.detail)) for row in rows]

    def of(self, source: str, keys: Collection[str]) -> Mapping[str, list[Detail]]:
        """The details of the entries with these keys, by key."""
        found: dict[str, list[Detail]] = defaultdict(list)
        with self._database.reading() as connection:
            for row in rows_in(connection, _of(source), ENTRIES.c.key, keys):
                found[row.key] += [detail] if (detail := detail_of(row.detail)) else []
        return found

    def troubles(self, source: str) -> dict[str, str]:
        """Why details of present entries could not be read when they were last tried, by key; 10,000 at most."""
        said = ENTRIES.c.detail["trouble"].as_string()
        wanted = _of(source).where(ENTRIES.c.standing == Standing.PRESENT.value, said != "")
        rows = self._rows(wanted.order_by(ENTRIES.c.id).limit(_MOST_TROUBLES))
        return {row.key: row.detail["trouble"] for row in rows}


def write_details(connection: Connection, source_id: int, details: Sequence[DetailRead], redactor: Redactor) -> None:
    """Write the details of entries that are stored already."""
    rows: list[dict[str, Any]] = [
        {
            "its_source": source_id,
            "its_mark": each.mark,
            "its_detail": redactor.hide_all(each.detail._asdict()),
            "its_due": each.due,
        }
        for each in details
    ]
    if rows:
        connection.execute(_WRITE, rows)


def detail_of(stored: dict[str, Any] | None) -> Detail | None:
    """The detail in a row, None if there is none."""
    return Detail(**stored) if stored else None


def _of(source: str) -> Select[Any]:
    number = select(SOURCES.c.id).where(SOURCES.c.name == source).scalar_subquery()
    return select(ENTRIES).where(ENTRIES.c.source_id == number, VALID)
