"""The part of the Store for earlier times: a register as it was, and what changed between two times."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, bindparam, func, select

from sources import Entry
from state.compare.changes import field_changes
from state.db.repository import Repository, chunks, rows_in
from state.db.rows import read_stored_entry, source_state
from state.db.tables.core import ENTRIES, SOURCES, WINDOWS
from state.db.tables.history import TALLIES, UNDOS, UNREAD
from state.history.life import Value, life
from state.history.recording import FIRST
from state.history.undo import (
    CHECK,
    PastRow,
    Rows,
    UndoRecord,
    after,
    read_records,
    touched_rows,
    undo_all,
    undo_one,
)
from state.model import Change, ChangeKind, DayTally, Standing, Status, WhyUnread, day_tally
from state.storage.entries import rows_of, span
from state.storage.staging import VALID

_SOURCE = select(SOURCES).where(SOURCES.c.name == bindparam("its_name"))
_SOME = select(ENTRIES).where(ENTRIES.c.id.in_(bindparam("its_ids", expanding=True)))
_PRESENT = Standing.PRESENT.value
_WINDOW = select(WINDOWS.c.source_id).where(WINDOWS.c.source_id == bindparam("its_source"))


Rest = timedelta | None  # the longest time between two checks; None where no checks are made


class Gap(NamedTuple):
    """A time, and what is not known of it; `since` or `until` is None where it is open.

    `why` is `failing`, `suspicious` or `not_checked` (no reading between the two times, which are checks that could
    read); `first`, `upgrade`, `retention` or `max_log` (nothing is known before `until`); `reread` or `moved` (from
    `since` on it was read otherwise). `reason` is the code of a failure or of a doubt.
    """

    since: datetime | None
    until: datetime | None
    why: str
    reason: str = ""

    @property
    def is_unread(self) -> bool:
        """Whether the source was not read then."""
        return self.why in set(WhyUnread)

    def within(self, since: datetime, until: datetime) -> timedelta:
        """How much of a period it takes."""
        first, last = max(since, self.since or since), min(until, self.until or until)
        return max(timedelta(), last - first)


class Horizon(NamedTuple):
    """The earliest time that the history of a source answers for, and what was then; None where nothing is stored."""

    since: datetime | None
    why: str

    def gap(self, at: datetime) -> Gap | None:
        """What is not known of a time before it."""
        if self.since is not None and at >= self.since:
            return None
        return Gap(None, self.since, self.why)


class PastEntry(NamedTuple):
    """An entry as it was at a time: its row, since when it was so, and the last check before that could read the
    source.

    `since` is None if it is older than the history; `checked_before` also for what the first snapshot had.
    """

    row: int
    entry: Entry
    since: datetime | None
    checked_before: datetime | None


class PastDifference(NamedTuple):
    """A register between two times. `scrolled` are entries that left the end of a rolling list."""

    added: Sequence[Entry]
    removed: Sequence[Entry]
    changed: Sequence[Change]
    scrolled: Sequence[Entry]


NO_DIFFERENCE = PastDifference((), (), (), ())


class History(Repository):
    """The part of the Store for earlier times. A source that is not stored has no entries, values and gaps."""

    def horizon(self, source: str) -> Horizon | None:
        """The earliest time that the history of a source answers for; None for a source without a snapshot."""
        with self._database.reading() as connection:
            row = connection.execute(_SOURCE, {"its_name": source}).one_or_none()
        return _horizon(row) if row and row.revision else None

    def entries(self, source: str, at: datetime | None = None, *, above: int = 0) -> Iterator[PastEntry]:
        """The entries of a source as they were at a time, None for now, in the order of their rows, from above one.

        Nothing for a time before the horizon. The read transaction lasts until the last entry is taken. Raises
        StateError.
        """
        with self._database.reading() as connection:
            number, horizon, records = _source(connection, source)
            if not number or (at is not None and horizon.gap(at)):
                return
            newer = after(records, at)
            rows = undo_all([record.undo for record in newer], partial(_today, connection))
            numbers = _of_source(connection, number, 0).with_only_columns(ENTRIES.c.id).order_by(None)
            today = set(connection.scalars(numbers.where(ENTRIES.c.standing == _PRESENT)))
            past = {row for row, was in rows.items() if was and was.standing is Standing.PRESENT}
            there = today.difference(rows) | past
            since, begin = _since(records[len(newer) :], horizon, there)
            wanted = _of_source(connection, number, above)
            with connection.execute(wanted, execution_options={"yield_per": 1000}) as stored:
                for row, entry in _present(stored, rows, above):
                    yield PastEntry(row, entry, *since.get(row, begin))

    def between(self, source: str, since: datetime, until: datetime) -> PastDifference:
        """What changed from one time to another. Nothing for times before the horizon. Raises StateError."""
        with self._database.reading() as connection:
            number, horizon, records = _source(connection, source)
            if not number or horizon.gap(since):
                return NO_DIFFERENCE
            newer = after(records, until)
            undos = [record.undo for record in after(records, since)[len(newer) :]]
            numbers = set(touched_rows(undos))
            now = _today(connection, numbers)
        of_these = (
            undo._replace(rows=[each for each in undo.rows if each.row in numbers])
            for undo in (record.undo for record in newer)
        )
        later = undo_all(list(of_these), lambda _: now)
        rows: Rows = {}
        for number in numbers:
            row, stored = later.get(number), now.get(number)
            if number in later:
                rows[number] = row._replace(entry=row.entry or (stored and stored.entry)) if row else None
            else:
                rows[number] = stored
        last = dict(rows)
        for undo in undos:
            undo_one(undo, rows, {})
        return _difference(rows, last)

    def life(self, source: str, key: str) -> list[Value]:
        """The values of an entry, the earliest first; none for a key that the history does not have. Raises
        StateError.
        """
        with self._database.reading() as connection:
            number, horizon, records = _source(connection, source)
            if not number:
                return []
            today = partial(_today, connection)
            stored = rows_of(connection, number, self._redactor.hide(key))
            is_window = connection.execute(_WINDOW, {"its_source": number}).first() is not None
            rows, since = today([row.id for row in stored]), horizon.since
            begin = since if horizon.why == FIRST else None
            kept = [record for record in records if since is None or record.at > since]
            return life(self._redactor.hide(key), kept, rows, today, begin, is_window=is_window)

    def gaps(self, source: str, since: datetime | None, until: datetime, *, now: datetime, rest: Rest) -> list[Gap]:
        """What is not known of a period: the times without a reading, and from when on the source was read otherwise.

        `since` is None for the beginning of the history. `rest` is the longest time between two checks, None if none
        are made.
        """
        with self._database.reading() as connection:
            row = connection.execute(_SOURCE, {"its_name": source}).one_or_none()
            if row is None or not row.revision:
                return []
            horizon = _horizon(row)
            begin = since or horizon.since or until
            of_source = UNREAD.c.source_id == row.id
            overlaps = (UNREAD.c.since < until, UNREAD.c.until > begin)
            unread = connection.execute(select(UNREAD).where(of_source, *overlaps).order_by(UNREAD.c.id))
            found = [Gap(each.since, each.until, each.why, each.reason) for each in unread]
            mine = (UNDOS.c.source_id == row.id, UNDOS.c.kind != CHECK, UNDOS.c.at > begin, UNDOS.c.at <= until)
            otherwise = connection.execute(select(UNDOS.c.at, UNDOS.c.kind).where(*mine).distinct())
            found += [Gap(each.at, None, each.kind) for each in otherwise]
            ended = connection.scalar(select(func.max(UNREAD.c.until)).where(of_source))
        # One that has not ended began with the last check that could read, or at the end of the last such time.
        state = source_state(row)
        last = max(filter(None, (state.checked, ended)), default=None) if state.checked else None
        if last and last < until:
            if state.health.status in {Status.FAILING, Status.SUSPICIOUS}:
                found.append(Gap(last, None, state.health.status.value, state.health.reason or ""))
            elif rest is None or now - last > rest:
                found.append(Gap(last, None, WhyUnread.NOT_CHECKED.value))
        before = horizon.gap(begin) if since else None
        return [*([before] if before else ()), *sorted(found, key=lambda gap: gap.since or begin)]

    def checks(self, sources: Collection[str], first: date, last: date) -> dict[str, list[DayTally]]:
        """How many checks each source had on each day (UTC) from `first` to `last`, by name; days without one, and
        sources that are not stored, are left out.
        """
        months = TALLIES.c.month.between(f"{first:%Y-%m}", f"{last:%Y-%m}")
        wanted = select(SOURCES.c.id, SOURCES.c.name, SOURCES.c.tally)
        with self._database.reading() as connection:
            rows = {row.id: row for row in rows_in(connection, wanted, SOURCES.c.name, sources)}
            stored = list(rows_in(connection, select(TALLIES).where(months), TALLIES.c.source_id, rows))
        found = {number: [day_tally(row.tally)] if row.tally else [] for number, row in rows.items()}
        for each in stored:
            for day_read_failed in filter(None, each.days.split(";")):
                number, read, failed = map(int, day_read_failed.split())
                found[each.source_id].append(DayTally(date.fromisoformat(f"{each.month}-{number:02}"), read, failed))
        of_days: dict[str, list[DayTally]] = {}
        for number, tallies in found.items():
            own = sorted(tally for tally in tallies if first <= tally.day <= last)
            of_days[rows[number].name] = [  # a clock that was moved back makes a day end twice
                DayTally(day, sum(tally.read for tally in same), sum(tally.failed for tally in same))
                for day, same in ((day, list(some)) for day, some in groupby(own, key=itemgetter(0)))
            ]
        return of_days


def _source(connection: Connection, name: str) -> tuple[int, Horizon, Sequence[UndoRecord]]:
    """A source's number, 0 if it is not stored, and the undos of its changes, the newest first."""
    row = connection.execute(_SOURCE, {"its_name": name}).one_or_none()
    if row is None or not row.revision:
        return 0, Horizon(None, ""), ()
    return row.id, _horizon(row), read_records(connection, row.id)


def _horizon(row: Row[Any]) -> Horizon:
    return Horizon(row.history_from, row.history_why or "")


def _today(connection: Connection, numbers: Collection[int]) -> dict[int, PastRow]:
    """Rows as they are now, with their entries."""
    found: dict[int, PastRow] = {}
    for some in chunks(sorted(numbers)):
        for row in connection.execute(_SOME, {"its_ids": some}):
            found[row.id] = PastRow(Standing(row.standing), read_stored_entry(row))
    return found


def _since(
    older: Iterable[UndoRecord], horizon: Horizon, there: set[int]
) -> tuple[dict[int, tuple[datetime, datetime | None]], tuple[datetime | None, datetime | None]]:
    """Since when each row that is `there` is as it is after some changes, with the check before; and that of all other
    rows.
    """
    begin = horizon.since if horizon.why == FIRST else None
    since: dict[int, tuple[datetime, datetime | None]] = {}
    for record in older:
        if horizon.since is not None and record.at <= horizon.since:
            break
        if record.is_moved:
            return since, (record.at, record.previous)
        for number in there.intersection(touched_rows([record.undo])):
            since[number] = record.at, record.previous
            there.remove(number)
        if not there:
            break
    return since, (begin, None)


def _present(stored: Iterable[Row[Any]], rows: Rows, above: int) -> Iterator[tuple[int, Entry]]:
    """The present entries, where `rows` says for some of them how they were."""
    there = {number: row for number, row in rows.items() if row and row.standing is Standing.PRESENT}
    own = sorted((number, row.entry) for number, row in there.items() if row.entry and number > above)
    others = (
        (row.id, read_stored_entry(row))
        for row in stored
        if (not there[row.id].entry if row.id in there else row.id not in rows and row.standing == _PRESENT)
    )
    return merge(others, own, key=itemgetter(0))


def _of_source(connection: Connection, source_id: int, above: int) -> Select[Any]:
    """The rows of a source, scanned as they are stored if they are mostly contiguous: without a sort."""
    here = span(connection, source_id)
    mine = [ENTRIES.c.source_id == source_id]
    if here.is_dense:
        mine = [ENTRIES.c.id.between(here.first, here.last), ENTRIES.c.source_id + 0 == source_id]
    return select(ENTRIES).where(*mine, ENTRIES.c.id > above, VALID).order_by(ENTRIES.c.id)


def _difference(first: Rows, last: Rows) -> PastDifference:
    """Compares the rows that were touched. Entries are matched by key, as a check does."""
    before, later = _by_key(first), _by_key(last)
    added, removed, changed, scrolled = list[Entry](), list[Entry](), list[Change](), list[Entry]()
    went = {row.entry.key: row.standing for row in last.values() if row and row.entry}
    for key in dict.fromkeys([*before, *later]):
        old, new = before[key], later[key]
        if len(old) == len(new) == 1:
            if fields := field_changes(old[0], new[0]):
                changed.append(Change(ChangeKind.CHANGED, old[0], new[0], fields))
            continue
        added += [entry for entry in new if entry not in old]
        gone = [entry for entry in old if entry not in new]
        (scrolled if went.get(key) is Standing.SCROLLED else removed).extend(gone)
    return PastDifference(added, removed, changed, scrolled)


def _by_key(rows: Rows) -> Mapping[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for row in rows.values():
        if row and row.entry and row.standing is Standing.PRESENT:
            found[row.entry.key].append(row.entry)
    return found
