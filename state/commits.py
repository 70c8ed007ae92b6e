"""What one check writes, in one transaction: the source's row, its entries and pages, and its alerts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from state.database import EVIDENCE, OUTBOX, Database, part_of
from state.entries import write_difference
from state.evidence.keeper import Keeper
from state.failpoint import reached
from state.log import write_events
from state.model import Commit, Event, SourceState
from state.pages import write_pages
from state.rows import source_row, source_state
from state.tables import SOURCES
from state.veil import Veil

FREE = {"lease": None, "holder": None}  # a claim is one of a source and its due time: it ends when that moves on

# Statements that are made once are much quicker to execute than those that are made each time.
_SOURCE = select(SOURCES).where(SOURCES.c.name == bindparam("its_name"))
_SOURCE_ALONE = _SOURCE.with_for_update()  # keeps even `Store.passed` from moving its times on before we do
_UPDATED = update(SOURCES).where(SOURCES.c.id == bindparam("its_number"))


class Commits:
    """The part of the Store that writes what checks found."""

    _database: Database
    _veil: Veil
    _keeper: Keeper | None

    def commit(self, name: str, decide: Callable[[SourceState], Commit | None]) -> list[Event] | None:
        """Write all that one check found, in one transaction.

        `decide` is called inside it with the state of this moment, so that it can see whether another process was
        faster; it returns what to write, or None to leave everything as it is. Returns the stored events, or None.
        """
        with self._database.writing(part_of(name)) as connection:
            row = connection.execute(_SOURCE_ALONE, {"its_name": name}).one_or_none()
            before = source_state(row) if row else SourceState(name)
            commit = decide(before)
            if commit is None:
                return None
            events = self._write(connection, row.id if row else 0, before, commit)
            reached("before_commit")
        reached("after_commit")
        return events

    def _write(self, connection: Connection, number: int, before: SourceState, commit: Commit) -> list[Event]:
        after, accepted = replace(commit.state, name=before.name, revision=before.revision), commit.acceptance
        if accepted:
            after = replace(
                after,
                revision=before.revision + 1,
                digest=accepted.difference.digest,
                reading=accepted.reading,
                place=accepted.place,
            )
        free = FREE if after.due != before.due else {}
        source_id = write_source(connection, number, source_row(after, self._veil) | free)
        if any("flapping" in event.data for event, _ in commit.alerts):  # then others' deliveries are moved too
            self._database.also(connection, OUTBOX)
        events = write_events(connection, commit.alerts, self._veil)
        if commit.capture and self._keeper:  # before its pages take the place of those that were stored
            self._database.also(connection, EVIDENCE)
            events = self._keeper.keep(connection, source_id, commit.capture, before, events, self._veil)
        if accepted:
            difference = accepted.difference
            with self._database.room(connection, len(difference.insert)):
                write_difference(connection, source_id, difference, self._veil, fresh=accepted.fresh, at=after.tried)
            write_pages(connection, source_id, accepted.pages, self._veil, held=False)
        elif commit.validators is not None:
            write_pages(connection, source_id, commit.validators, self._veil, held=False)
        if commit.held is not None:
            write_pages(connection, source_id, commit.held, self._veil, held=True)
        return events


def read_source(connection: Connection, name: str) -> SourceState:
    """The state of a source; one that was never seen has revision 0."""
    row = connection.execute(_SOURCE, {"its_name": name}).one_or_none()
    return source_state(row) if row else SourceState(name)


def write_source(connection: Connection, number: int, row: dict[str, Any]) -> int:
    """Write the row of a source that has a number, or of a new one (0); returns its number."""
    if number:
        connection.execute(_UPDATED, row | {"its_number": number})
        return number
    new = connection.execute(insert(SOURCES), row).inserted_primary_key
    assert new  # noqa: S101 - one row has one
    return int(new[0])
