"""Store: the interface of the state for the rest of the program. Every method is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, TypeVar

from sqlalchemy import Connection, Row, Select, bindparam, delete, select, update

from state.commits import FREE, Commits, read_source
from state.db.backend import OUTBOX, PASSING, Database, lock_of
from state.db.connect import open_database
from state.db.redaction import Redactor
from state.db.repository import directly, lazy, rows_in
from state.db.rows import UNREADABLE, source_state
from state.db.tables.core import EVENTS, PUSHED, SOURCES, Utc
from state.history.undo import write_ended
from state.model import CheckTimes, Known, Prefetched, SourceState, SourceStatus, Status, StoredPage
from state.storage.delivery_rows import mark_source_dead
from state.storage.entries import read_known
from state.storage.pages import read_pages, read_prefetched, replace_pages

if TYPE_CHECKING:
    import state.evidence.past
    import state.history.everything
    import state.history.history
    import state.storage.browsing
    import state.storage.chats
    import state.storage.clearings
    import state.storage.daemons
    import state.storage.damage
    import state.storage.desk
    import state.storage.discussion
    import state.storage.entities
    import state.storage.entries
    import state.storage.events
    import state.storage.objects
    import state.storage.outbox
    import state.storage.past
    import state.storage.people
    import state.storage.pushed
    import state.storage.readers
    import state.storage.retention
    import state.storage.rhythms
    import state.storage.screening
    import state.storage.translations
    from state.db.limited import VisibleNames
    from state.storage.people import Approvals
    from state.storage.workers import Claims

T = TypeVar("T")

_OF_HABITS = ("part", "part_advice", "details")  # the last fields of SourceStatus
_TIMES = ("name", "revision", "slot", "checked", "tried", "due", "reread", "tally")

# Prepared once: constructing a statement takes longer than executing it.
_NUMBER = "SELECT id FROM sources WHERE name = ?"
_NUMBERS = select(SOURCES.c.id, SOURCES.c.name)
_UNCHANGED = (
    update(SOURCES)
    .where(SOURCES.c.name == bindparam("its_name"), SOURCES.c.revision == bindparam("its_revision"))
    .where(SOURCES.c.due.is_not_distinct_from(bindparam("its_slot", type_=Utc)))
    .where(SOURCES.c.status == Status.OK.value, SOURCES.c.wait_until.is_(None), SOURCES.c.held == b"")
    .values({SOURCES.c[name]: bindparam(f"its_{name}") for name in ("checked", "tried", "due", "reread", "tally")})
    .values({SOURCES.c[name]: value for name, value in FREE.items()})
)


class Store(Commits):
    """The state. Safe for any thread, and for several processes at once; every method may raise StateError.

    Sources are here, and the results of checks (`commits.py`). All else is in repositories, each imported when it is
    first used.
    """

    details: state.storage.entries.Details = lazy()  # what was read on the pages of entries
    log: state.storage.events.Log = lazy()  # events: changes, baselines, health
    outbox: state.storage.outbox.Outbox = lazy()  # deliveries, and the messages composed of them
    channels: state.storage.outbox.Channels = lazy()  # failing channels
    reminders: state.storage.people.Reminders = lazy()  # changes that somebody has to acknowledge
    snoozes: state.storage.desk.Snoozes = lazy()  # what people want to hear of later
    clearings: state.storage.clearings.Clearings = lazy()  # entries that are not about an entity, as somebody says
    entities: state.storage.entities.Entities = lazy()  # whose stored entries were alerted, what an alert may cite
    browse: state.storage.browsing.Browsing = lazy()  # pages of changes, for people and programs that look
    entries: state.storage.browsing.EntryBrowsing = lazy()  # stored entries over all sources
    discussion: state.storage.discussion.Discussion = lazy()  # comments, assignments, importance
    chats: state.storage.chats.Chats = lazy()  # messages with buttons, and what people press
    shares: state.storage.discussion.Shares = lazy()  # links that were handed on
    desk: state.storage.desk.DeskRecords = lazy()  # what people did: handled changes, visits, actions
    requests: state.storage.desk.CheckRequests = lazy()  # checks that people ask for
    objects: state.storage.objects.Objects = lazy()  # what is configured at the desk, and pauses
    tokens: state.storage.desk.ApiTokens = lazy()  # of persons, for the API
    feed_keys: state.storage.desk.FeedKeys = lazy()  # what the keys of feeds are derived from
    rhythms: state.storage.rhythms.Rhythms = lazy()  # when sources change, as learned, and their budget of requests
    history: state.history.history.History = lazy()  # what a register said at an earlier time
    everything: state.history.everything.Everything = lazy()  # all of that, as tables
    past: state.storage.past.PastCaptures = lazy()  # what others kept of a register before that
    past_files: state.evidence.past.PastFiles = lazy()  # the pages of that
    retention: state.storage.retention.Retention = lazy()  # deletes what is old
    letters: state.storage.readers.LetterBox = lazy()  # what readers get of what they follow
    readers: state.storage.readers.Readers = lazy()  # what each follows, and where it goes
    screening: state.storage.screening.Screening = lazy()  # the index of names, and who is found by it
    translations: state.storage.translations.Translations = lazy()  # what machines said of changes
    pushed: state.storage.pushed.Pushes = lazy()  # what programs pushed, and were answered
    damage: state.storage.damage.Damage = lazy()  # rows that cannot be read
    daemons: state.storage.daemons.Daemons = lazy()  # the daemons that run on this state

    @cached_property
    def approvals(self) -> Approvals:
        """Messages that somebody has to approve."""
        from state.storage.people import Approvals  # noqa: PLC0415 - few messages have to be approved

        return Approvals(self._database, self._redactor, self.evidence.note)

    @classmethod
    def open(cls, url: str, *, hide: Callable[[str], str] = str, reveal: Callable[[str], str] = str) -> Self:
        """Open the state at a URL, creating it if necessary: `sqlite:////var/lib/registry-watch/state.db`, or
        `postgresql+psycopg://user@host/name`.

        `hide` and `reveal` replace secrets by references and back, so that no secret is stored.
        """
        return cls(open_database(url), Redactor(hide, reveal))

    def limited(self, names: VisibleNames) -> Self:
        """The state as a reader finds it who may see some sources and entities alone; what is written is the same."""
        from state.db.limited import limit  # noqa: PLC0415 - few readers are limited

        return type(self)(limit(self._database, names), self._redactor)

    def use_secrets(self, hide: Callable[[str], str], reveal: Callable[[str], str]) -> None:
        """Replace the secrets, after a reload of the configuration."""
        self._redactor.use(hide, reveal)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def database(self) -> Database:
        """For what concerns the whole of it: its size and its problems, a backup, the lock for sending."""
        return self._database

    def claims(self, holder: str = "") -> Claims:
        """The claims of workers on this database. Raises StateError for SQLite, which workers cannot share."""
        from state.storage.workers import Claims  # noqa: PLC0415 - only workers on PostgreSQL need it

        return Claims(self._database, holder)

    def source(self, name: str) -> SourceState:
        """The state of a source; revision 0 if it is new."""
        return self._ask(read_source, name)

    def sources(self) -> list[SourceState]:
        """The states of all sources ever seen, by name."""
        return self._of_sources(select(SOURCES).order_by(SOURCES.c.name), source_state)

    def source_statuses(self) -> list[SourceStatus]:
        """The statuses of all sources ever seen, by name."""
        plain = (SOURCES.c[name] for name in SourceStatus._fields if name not in _OF_HABITS)
        wanted = select(*plain, *(SOURCES.c.habits[name].as_string() for name in _OF_HABITS)).order_by(SOURCES.c.name)
        return self._of_sources(wanted, SourceStatus._make)

    def waiting(self) -> dict[str, SourceState]:
        """The sources whose servers sent Retry-After, by name; that time may have passed."""
        found = self._of_sources(select(SOURCES).where(SOURCES.c.wait_until.is_not(None)), source_state)
        return {state.name: state for state in found}

    def _of_sources(self, wanted: Select[Any], read: Callable[[Row[Any]], T]) -> list[T]:
        """What rows of sources say. Those that are damaged are mended first."""
        try:
            return list(map(read, self._rows(wanted)))
        except UNREADABLE:
            self.damage.mend()
            return list(map(read, self._rows(wanted)))

    def prefetch(self, names: Sequence[str]) -> dict[str, Prefetched]:
        """The states and pages with which checks of these sources begin, loaded together."""
        found = {name: Prefetched(SourceState(name), ()) for name in names}
        with self._database.reading() as connection:
            for row, pages in read_prefetched(connection, names, self._redactor):
                found[row.name] = Prefetched(source_state(row), pages)
        return found

    def write_unchanged(self, checks: Sequence[CheckTimes]) -> bool:
        """Write the times of unchanged checks, all in one transaction; returns whether it did.

        False, and nothing written, if the state of any source is not the one with which its check began.
        """
        rows = [{f"its_{name}": getattr(check, name) for name in _TIMES} for check in checks]
        pages = {check.name: check.pages for check in checks if check.pages is not None}
        ended = {check.name: check.ended for check in checks if check.ended}
        with self._database.writing(PASSING) as connection:
            if connection.execute(_UNCHANGED, rows).rowcount == len(rows):
                replace_pages(connection, _by_number(connection, pages), self._redactor)
                write_ended(connection, _by_number(connection, ended))
                return True
            connection.rollback()
        return False

    def adopt(self, name: str, was: Sequence[str]) -> str | None:
        """Let a source without a snapshot take over the state of the first former name that has one, with its events.

        Returns that name, or None if there is none.
        """
        with self._database.writing(*map(lock_of, (name, *was))) as connection:
            if read_source(connection, name).revision:
                return None
            former = next((other for other in was if read_source(connection, other).revision), None)
            if former is not None:
                connection.execute(delete(SOURCES).where(SOURCES.c.name == name))
                connection.execute(update(SOURCES).where(SOURCES.c.name == former).values(name=name))
                from state.db.tables.evidence import CAPTURES  # noqa: PLC0415 - a renamed source is rare
                from state.db.tables.past import PAST_CAPTURES, PAST_ENTRIES  # noqa: PLC0415 - as above
                from state.db.tables.seldom import CLEARINGS  # noqa: PLC0415 - as above

                for table in (PAST_CAPTURES, PAST_ENTRIES, PUSHED):  # what was read for the new name can be read again
                    connection.execute(delete(table).where(table.c.source == name))
                for table in (EVENTS, CAPTURES, CLEARINGS, PAST_CAPTURES, PAST_ENTRIES, PUSHED):
                    connection.execute(update(table).where(table.c.source == former).values(source=name))
            return former

    def forget(self, name: str) -> bool:
        """Delete the state, entries and pages of a source; returns whether it had any.

        Its events stay in the log; its pending deliveries become dead.
        """
        with self._database.writing(lock_of(name), OUTBOX) as connection:
            from state.storage.discussion import forget_snapshots  # noqa: PLC0415 - forgetting is rare

            mark_source_dead(connection, name, f"the source {name} was forgotten")
            forget_snapshots(connection, name)
            connection.execute(delete(PUSHED).where(PUSHED.c.source == name))
            return bool(connection.execute(delete(SOURCES).where(SOURCES.c.name == name)).rowcount)

    def known(self, name: str) -> Known:
        """The stored entries with which a snapshot of the source is compared."""
        with self._database.reading() as connection:
            return read_known(connection, self._database, _id(connection, name))

    def pages(self, name: str, held: bool = False, *, bodies: bool = True) -> list[StoredPage]:
        """The pages of the accepted snapshot, or with `held` of the suspicious one.

        Without `bodies` the bodies are empty, which is faster; such pages can still be committed again.
        """
        with self._database.reading() as connection:
            return read_pages(connection, _id(connection, name), self._redactor, held=held, bodies=bodies)


def _by_number(connection: Connection, by_name: Mapping[str, T]) -> dict[int, T]:
    """Key the mapping by the sources' numbers instead of their names."""
    return {number: by_name[name] for number, name in rows_in(connection, _NUMBERS, SOURCES.c.name, by_name)}


def _id(connection: Connection, name: str) -> int:
    """The number of a source, or 0 if it is new."""
    return int(directly(connection, _NUMBER, (name,)).scalar() or 0)
