"""Clearings: who decided that an entry is not about an entity, why, and until when it holds.

Each decision, and each end, is in the record of actions.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, func, insert, select, update

from sources import Entry
from state.db.backend import RECORD, lock_of
from state.db.repository import Repository, directly, rows_in
from state.db.rows import read_stored_entry
from state.db.tables.core import ENTRIES, SOURCES
from state.failpoint import reach
from state.model import Clearing, Standing
from state.storage.staging import VALID

BY_CHECK = "registry-watch"  # who, in the record of actions, ended a clearing because its entry has changed
AGAIN, BY_HAND = "cleared again", "ended by hand"  # why a clearing ended

Identify = Callable[[Sequence[Entry]], Mapping[str, Sequence[str | None]]]  # what identifies the entries of a key
_ANY = "SELECT 1 FROM clearings WHERE source = ? AND ended IS NULL LIMIT 1"


@cache
def _table() -> Table:
    """The table, which takes longer to load than most checks: nothing is cleared in most states."""
    from state.db.tables.seldom import CLEARINGS  # noqa: PLC0415 - as it says

    return CLEARINGS


class Clearings(Repository):
    """The part of the Store for clearings."""

    def clear(self, wanted: Clearing, identify: Identify) -> Clearing | None:
        """Store a decision about the entries with its key, in place of an earlier one about the same; as it is stored.

        `identify` says what identifies them: a check that runs meanwhile is before or after that. None if the source
        has no entry with this key, and never had one.
        """
        with self._database.writing(lock_of(wanted.source), RECORD) as connection:
            entries = _entries(connection, wanted.source, wanted.key)
            if not entries:
                return None
            made = wanted._replace(facts=self._redactor.hide_all(identify(entries)))
            _end(connection, made, AGAIN, made.who, made.at)
            row = {name: value for name, value in made._asdict().items() if name != "id"}
            number = connection.scalars(insert(_table()).returning(_table().c.id), [row]).one()
            reach("clearing_row")
            _record(connection, made.at, made.who, "clear", f"{_pair(made)}: {made.why}")
            reach("clearing")
        reach("pair_cleared")
        return made._replace(id=number)

    def end(self, entity: str, source: str, key: str, who: str, at: datetime) -> bool:
        """End a clearing; returns whether there was one."""
        ended = Clearing(entity, source, key, "", "", at)
        with self._database.writing(lock_of(source), RECORD) as connection:
            found = _end(connection, ended, BY_HAND, who, at)
            reach("clearing_end_row")
            if found:
                _record(connection, at, who, "end clearing", _pair(ended))
            reach("clearing_end")
        reach("clearing_ended")
        return found

    def all(self) -> list[Clearing]:
        """All that were ever made, the newest first, also those that have ended."""
        wanted = select(_table()).order_by(_table().c.at.desc(), _table().c.id.desc())
        return [_clearing(row) for row in self._rows(wanted)]

    def active(self, now: datetime) -> list[Clearing]:
        """Those that hold, the newest first."""
        found = map(_clearing, self._rows(_standing().order_by(_table().c.at.desc(), _table().c.id.desc())))
        return [each for each in found if each.holds(now)]

    def of_keys(self, source: str, keys: Collection[str]) -> list[Clearing]:
        """All that were ever made about these entries of a source, the earliest first."""
        wanted = select(_table()).where(_table().c.source == source).order_by(_table().c.id)
        return [_clearing(row) for row in self._rows_in(wanted, _table().c.key, keys)]

    def standing(self, source: str, keys: Collection[str]) -> list[Clearing]:
        """Those about these entries of a source that have not ended: also those whose time has passed, which a check
        has to end.
        """
        with self._database.reading() as connection:
            if not keys or directly(connection, _ANY, (source,)).scalar() is None:
                return []
            mine = _standing().where(_table().c.source == source)
            return [_clearing(row) for row in rows_in(connection, mine, _table().c.key, keys)]

    def count(self) -> dict[str, int]:
        """How many have not ended, by source."""
        wanted = select(_table().c.source, func.count()).where(_table().c.ended.is_(None))
        return {row[0]: row[1] for row in self._rows(wanted.group_by(_table().c.source))}


def write_outcome(connection: Connection, clearings: Sequence[Clearing]) -> None:
    """Write what a check made of clearings: they have ended, or go on under the new key of their entry. One that
    somebody has ended meanwhile stays as it is. The caller's transaction has locked RECORD.
    """
    for each in clearings:
        changed = {"key": each.key, "ended": each.ended, "why_ended": each.why_ended}
        mine = update(_table()).where(_table().c.id == each.id, _table().c.ended.is_(None))
        if connection.execute(mine.values(changed)).rowcount and each.ended:
            _record(connection, each.ended, BY_CHECK, "end clearing", f"{_pair(each)}: {each.why_ended}")


def _entries(connection: Connection, source: str, key: str) -> list[Entry]:
    """The entries of a key that are present; if none is, those that were."""
    number = select(SOURCES.c.id).where(SOURCES.c.name == source).scalar_subquery()
    rows = connection.execute(select(ENTRIES).where(ENTRIES.c.source_id == number, ENTRIES.c.key == key, VALID)).all()
    present = [row for row in rows if row.standing == Standing.PRESENT.value]
    return list(map(read_stored_entry, present or rows))


def _end(connection: Connection, same: Clearing, why: str, who: str, at: datetime) -> bool:
    mine = {name: getattr(same, name) for name in ("entity", "source", "key")}
    held = update(_table()).filter_by(**mine).where(_table().c.ended.is_(None))
    return bool(connection.execute(held.values(ended=at, why_ended=why, who_ended=who)).rowcount)


def _record(connection: Connection, at: datetime, who: str, what: str, subject: str) -> None:
    from state.storage.desk import Action, write_action  # noqa: PLC0415 - only a decision is recorded

    write_action(connection, Action(at, who, what, subject))


def _standing() -> Select[Any]:
    return select(_table()).where(_table().c.ended.is_(None))


def _pair(clearing: Clearing) -> str:
    return f"{clearing.entity}, entry {clearing.key} of source {clearing.source}"


def _clearing(row: Row[Any]) -> Clearing:
    return Clearing(**{name: getattr(row, name) for name in Clearing._fields})
