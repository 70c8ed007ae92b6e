"""Writes the result of one check, in one transaction: the source's row, its entries and pages, its alerts, and what
undoes it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import Connection, bindparam, insert, select, update

from state.db.backend import EVIDENCE, OUTBOX, RECORD, lock_of
from state.db.repository import Repository, lazy
from state.db.rows import source_row, source_state
from state.db.tables.core import SOURCES
from state.errors import StateError
from state.failpoint import reach
from state.history.undo import (
    CHECK,
    MOVED,
    REREAD,
    Moment,
    PreparedUndo,
    last_row,
    pack,
    parse_time,
    record,
    record_details,
    record_replaced,
    undo_of,
    write_ended,
    write_unread,
)
from state.model import Acceptance, Commit, Event, SourceState, Status
from state.storage.delivery_rows import withdraw_held
from state.storage.entries import (
    Contents,
    contents_of,
    has_entries,
    parts_of,
    write_details,
    write_difference,
    write_new,
)
from state.storage.events import write_events
from state.storage.pages import (
    NONE_PACKED,
    InPieces,
    Packed,
    delete_pieces,
    pack_bodies,
    stored_bodies,
    write_bodies,
    write_pages,
    write_pieces,
)
from state.storage.staging import NUMBER, Unfinished, begin, clear, find_unfinished, finish, give_up, renew

if TYPE_CHECKING:
    import state.evidence.store

FREE = {"lease": None, "holder": None}  # a claim is for a source and its due time: it ends when that time changes

# Prepared once: constructing a statement takes longer than executing it.
_SOURCE = select(SOURCES).where(SOURCES.c.name == bindparam("its_name"))
# FOR UPDATE: also `Store.write_unchanged` must wait with the source's times until this transaction ends.
_SOURCE_ALONE = _SOURCE.add_columns(NUMBER).with_for_update(of=SOURCES)
_UPDATED = update(SOURCES).where(SOURCES.c.id == bindparam("its_number"))

# Up to _AT_ONCE new entries are written in the transaction of the check. More are staged in parts of _PART, each of
# which others wait for.
_AT_ONCE, _PART = 10_000, 5_000
_FEW = 500  # changed entries that are prepared: if a commit of so few is large, they are
_LOOK_AGAIN = 0.5  # seconds between two looks at another process's staging

Decide = Callable[[SourceState], Commit | None]
Steps = Generator[float, None, "list[Event] | None"]


class Prepared(NamedTuple):
    """What was made of a commit before its transaction, for the state `before`: another state makes it useless."""

    before: SourceState
    commit: Commit | None
    bodies: Packed = NONE_PACKED
    undo: PreparedUndo | None = None
    contents: Sequence[Contents] = ()


class _Staging(NamedTuple):
    """A staging of this process, and the snapshot that it stages."""

    row: Unfinished
    acceptance: Acceptance
    prepared: Prepared


class Commits(Repository):
    """Writes the results of checks, with their evidence."""

    evidence: state.evidence.store.Evidence = lazy()  # the pages of changes, in a hash chain

    @property
    def keeps_evidence(self) -> bool:
        """Whether evidence is kept."""
        return "evidence" in self.__dict__ and self.evidence.keeper is not None

    @property
    def in_turn(self) -> bool:
        """Whether others wait while a large commit is written: for the writer of a file, or the chain of evidence."""
        return self._database.one_writer or self.keeps_evidence

    def commit(self, name: str, decide: Decide) -> list[Event] | None:
        """Write the result of one check in one transaction; returns the stored events.

        `decide` is called inside the transaction with the current state, so that it can detect a commit of another
        process. It returns what to write, or None to write nothing: then None is returned. For a large snapshot it is
        called twice.
        """
        steps = self.committing(name, decide)
        while True:
            try:
                time.sleep(next(steps))
            except StopIteration as end:
                return cast("list[Event] | None", end.value)

    def prepare(self, name: str, decide: Decide) -> Prepared:
        """Make of a large commit what needs no transaction, in which others would have to wait for it: call `decide`,
        compress pages and what undoes the change, and write out large entries.
        """
        with self._database.reading() as connection:
            row = connection.execute(_SOURCE, {"its_name": name}).one_or_none()
            stored = stored_bodies(connection, row.id) if row else set()
        before = source_state(row) if row else SourceState(name)
        if (commit := decide(before)) is None:
            return Prepared(before, None)
        accepted, undo, contents = commit.acceptance, None, list[Contents]()
        if accepted and len(accepted.difference.update) <= _FEW:
            contents = list(contents_of(connection, accepted.difference, self._redactor))
        if accepted and (before.revision or not accepted.fresh):
            undo = PreparedUndo.of(accepted.difference, self._redactor)
            undo = undo._replace(packed=[pack(rows, []) for rows in undo.parts])
        pages = accepted.pages if accepted else [*(commit.validators or ()), *(commit.held or ())]
        return Prepared(before, commit, pack_bodies(pages, self._redactor, stored), undo, contents)

    def committing(self, name: str, decide: Decide, prepared: Prepared | None = None) -> Steps:
        """As `commit`, but as a generator, so that the caller can do other work between the steps: no lock is held
        then. What is `prepared` is used if the state is still as it was.

        Each step is one transaction, and yields the seconds to wait before the next. Only a large snapshot, or one
        whose source has an unfinished staging, has several steps; with a single step nothing is yielded.
        """
        large = [body for body in prepared.bodies.values() if isinstance(body, InPieces)] if prepared else ()
        for body in large:
            yield from self._write_pieces(name, body)
        events = yield from self._in_steps(name, decide, prepared)
        if large:
            yield from self._delete_pieces(name)
        return events

    def _in_steps(self, name: str, decide: Decide, prepared: Prepared | None) -> Steps:
        while isinstance(begun := self._begin(name, decide, prepared), Unfinished):
            yield from self._clear(name, begun)
        if not isinstance(begun, _Staging):
            if begun is not None:
                reach("after_commit")
            return begun
        try:
            yield 0.0
            yield from self._stage(name, begun)
            with self._database.writing(lock_of(name)) as connection:
                number, before, _ = _alone(connection, name)
                made = _for_state(before, decide, prepared)
                if made.commit is None:
                    events = None
                else:  # the staged entries become visible with the rest of the check
                    finish(connection, begun.row.number)
                    events = self._write(connection, number, made, made.commit, begun)
                    reach("before_commit")
        except Exception:
            yield from self._take_back(name, begun)
            raise
        if events is None:
            yield from self._take_back(name, begun)
        else:
            reach("after_commit")
        return events

    def _write_pieces(self, name: str, body: InPieces) -> Iterator[float]:
        """Write a large body, which no page has yet."""
        done = False
        while not done:
            with self._database.writing(lock_of(name)) as connection:
                number, before, _ = _alone(connection, name)
                number = number or write_source(connection, 0, source_row(before, self._redactor))
                done = write_pieces(connection, number, body)
            reach("piece_written")
            yield 0.0

    def _delete_pieces(self, name: str) -> Iterator[float]:
        """Delete what is left of large bodies of a source that are replaced; if that fails, the next commit does."""
        deleted = 1
        with suppress(StateError):
            while deleted:
                yield 0.0
                with self._database.writing(lock_of(name)) as connection:
                    deleted = delete_pieces(connection, _alone(connection, name)[0])

    def _begin(
        self, name: str, decide: Decide, prepared: Prepared | None
    ) -> list[Event] | _Staging | Unfinished | None:
        """Write everything, or begin a staging, or return the unfinished staging that must be cleared first."""
        with self._database.writing(lock_of(name)) as connection:
            number, before, stagings = _alone(connection, name)
            made = _for_state(before, decide, prepared)
            if (commit := made.commit) is None:
                return None
            if commit.acceptance:
                if stagings:
                    return find_unfinished(connection, number)
                # Not if new entries are to replace old ones, which are still visible.
                can_stage = not commit.acceptance.fresh or not has_entries(connection, number)
                if can_stage and len(commit.acceptance.difference.insert) > _AT_ONCE:
                    number = number or write_source(connection, 0, source_row(before, self._redactor))
                    return _Staging(begin(connection, number), commit.acceptance, made)
            events = self._write(connection, number, made, commit)
            reach("before_commit")
            return events

    def _stage(self, name: str, staging: _Staging) -> Iterator[float]:
        """Write what no reader sees yet: the bodies of the pages, and the new entries."""
        bodies = staging.prepared.bodies or pack_bodies(staging.acceptance.pages, self._redactor, ())
        number, source_id = staging.row.number, staging.row.source_id
        with self._database.writing(lock_of(name)) as connection:
            renew(connection, number)
            write_bodies(connection, source_id, bodies)
        for blocks in parts_of(staging.acceptance.difference.insert, _PART):
            yield 0.0
            with self._database.writing(lock_of(name)) as connection:
                renew(connection, number)
                write_new(connection, self._database, source_id, blocks, self._redactor, number)
            reach("staged")
        yield 0.0

    def _take_back(self, name: str, staging: _Staging) -> Iterator[float]:
        """Delete a staging that was not finished; if the state cannot be written, the next check will."""
        with suppress(StateError):
            yield from self._clear(name, staging.row)

    def _clear(self, name: str, left: Unfinished) -> Iterator[float]:
        """Delete the rows of an unfinished staging; while its process is alive, only wait."""
        if left.lives(datetime.now(UTC)):
            yield _LOOK_AGAIN
            return
        with self._database.writing(lock_of(name)) as connection:
            give_up(connection, left.number)
        done = False
        while not done:
            yield 0.0
            with self._database.writing(lock_of(name)) as connection:
                done = clear(connection, left)
            reach("cleared")

    def _write(
        self, connection: Connection, number: int, made: Prepared, commit: Commit, staged: _Staging | None = None
    ) -> list[Event]:
        before, bodies = made.before, made.bodies
        after, accepted = replace(commit.state, name=before.name, revision=before.revision), commit.acceptance
        undo: PreparedUndo | None = None
        history: Mapping[str, Any] = {}
        if accepted:
            digest, reading, place = accepted.difference.digest, accepted.reading, accepted.place
            after = replace(after, revision=after.revision + 1, digest=digest, reading=reading, place=place)
            after, undo, history = undo_of(before, after, accepted, self._redactor, made.undo)
        alerts, kept = commit.alerts, None
        if commit.capture and self.keeps_evidence:
            after, alerts, kept = self.evidence.admit(connection, after, commit)
        free = FREE if after.due != before.due else {}
        source_id = write_source(connection, number, {**source_row(after, self._redactor), **free, **history})
        if Status.SUSPICIOUS in before.health.told_as and after.health.status is Status.OK:
            # Nobody is told any more of what was held, now that a snapshot is believed.
            self._database.lock_further(connection, OUTBOX)
            withdraw_held(connection, before.name)
        if any("flapping" in event.data for event, _ in alerts):  # it also moves deliveries of earlier events
            self._database.lock_further(connection, OUTBOX)
        events = write_events(connection, alerts, self._redactor)
        if commit.clearings:
            from state.storage.clearings import write_outcome  # noqa: PLC0415 - few entries were cleared

            self._database.lock_further(connection, RECORD)
            write_outcome(connection, commit.clearings)
            reach("clearings_written")
        if kept and self.evidence.keeper:  # before the pages of this check replace the stored ones
            self._database.lock_further(connection, EVIDENCE)
            events = self.evidence.keeper.keep(connection, source_id, kept, before, events, self._redactor)
        newest = last_row(connection) if commit.details else 0
        _write_times(connection, source_id, commit, before.checked)
        if accepted:
            self._accept(connection, source_id, made, after, accepted, undo, staged)
        elif commit.validators is not None:
            write_pages(connection, source_id, commit.validators, self._redactor, held=False, packed=bodies)
        if commit.held is not None:
            write_pages(connection, source_id, commit.held, self._redactor, held=True, packed=bodies)
        if commit.details:
            moment = Moment(commit.state.tried or datetime.now(UTC), before.checked, CHECK)
            record_details(connection, source_id, commit.details, moment, self._redactor, newest)
            write_details(connection, source_id, commit.details, self._redactor)
        if commit.receipt:
            from state.storage.pushed import write_receipt  # noqa: PLC0415 - few sources are pushed

            write_receipt(connection, before.name, commit.receipt, events, commit.state.tried)
        return events

    def _accept(
        self,
        connection: Connection,
        source_id: int,
        made: Prepared,
        after: SourceState,
        accepted: Acceptance,
        undo: PreparedUndo | None,
        staged: _Staging | None,
    ) -> None:
        """Write a snapshot as the new state, and what undoes it: None where nothing is to be kept of it."""
        before, difference, at = made.before, accepted.difference, parse_time(accepted, after)
        fresh = accepted.fresh and not staged
        moved = bool(accepted.fresh and before.revision)
        moment = Moment(at, before.checked, MOVED if moved else REREAD if accepted.silent else CHECK)
        behind = staged.row.after if staged else None
        if not staged and difference.insert and undo is not None:
            behind = last_row(connection)
        if moved and fresh:  # while staging there are no old entries
            record_replaced(connection, source_id, moment)
            behind = 0  # all will be new, and may get the numbers of the old ones
        write_difference(
            connection,
            self._database,
            source_id,
            difference,
            self._redactor,
            contents=made.contents or contents_of(connection, difference, self._redactor),
            fresh=fresh,
            at=at,
            staged=staged is not None,
        )
        if undo is not None:
            record(connection, source_id, undo, moment, behind)
        write_pages(connection, source_id, accepted.pages, self._redactor, held=False, packed=made.bodies)


def _write_times(connection: Connection, source_id: int, commit: Commit, checked: datetime | None) -> None:
    """Write when a source was not read, how often it was checked, and what was learned of its rhythm."""
    if commit.unread and checked:
        write_unread(connection, source_id, checked, commit.unread)
    write_ended(connection, {source_id: commit.ended} if commit.ended else {})
    if commit.rhythm is not None:
        from state.storage.rhythms import write_rhythm  # noqa: PLC0415 - only a budget needs it

        write_rhythm(connection, source_id, commit.rhythm)


def _for_state(state: SourceState, decide: Decide, prepared: Prepared | None) -> Prepared:
    """What to write for a state: what was prepared, if that was for the same state."""
    return prepared if prepared and prepared.before == state else Prepared(state, decide(state))


def _alone(connection: Connection, name: str) -> tuple[int, SourceState, int]:
    """Lock a source's row until the end of the transaction; returns its number (0 if it is new), its state, and how
    many unfinished stagings it has.
    """
    row = connection.execute(_SOURCE_ALONE, {"its_name": name}).one_or_none()
    return (row.id, source_state(row), row.stagings) if row else (0, SourceState(name), 0)


def read_source(connection: Connection, name: str) -> SourceState:
    """The state of a source; revision 0 if it is new."""
    row = connection.execute(_SOURCE, {"its_name": name}).one_or_none()
    return source_state(row) if row else SourceState(name)


def write_source(connection: Connection, number: int, row: dict[str, Any]) -> int:
    """Update a source's row, or insert one if the number is 0; returns its number."""
    if number:
        connection.execute(_UPDATED, row | {"its_number": number})
        return number
    new = connection.execute(insert(SOURCES), row).inserted_primary_key  # RETURNING would take longer
    assert new  # noqa: S101 - an inserted row has one
    return int(new[0])
