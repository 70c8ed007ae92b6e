"""The part of the Store for earlier times: a register as it was, and what changed between two times."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, partial
from heapq import merge
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, bindparam, func, select

from sources import Entry
from state.compare.changes import field_changes
from state.db.repository import Repository, chunks, rows_in
from state.db.rows import read_stored_entry, source_state
from state.db.tables.core import ENTRIES, SOURCES, TALLIES, UNDOS, UNREAD, WINDOWS
from state.history.captured_past import CapturedPast
from state.history.life import Value, life
from state.history.undo import (
    CHECK,
    FIRST,
    PastRow,
    Rows,
    UndoRecord,
    after,
    read_records,
    touched_rows,
    undo_all,
    undo_one,
)
from state.model import Change, ChangeKind, DayTally, PastWitness, Standing, Status, WhyUnread, day_tally
from state.storage.entries import of_source, rows_of
from state.storage.past import PastCaptures
from state.storage.staging import VALID

_SOURCE = select(SOURCES).where(SOURCES.c.name == bindparam("its_name"))
_SOME = select(ENTRIES).where(ENTRIES.c.id.in_(bindparam("its_ids", expanding=True)))
_PRESENT = Standing.PRESENT.value
_EVER = datetime.max.replace(tzinfo=UTC)
_WINDOW = select(WINDOWS.c.source_id).where(WINDOWS.c.source_id == bindparam("its_source"))

FIRST_CAPTURE, CAPTURES = "first_capture", "captures"
Rest = timedelta | None  # the longest time between two checks; None where no checks are made


class Gap(NamedTuple):
    """A time, and what is not known of it; `since` or `until` is None where it is open.

    `why` is `failing`, `suspicious` or `not_checked` (no reading between the two times, which are checks that could
    read); `first`, `upgrade`, `retention`, `max_log` or `first_capture` (nothing is known before `until`); `captures`
    (known only from what others kept); `reread` or `moved` (from `since` on it was read otherwise). `reason` is the
    code of a failure or of a doubt, or of why the own history begins no earlier.
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

    `since` is None if it is older than the history; `checked_before` also for what the first snapshot had. What others
    kept has a `witness`, and captures as checks; its `row` is a number among such entries. `disputes` says that another
    capture of the same time counts.
    """

    row: int
    entry: Entry
    since: datetime | None
    checked_before: datetime | None
    witness: PastWitness | None = None
    disputes: bool = False


class PastDifference(NamedTuple):
    """A register between two times. `scrolled` are entries that left the end of a rolling list."""

    added: Sequence[Entry]
    removed: Sequence[Entry]
    changed: Sequence[Change]
    scrolled: Sequence[Entry]


class PastChanges(NamedTuple):
    """What changed between two captures of others that follow one another, or the last one and the own history: between
    `since`, None before the first one, and `at`, which is when the `witness` kept it, None for the own history.
    """

    since: datetime | None
    at: datetime
    witness: PastWitness | None
    changes: Sequence[Change]


NO_DIFFERENCE = PastDifference((), (), (), ())


class History(Repository):
    """The part of the Store for earlier times: a source's own history, and before that what others kept. A source that
    has neither has no entries, values and gaps.
    """

    @cached_property
    def _captures(self) -> PastCaptures:
        return PastCaptures(self._database, self._redactor)

    def horizon(self, source: str) -> Horizon | None:
        """The earliest time that is answered for; None for a source without a snapshot and without captures."""
        own = self.own_horizon(source)
        if own and own.since is None:
            return own
        first = self._captures.times(source, _EVER).first
        return Horizon(first, FIRST_CAPTURE) if first and not (own and own.since and own.since <= first) else own

    def own_horizon(self, source: str) -> Horizon | None:
        """The earliest time that a source's own history answers for; None for a source without a snapshot."""
        with self._database.reading() as connection:
            row = connection.execute(_SOURCE, {"its_name": source}).one_or_none()
        return _horizon(row) if row and row.revision else None

    def entries(self, source: str, at: datetime | None = None, *, above: int = 0) -> Iterator[PastEntry]:
        """The entries of a source as they were at a time, None for now, in the order of their rows, from above one.

        Nothing for a time before the horizon. The read transaction lasts until the last entry is taken. Raises
        StateError.
        """
        if at and (kept := self._past(source, at)):
            seen = sorted(each for each in kept.register(at) if each.number > above)
            for some in chunks(seen):
                contents = self._captures.contents([each.number for each in some])
                for each in some:
                    if each.number in contents:  # it may have been forgotten meanwhile
                        yield PastEntry(each.number, contents[each.number], *each[1:])
            return
        with self._database.reading() as connection:
            number, horizon, records = source_history(connection, source)
            if not number or (at is not None and horizon.gap(at)):
                return
            newer = after(records, at)
            rows = undo_all([record.undo for record in newer], partial(_today, connection))
            numbers = stored_rows(connection, number, 0).with_only_columns(ENTRIES.c.id).order_by(None)
            today = set(connection.scalars(numbers.where(ENTRIES.c.standing == _PRESENT)))
            past = {row for row, was in rows.items() if was and was.standing is Standing.PRESENT}
            there = today.difference(rows) | past
            since, begin = _since(records[len(newer) :], horizon, there)
            wanted = stored_rows(connection, number, above)
            with connection.execute(wanted, execution_options={"yield_per": 1000}) as stored:
                for row, entry in _present(stored, rows, above):
                    yield PastEntry(row, entry, *since.get(row, begin))

    def between(self, source: str, since: datetime, until: datetime, ignore: Collection[str] = ()) -> PastDifference:
        """What changed from one time to another. Nothing for times before the horizon. The fields to `ignore` are not
        compared where captures of others and own snapshots are. Raises StateError.
        """
        if past := self._past(source, since):
            return self._between_captures(source, past, since, until, ignore)
        with self._database.reading() as connection:
            number, horizon, records = source_history(connection, source)
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
        own, past = self._own_life(source, key), self._past(source)
        if past is None:
            return own
        name = own[0].key if own else self._redactor.hide(key)  # where it went on under another key, the first one
        return past.life(name, self._captures.with_key(source, name), own)

    def _own_life(self, source: str, key: str) -> list[Value]:
        with self._database.reading() as connection:
            number, horizon, records = source_history(connection, source)
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
        """What is not known of a period: the times without a reading or known from others only, and from when on the
        source was read otherwise.

        `since` is None for the beginning of the history. `rest` is the longest time between two checks, None if none
        are made.
        """
        own, horizon = self.own_horizon(source), self.horizon(source)
        before = horizon.gap(since) if horizon and since else None
        found = [before] if before else []
        if horizon and horizon.since and horizon.why == FIRST_CAPTURE and until > horizon.since:
            end = own.since if own else None
            if end is None or since is None or since < end:
                found.append(Gap(horizon.since, end, CAPTURES, own.why if own and own.why != FIRST else ""))
        return found + self._own_gaps(source, since, until, now=now, rest=rest)

    def around(self, source: str, at: datetime) -> Gap | None:
        """The time between the two captures, or the last one and the first own snapshot, between which a time lies."""
        own, times = self.own_horizon(source), self._captures.times(source, at)
        ends = [end for end in (times.next, own.since if own else None) if end]
        return Gap(times.last, min(ends, default=None), CAPTURES) if times.last and times.last < at else None

    def _own_gaps(
        self, source: str, since: datetime | None, until: datetime, *, now: datetime, rest: Rest
    ) -> list[Gap]:
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
        return sorted(found, key=lambda gap: gap.since or begin)

    def _past(self, source: str, when: datetime | None = None) -> CapturedPast | None:
        """What others kept of a source before its own history; for a time, if it answers for that."""
        own = self.own_horizon(source)
        if own and (own.since is None or (when and when >= own.since)):
            return None
        end = own.since if own else None
        found = [each for each in self._captures.captures(source) if each.is_believed]
        found = [each for each in found if end is None or each.witness.at < end]
        past = CapturedPast(found, end) if found else None
        return past if past and (when is None or past.answers_for(when)) else None

    def past_changes(
        self, source: str, ignore: Collection[str] = (), numbers: Collection[int] | None = None
    ) -> Iterator[PastChanges]:
        """What changed before the own history, as others kept it, the latest first. What left the end of a rolling list
        is no change. The fields to `ignore` are those of `between`. With `numbers` only what changed when one of these
        entries of captures came or went; and at last, as added, those of them that the first capture has.
        """
        past = self._past(source)
        if past is None:
            return
        times = [*past.times, *([past.end] if past.end else ())]
        wanted = None if numbers is None else set(numbers)
        some = {each.id: wanted.intersection(each.present) for each in map(past.at, past.times)} if wanted else {}
        for until, since in pairwise(reversed(times)):
            before, after = past.at(since), past.at(until)
            if until != past.end and (before.packed == after.packed or before.reading != after.reading):
                continue
            if until != past.end and wanted is not None and some.get(before.id) == some.get(after.id):
                continue
            found = self._between_captures(source, past, since, until, ignore)
            earlier = self._captures.numbers_of(source, [each.key for each in found.added])
            known = {key for number, key in earlier.items() if past.first_seen.get(number, until) < until}
            changes = [
                *found.changed,
                *(Change(ChangeKind.REMOVED, each, None, field_changes(each, None)) for each in found.removed),
            ]
            for each in found.added:
                came = each.key not in known
                fields = field_changes(None, each) if came else {}
                changes.append(Change(ChangeKind.ADDED if came else ChangeKind.REAPPEARED, None, each, fields))
            yield PastChanges(since, until, None if until == past.end else after.witness, changes)
        first = past.at(times[0])
        if there := some.get(first.id):
            entries = self._captures.contents(there).values()
            changes = [Change(ChangeKind.ADDED, None, each, field_changes(None, each)) for each in entries]
            yield PastChanges(None, first.witness.at, first.witness, changes)

    def _between_captures(
        self, source: str, past: CapturedPast, since: datetime, until: datetime, ignore: Collection[str]
    ) -> PastDifference:
        """What changed from a capture to another one, or to the own history."""
        first = past.at(since)
        if past.end and until >= past.end:
            own = {each.row: PastRow(Standing.PRESENT, each.entry) for each in self.entries(source, until)}
            names = {name for row in own.values() if row.entry for name in row.entry.fields}
            gone, came, ignore = set(first.present), set[int](), {*ignore, *(names - first.filled.keys())}
        else:
            gone, came = set(first.present), set(past.at(until).present)
            gone, came, own, ignore = gone - came, came - gone, {}, set()
        contents = self._captures.contents(gone | came)

        def rows(numbers: set[int], standing: Standing) -> Rows:
            # below the numbers of own rows
            return {-number: PastRow(standing, contents[number]) for number in numbers & contents.keys()}

        later = rows(gone, past.gone) | rows(came, Standing.PRESENT) | own
        return _difference(rows(gone, Standing.PRESENT), later, ignore)

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


def source_history(connection: Connection, name: str) -> tuple[int, Horizon, Sequence[UndoRecord]]:
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


def stored_rows(connection: Connection, source_id: int, above: int) -> Select[Any]:
    """The rows of a source in their order, which takes no sort if they are mostly contiguous."""
    mine = of_source(connection, source_id)
    return select(ENTRIES).where(mine, ENTRIES.c.id > above, VALID).order_by(ENTRIES.c.id)


def _difference(first: Rows, last: Rows, ignore: Collection[str] = ()) -> PastDifference:
    """Compares the rows that were touched. Entries are matched by key, as a check does. The fields to `ignore` were not
    read at the first time.
    """
    before, later = _by_key(first), _by_key(last)
    added, removed, changed, scrolled = list[Entry](), list[Entry](), list[Change](), list[Entry]()
    went = {row.entry.key: row.standing for row in last.values() if row and row.entry}
    for key in dict.fromkeys([*before, *later]):
        old, new = before[key], later[key]
        if len(old) == len(new) == 1:
            if fields := field_changes(old[0], new[0], ignore):
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
