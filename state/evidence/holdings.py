"""What a file of evidence has already, so that nothing is written into it twice."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from state.db.tables.evidence import FILES, HOLDINGS


class Earlier(NamedTuple):
    """An earlier record of the same file, to refer to."""

    record: UUID
    uri: str
    at: datetime


class Holdings:
    """The records of a file, stored and about to be, by what they hold and its hash: a `response`, a `body`,
    `certificates`, or what a `browser` reports. `file_id` is 0 for a file that is not stored yet.
    """

    def __init__(self, connection: Connection, file_id: int) -> None:
        self._connection, self._file_id = connection, file_id
        self._new: dict[tuple[str, bytes], Earlier] = {}

    def find(self, what: str, mark: bytes) -> Earlier | None:
        """The record that has it, or None."""
        if found := self._new.get((what, mark)):
            return found
        if not self._file_id:
            return None
        key = (HOLDINGS.c.file_id == self._file_id, HOLDINGS.c.what == what, HOLDINGS.c.mark == mark)
        row = self._connection.execute(select(HOLDINGS).where(*key)).one_or_none()
        return Earlier(UUID(bytes=row.record), row.uri, row.at) if row else None

    def add(self, what: str, mark: bytes, by: Earlier) -> None:
        """Add a record."""
        if self.find(what, mark) is None:
            self._new[what, mark] = by

    def write(self, file_id: int) -> None:
        """Store what was added, once the records are in the file."""
        rows = [
            {"file_id": file_id, "what": what, "mark": mark, "record": by.record.bytes, "uri": by.uri, "at": by.at}
            for (what, mark), by in self._new.items()
        ]
        if rows:
            self._connection.execute(insert(HOLDINGS), rows)


def forget_holdings(connection: Connection, day: str, *, mentions: bool) -> None:
    """Delete what is known of the files of days before this one, which are complete."""
    earlier = select(FILES.c.id).where(FILES.c.day < day, FILES.c.mentions == mentions)
    connection.execute(delete(HOLDINGS).where(HOLDINGS.c.file_id.in_(earlier)))
