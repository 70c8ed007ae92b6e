"""What is configured at the desk: objects with all their revisions, and sources that are paused.

A pause is kept as a revision, too: so one number tells a running daemon that something is other than it knows.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from state.db.backend import RECORD
from state.db.glance import PAUSE
from state.db.repository import Repository, directly
from state.db.rows import json_text
from state.db.tables.people import REVISIONS
from state.errors import StateError
from state.failpoint import reach
from state.storage.desk import Action, write_action

OBJECTS = ("source", "group", "entity", "channel", "rule")
NEW, ANY = 0, -1  # what an edit may expect in place of a revision: that there is no such object; anything
CONFIGURATION = "configuration"  # a lock's name

Document = dict[str, Any]

_LATEST = "SELECT max(id) FROM config_revisions"
_SAME = (REVISIONS.c.object == bindparam("its_object"), REVISIONS.c.name == bindparam("its_name"))
_CURRENT = select(REVISIONS).where(REVISIONS.c.is_current, REVISIONS.c.document.is_not(None))
_FOUND = select(REVISIONS).where(REVISIONS.c.is_current, *_SAME)
_OUTDATE = update(REVISIONS).where(REVISIONS.c.is_current, *_SAME).values(is_current=False)


class Revision(NamedTuple):
    """An edit of one object: what it is from then on, or None where it was deleted."""

    id: int
    object: str
    name: str
    document: Document | None
    who: str
    at: datetime


class Edit(NamedTuple):
    """A wanted edit. `expected` is the revision that its author has seen, NEW or ANY."""

    object: str
    name: str
    document: Document | None
    expected: int = ANY


class SourcePause(NamedTuple):
    """A source that is not checked until a time, or until somebody resumes it."""

    source: str
    until: datetime | None
    who: str
    at: datetime


class StaleRevisionError(StateError):
    """Somebody else has edited an object meanwhile. `current` is what it is now; None if there is none."""

    def __init__(self, edit: Edit, current: Revision | None) -> None:
        super().__init__(f"{edit.object} {edit.name}: somebody else has edited it meanwhile; look at it again")
        self.edit, self.current = edit, current


class OutdatedError(StateError):
    """Something else was edited since what an edit was checked against."""


class Objects(Repository):
    """The part of the Store for what is configured at the desk."""

    def latest(self) -> int:
        """The last revision, 0 where there is none: it grows with each edit, and each pause or its end."""
        with self._database.reading() as connection:
            return int(directly(connection, _LATEST, ()).scalar() or 0)

    def current(self) -> list[Revision]:
        """All objects as they are, by their kind and name."""
        return self._read(_CURRENT.where(REVISIONS.c.object != PAUSE).order_by(REVISIONS.c.object, REVISIONS.c.name))

    def find(self, object_: str, name: str) -> Revision | None:
        """An object as it is; None if there is none of that name."""
        with self._database.reading() as connection:
            row = connection.execute(_FOUND, {"its_object": object_, "its_name": name}).one_or_none()
        return _revision(row) if row is not None and row.document is not None else None

    def get(self, revision: int) -> Revision | None:
        """One edit, by its number."""
        found = self._read(select(REVISIONS).where(REVISIONS.c.id == revision, REVISIONS.c.object != PAUSE))
        return found[0] if found else None

    def before(self, revision: Revision) -> Revision | None:
        """The edit of the same object before another one; None if that made it."""
        same = (REVISIONS.c.object == revision.object, REVISIONS.c.name == revision.name)
        earlier = select(REVISIONS).where(*same, REVISIONS.c.id < revision.id)
        found = self._read(earlier.order_by(REVISIONS.c.id.desc()).limit(1))
        return found[0] if found else None

    def log(self, limit: int = 50) -> list[Revision]:
        """The last edits, newest first."""
        wanted = select(REVISIONS).where(REVISIONS.c.object != PAUSE)
        return self._read(wanted.order_by(REVISIONS.c.id.desc()).limit(limit))

    def write(self, edits: Sequence[Edit], who: str, at: datetime, *, basis: int | None = None) -> list[Revision]:
        """Store edits and their record, all or none; returns what was stored.

        With a `basis`, that was the last revision when the edits were checked. Raises StaleRevisionError, and
        OutdatedError if there is a later one than the `basis`.
        """
        with self._database.writing(CONFIGURATION) as connection:
            if basis is not None and (connection.exec_driver_sql(_LATEST).scalar() or 0) != basis:
                raise OutdatedError("the configuration was edited by somebody else meanwhile; try again")
            for edit in edits:
                found = connection.execute(_FOUND, {"its_object": edit.object, "its_name": edit.name}).one_or_none()
                exists = found is not None and found.document is not None
                if edit.expected not in (ANY, found.id if found else NEW) and (exists or edit.expected != NEW):
                    raise StaleRevisionError(edit, _revision(found) if found and exists else None)
            self._database.lock_further(connection, RECORD)
            written = [self._write(connection, edit, who, at) for edit in edits]
            reach("editing")
        reach("edited")
        return written

    def pauses(self) -> dict[str, SourcePause]:
        """The sources that are paused, by name; the time of some may have passed."""
        paused = self._read(_CURRENT.where(REVISIONS.c.object == PAUSE))
        untils = [(each, (each.document or {}).get("until")) for each in paused]
        return {
            each.name: SourcePause(each.name, datetime.fromisoformat(text) if text else None, each.who, each.at)
            for each, text in untils
        }

    def pause(self, source: str, until: datetime | None, who: str, at: datetime) -> None:
        """Let a source rest until a time, or until somebody resumes it."""
        self.write([Edit(PAUSE, source, {"until": until and until.isoformat()})], who, at)

    def resume(self, source: str, who: str, at: datetime) -> bool:
        """End a pause; returns whether there was one."""
        if source not in self.pauses():
            return False
        self.write([Edit(PAUSE, source, None)], who, at)
        return True

    def _write(self, connection: Connection, edit: Edit, who: str, at: datetime) -> Revision:
        found = connection.execute(_FOUND, {"its_object": edit.object, "its_name": edit.name}).one_or_none()
        connection.execute(_OUTDATE, {"its_object": edit.object, "its_name": edit.name})
        text = None if edit.document is None else json_text(edit.document)
        row = {"object": edit.object, "name": edit.name, "document": text, "who": who, "at": at, "is_current": True}
        number = connection.scalars(insert(REVISIONS).returning(REVISIONS.c.id), [row]).one()
        reach("editing_row")
        verb, subject = "edit" if found is not None and found.document is not None else "create", edit.object
        if edit.document is None:
            verb = "delete"
        if edit.object == PAUSE:
            verb, subject = "resume" if edit.document is None else "pause", "source"
        write_action(connection, Action(at, who, verb, f"{subject} {edit.name} (revision {number})"))
        return Revision(number, edit.object, edit.name, edit.document, who, at)

    def _read(self, wanted: Any) -> list[Revision]:
        return [_revision(row) for row in self._rows(wanted)]


def _revision(row: Row[Any]) -> Revision:
    document = None if row.document is None else json.loads(row.document)
    return Revision(row.id, row.object, row.name, document, row.who, row.at)
