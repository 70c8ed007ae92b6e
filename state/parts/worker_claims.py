"""What workers on one database tell each other: who checks what, and who is there. How hosts are spared: host_pace.py.

A source is claimed for its due time. While the claim waits in a job, and then while a worker renews its lease, nobody
else claims it; it ends when the check moves the due time on, in the transaction that stores what was found. Times are
the server's, but for due times, which the checks set.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert

from state.db.postgres import PostgreSQL
from state.db.redaction import Redactor
from state.db.row_mapping import chunks, source_row
from state.db.tables import SOURCES
from state.errors import StateError
from state.model import SourceState
from state.parts.daemons import PREFIX
from state.parts.host_pace import HostPace

QUEUED = timedelta(minutes=5)  # that a claim holds while its job waits; jobs are not lost
HELD = timedelta(seconds=6)  # that it holds while a worker renews it

# Only statement_timestamp(), which stays the same throughout, is looked up in the index of due times.
CLAIM = text(
    """
    WITH due AS (
      SELECT id FROM sources
       WHERE watched AND due <= statement_timestamp() AND (lease IS NULL OR lease < clock_timestamp())
       ORDER BY due LIMIT greatest(0, :most - :batch * (
         SELECT count(*) FROM procrastinate_jobs WHERE task_name = :task AND status = 'todo'))
         FOR NO KEY UPDATE SKIP LOCKED),
    claimed AS (
      UPDATE sources SET lease = clock_timestamp() + :queued, holder = NULL
        FROM due WHERE sources.id = due.id RETURNING sources.name, sources.due),
    numbered AS (
      SELECT name, due, (row_number() OVER (ORDER BY due) - 1) / :batch AS number FROM claimed),
    batches AS (
      SELECT jsonb_object_agg(name, due) AS slots FROM numbered GROUP BY number)
    SELECT cardinality(procrastinate_defer_jobs_v1(array_agg(
             ROW(:queue, :task, 0, NULL, NULL, jsonb_build_object('slots', slots), NULL)::procrastinate_job_to_defer_v1
           ))) FROM batches
    """
)
_TAKE = text(
    """
    WITH wanted AS (SELECT * FROM unnest(CAST(:names AS text[]), CAST(:dues AS timestamptz[])) AS given (name, due)),
    free AS (
      SELECT sources.id FROM sources JOIN wanted ON sources.name = wanted.name AND sources.due = wanted.due
       WHERE watched AND (holder IS NULL OR lease < clock_timestamp())
         FOR NO KEY UPDATE OF sources SKIP LOCKED)
    UPDATE sources SET lease = clock_timestamp() + :held, holder = :holder
      FROM free WHERE sources.id = free.id RETURNING name, due
    """
)
_RENEW = text(
    """
    WITH mine AS (SELECT id FROM sources WHERE name = ANY(:names) AND holder = :holder FOR NO KEY UPDATE SKIP LOCKED)
    UPDATE sources SET lease = clock_timestamp() + :held FROM mine WHERE sources.id = mine.id
    """
)
_GIVE_BACK = text(
    """
    WITH mine AS (SELECT id FROM sources WHERE name = ANY(:names) AND holder = :holder FOR NO KEY UPDATE SKIP LOCKED)
    UPDATE sources SET lease = clock_timestamp() + :pause, holder = NULL FROM mine WHERE sources.id = mine.id
    """
)
_SEEN = text(
    """
    INSERT INTO workers (name, host, started, seen, state)
    VALUES (:name, :host, clock_timestamp(), clock_timestamp(), CAST(:state AS json))
    ON CONFLICT (name) DO UPDATE SET seen = clock_timestamp(), state = excluded.state
    """
)
_ROUND = text(
    """
    UPDATE leases SET renewed = clock_timestamp()
     WHERE name = 'heartbeat' AND renewed < clock_timestamp() - :between
       AND NOT EXISTS (SELECT FROM sources WHERE watched AND (tried IS NULL OR tried < leases.renewed))
    RETURNING name
    """
)
_ROUNDS_BEGIN = text(
    """
    INSERT INTO leases (name, holder, renewed, until) VALUES ('heartbeat', '', clock_timestamp(), clock_timestamp())
    ON CONFLICT DO NOTHING
    """
)
_BACKLOG = text(
    """
    SELECT count(*) AS due, coalesce(extract(epoch FROM max(clock_timestamp() - due)), 0) AS lag
      FROM sources WHERE watched AND due <= statement_timestamp()
    """
)
_OLD_HOSTS = text("DELETE FROM hosts WHERE next_at < clock_timestamp() - interval '1 day'")
_OLD_WORKERS = text("DELETE FROM workers WHERE seen < clock_timestamp() - interval '1 day'")


class Scheduled(NamedTuple):
    """When a source is due, and what that is judged by."""

    due: datetime | None
    tried: datetime | None
    wait_until: datetime | None
    watched: bool


class Backlog(NamedTuple):
    """How many sources are due and not yet checked, since when the first of them is (seconds), and how many jobs
    wait in the queue.
    """

    due: int
    lag: float
    jobs: int


class WorkerSeen(NamedTuple):
    """A worker as it was when it was last seen, `ago` seconds before now."""

    name: str
    host: str
    started: datetime
    ago: float
    state: Mapping[str, Any]


class Claims:
    """The claims of one worker, by the name `holder`. Raises StateError throughout."""

    def __init__(self, database: object, holder: str = "") -> None:
        if not isinstance(database, PostgreSQL):
            raise StateError('state: workers need a PostgreSQL server: state = "postgresql+psycopg://user@host/name"')
        self._database, self._holder = database, holder

    @property
    def database(self) -> PostgreSQL:
        """Where they are kept."""
        return self._database

    def scheduled(self) -> dict[str, Scheduled]:
        """All sources that were ever seen."""
        columns = [SOURCES.c[name] for name in Scheduled._fields]
        with self._database.reading() as connection:
            return {row.name: Scheduled(*row[1:]) for row in connection.execute(select(SOURCES.c.name, *columns))}

    def watch(self, dues: Mapping[str, datetime], known: Mapping[str, Scheduled]) -> None:
        """These sources, and no others, are checked from now on, next at these times; `known` is how they stood."""
        new = [name for name in dues if name not in known]
        moved = [name for name, due in dues.items() if name in known and known[name].due != due]
        watched = [name for name in dues if name in known and not known[name].watched]
        dropped = [name for name, row in known.items() if row.watched and name not in dues]
        if new or moved or watched or dropped:
            self._write_watched(dues, known, new, moved, watched, dropped)

    def _write_watched(
        self,
        dues: Mapping[str, datetime],
        known: Mapping[str, Scheduled],
        new: Iterable[str],
        moved: Iterable[str],
        watched: Collection[str],
        dropped: Collection[str],
    ) -> None:
        due = update(SOURCES).where(SOURCES.c.name == text(":row"), SOURCES.c.due.is_not_distinct_from(text(":was")))
        with self._database.writing() as connection:
            for names, flag in ((dropped, False), (watched, True)):
                for some in chunks(names):
                    connection.execute(update(SOURCES).where(SOURCES.c.name.in_(some)).values(watched=flag))
            for some in chunks(new):
                rows = [_new_row(name, dues[name]) for name in some]
                connection.execute(insert(SOURCES).on_conflict_do_nothing(), rows)
            for some in chunks(moved):
                connection.execute(due, [{"row": name, "was": known[name].due, "due": dues[name]} for name in some])

    def claim(self, queue: str, task: str, batch: int, most: int) -> int:
        """Claim what is due and have it checked: jobs of `batch` sources each are queued in the same statement, as
        long as no more than about `most` sources wait in the queue. Returns the number of jobs.
        """
        values = {"queue": queue, "task": task, "batch": batch, "most": most, "queued": QUEUED}
        with self._database.autocommit() as connection:
            return connection.scalar(CLAIM, values) or 0

    def take(self, slots: Mapping[str, datetime]) -> dict[str, datetime]:
        """Take sources over that were claimed for these due times; returns those that nobody else has in hand, and
        that were not checked meanwhile.
        """
        values = {"names": list(slots), "dues": list(slots.values()), "held": HELD, "holder": self._holder}
        with self._database.autocommit() as connection:
            return {row.name: row.due for row in connection.execute(_TAKE, values)}

    def renew(self, names: Collection[str]) -> None:
        """Keep what we have in hand."""
        with self._database.autocommit() as connection:
            connection.execute(_RENEW, {"names": list(names), "held": HELD, "holder": self._holder})

    def give_back(self, names: Collection[str], pause: timedelta = timedelta()) -> None:
        """Let others claim what we have in hand, after a pause."""
        if names:
            with self._database.autocommit() as connection:
                connection.execute(_GIVE_BACK, {"names": list(names), "pause": pause, "holder": self._holder})

    def pace(self) -> HostPace:
        """How hosts are spared by all workers together."""
        return HostPace(self._database, self._holder)

    def seen(self, host: str, state: str) -> None:
        """We are there, and fare like this (JSON)."""
        with self._database.autocommit() as connection:
            connection.execute(_SEEN, {"name": self._holder, "host": host, "state": state})

    def gone(self) -> None:
        """We are not there any more."""
        with self._database.autocommit() as connection:
            connection.execute(text("DELETE FROM workers WHERE name = :name"), {"name": self._holder})

    def tidy(self) -> None:
        """Forget hosts and workers that were not seen for a day."""
        with self._database.autocommit() as connection:
            connection.execute(_OLD_HOSTS)
            connection.execute(_OLD_WORKERS)

    def round_done(self, between: timedelta) -> bool:
        """Whether every watched source was checked since this was so last, at least `between` ago. One worker hears
        it, the first that asks.
        """
        with self._database.autocommit() as connection:
            if connection.execute(_ROUNDS_BEGIN).rowcount:
                return False
            return connection.execute(_ROUND, {"between": between}).first() is not None

    def backlog(self, task: str) -> Backlog:
        """What waits to be checked."""
        with self._database.reading() as connection:
            row = connection.execute(_BACKLOG).one()
            jobs = 0
            if connection.scalar(text("SELECT to_regclass('procrastinate_jobs')")):
                waiting = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :task AND status = 'todo'")
                jobs = connection.scalar(waiting, {"task": task}) or 0
            return Backlog(row.due, float(row.lag), jobs)

    def workers(self) -> list[WorkerSeen]:
        """Those that were seen within a day, by name."""
        ago = "extract(epoch FROM clock_timestamp() - seen) AS ago"
        workers = f"FROM workers WHERE name NOT LIKE '{PREFIX}%' ORDER BY name"
        wanted = text(f"SELECT name, host, started, {ago}, state {workers}")
        with self._database.reading() as connection:
            rows = connection.execute(wanted)
            return [WorkerSeen(row.name, row.host, row.started, float(row.ago), row.state) for row in rows]


def _new_row(name: str, due: datetime) -> dict[str, Any]:
    """A source that was never seen."""
    return source_row(SourceState(name, due=due), Redactor(str, str)) | {"watched": True}
