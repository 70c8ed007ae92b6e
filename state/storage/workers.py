"""Workers on one database: which of them checks which source, and the rate limits per host that they share.

A source is claimed for its due time. A claim is valid while its worker renews it; it ends when the check changes the
due time, in the transaction that stores the result. All times are the server's, except
due times, which checks set.

A source that is paused (state/storage/objects.py) is passed over, unless somebody asks for a check of it.

A host's row has for each worker its number of requests in progress, and until when that number is valid: a dead
worker's requests expire after HELD.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import TextClause, select, text, update
from sqlalchemy.dialects.postgresql import insert

from state.db.postgres import PostgreSQL
from state.db.redaction import Redactor
from state.db.repository import chunks
from state.db.rows import source_row
from state.db.tables.core import SOURCES
from state.errors import StateError
from state.model import SourceState
from state.storage.daemons import PREFIX

HELD = timedelta(seconds=6)  # validity of a claim, and of requests in progress, after a worker's renewal

_PAUSED = """EXISTS (
         SELECT FROM config_revisions AS pauses
          WHERE object = 'pause' AND pauses.name = sources.name AND is_current AND document IS NOT NULL
            AND CAST(coalesce(CAST(document AS json)->>'until', 'infinity') AS timestamptz) > statement_timestamp())"""

# statement_timestamp() is constant in a statement, so the index on due times can be used.
CLAIM = text(
    f"""
    WITH due AS (
      SELECT id, name FROM sources
       WHERE watched AND due <= statement_timestamp() AND (lease IS NULL OR lease < clock_timestamp())
         AND (NOT {_PAUSED} OR EXISTS (SELECT FROM check_requests WHERE source = sources.name))
       ORDER BY due LIMIT :most FOR NO KEY UPDATE SKIP LOCKED),
    asked AS (DELETE FROM check_requests USING due WHERE source = due.name)
    UPDATE sources SET lease = clock_timestamp() + :held, holder = :holder
      FROM due WHERE sources.id = due.id RETURNING sources.name, sources.due
    """  # noqa: S608 - a constant
)
_LEASE = text(
    """
    WITH mine AS (SELECT id FROM sources WHERE name = ANY(:names) AND holder = :holder FOR NO KEY UPDATE SKIP LOCKED)
    UPDATE sources SET lease = clock_timestamp() + :span, holder = CASE WHEN :keep THEN holder END
      FROM mine WHERE sources.id = mine.id
    """
)
_SEEN = text(
    """
    INSERT INTO workers (name, host, started, seen, state)
    VALUES (:holder, :host, clock_timestamp(), clock_timestamp(), CAST(:state AS json))
    ON CONFLICT (name) DO UPDATE SET seen = clock_timestamp(), state = excluded.state
    """
)
_GONE = text("DELETE FROM workers WHERE name = :holder")
_ROUND = text(
    f"""
    UPDATE leases SET renewed = clock_timestamp()
     WHERE name = 'heartbeat' AND renewed < clock_timestamp() - :between
       AND NOT EXISTS (
         SELECT FROM sources
          WHERE watched AND (tried IS NULL OR tried < leases.renewed) AND name <> ALL(CAST(:resting AS text[]))
            AND NOT {_PAUSED})
    RETURNING name
    """  # noqa: S608 - a constant
)
_ROUNDS_BEGIN = text(
    """
    INSERT INTO leases (name, holder, renewed, until) VALUES ('heartbeat', '', clock_timestamp(), clock_timestamp())
    ON CONFLICT DO NOTHING
    """
)
_BACKLOG = text(
    f"""
    SELECT count(*) AS due, coalesce(extract(epoch FROM max(clock_timestamp() - due)), 0) AS lag,
           count(*) FILTER (WHERE lease IS NULL OR lease < clock_timestamp()) AS jobs
      FROM sources WHERE watched AND due <= statement_timestamp() AND NOT {_PAUSED}
    """  # noqa: S608 - a constant
)
_REQUESTED = text(
    """
    WITH free AS (
      SELECT sources.id FROM sources JOIN check_requests ON source = name
       WHERE watched AND due > clock_timestamp() AND (lease IS NULL OR lease < clock_timestamp())
         FOR NO KEY UPDATE OF sources SKIP LOCKED)
    UPDATE sources SET due = clock_timestamp() FROM free WHERE sources.id = free.id
    """
)
_ASKED = "SELECT 1 FROM check_requests LIMIT 1"
_OLD_REQUESTS = text("DELETE FROM check_requests WHERE at < clock_timestamp() - interval '1 hour'")
_OLD_HOSTS = text("DELETE FROM hosts WHERE next_at < clock_timestamp() - interval '1 day'")
_OLD_WORKERS = text("DELETE FROM workers WHERE seen < clock_timestamp() - interval '1 day'")


class Scheduled(NamedTuple):
    """When a source is due, and the data that determine it."""

    due: datetime | None
    tried: datetime | None
    wait_until: datetime | None
    watched: bool


class Backlog(NamedTuple):
    """The backlog: the number of sources that are due, for how many seconds the first of them has been, and the number
    of those that no worker has claimed.
    """

    due: int
    lag: float
    jobs: int


class WorkerSeen(NamedTuple):
    """A worker, and its status when last seen, `ago` seconds before now."""

    name: str
    host: str
    started: datetime
    ago: float
    state: Mapping[str, Any]


class Claims:
    """The claims of one worker, named `holder`. Every method may raise StateError."""

    def __init__(self, database: object, holder: str = "") -> None:
        if not isinstance(database, PostgreSQL):
            raise StateError('state: workers need a PostgreSQL server: state = "postgresql+psycopg://user@host/name"')
        self._database, self._holder = database, holder

    def read_schedule(self) -> dict[str, Scheduled]:
        """The schedule of all known sources."""
        columns = [SOURCES.c[name] for name in Scheduled._fields]
        with self._database.reading() as connection:
            return {row.name: Scheduled(*row[1:]) for row in connection.execute(select(SOURCES.c.name, *columns))}

    def watch(self, dues: Mapping[str, datetime], known: Mapping[str, Scheduled]) -> None:
        """Schedule exactly these sources, at these times; `known` is their current schedule."""
        new = [name for name in dues if name not in known]
        moved = [name for name, due in dues.items() if name in known and known[name].due != due]
        watched = [name for name in dues if name in known and not known[name].watched]
        dropped = [name for name, row in known.items() if row.watched and name not in dues]
        if not (new or moved or watched or dropped):
            return
        at = SOURCES.c.name == text(":row"), SOURCES.c.due.is_not_distinct_from(text(":was"))
        with self._database.writing() as connection:
            for names, flag in ((dropped, False), (watched, True)):
                for some in chunks(names):
                    connection.execute(update(SOURCES).where(SOURCES.c.name.in_(some)).values(watched=flag))
            if new:
                no_secrets = Redactor(str, str)
                rows = [source_row(SourceState(name, due=dues[name]), no_secrets) | {"watched": True} for name in new]
                connection.execute(insert(SOURCES).on_conflict_do_nothing(), rows)
            if moved:
                rows = [{"row": name, "was": known[name].due, "due": dues[name]} for name in moved]
                connection.execute(update(SOURCES).where(*at), rows)

    def claim(self, most: int) -> dict[str, datetime]:
        """Claim at most so many sources that are due and that nobody has claimed, the longest due first, with the due
        times that they are claimed for. Checks of them that people ask for are done with it.
        """
        values = {"most": most, "held": HELD, "holder": self._holder}
        with self._database.autocommit() as connection:
            return {row.name: row.due for row in connection.execute(CLAIM, values)}

    def renew(self, names: Collection[str]) -> None:
        """Renew the claims of this worker."""
        self._write(_LEASE, names=list(names), span=HELD, keep=True)

    def give_back(self, names: Collection[str], pause: timedelta = timedelta()) -> None:
        """Release claims of this worker, so that others can claim the sources after a pause."""
        if names:
            self._write(_LEASE, names=list(names), span=pause, keep=False)

    def pace(self) -> HostPace:
        """The rate limits of hosts, shared by all workers."""
        return HostPace(self._database, self._holder)

    def note(self, host: str, state: str) -> None:
        """Record this worker's status (JSON)."""
        self._write(_SEEN, host=host, state=state)

    def gone(self) -> None:
        """Delete this worker, which ends."""
        self._write(_GONE)

    def take_requests(self) -> None:
        """Make sources due for which somebody has asked a check, but for those that are being checked."""
        with self._database.autocommit() as connection:
            if connection.exec_driver_sql(_ASKED).first():
                connection.execute(_REQUESTED)

    def tidy(self) -> None:
        """Delete hosts and workers not seen for a day, and requests that nobody took."""
        with self._database.autocommit() as connection:
            connection.execute(_OLD_REQUESTS)
            connection.execute(_OLD_HOSTS)
            connection.execute(_OLD_WORKERS)

    def _write(self, statement: TextClause, **values: object) -> None:
        with self._database.autocommit() as connection:
            connection.execute(statement, values | {"holder": self._holder})

    def round_done(self, between: timedelta, resting: Collection[str] = ()) -> bool:
        """Whether every scheduled source but the `resting` ones was checked since this last returned true, at least
        `between` ago. It returns true for only one worker, the first that asks.
        """
        with self._database.autocommit() as connection:
            if connection.execute(_ROUNDS_BEGIN).rowcount:
                return False
            return connection.execute(_ROUND, {"between": between, "resting": list(resting)}).first() is not None

    def backlog(self) -> Backlog:
        """The backlog of checks."""
        with self._database.reading() as connection:
            row = connection.execute(_BACKLOG).one()
            return Backlog(row.due, float(row.lag), row.jobs)

    def workers(self) -> list[WorkerSeen]:
        """The workers seen within a day, by name."""
        ago = "extract(epoch FROM clock_timestamp() - seen) AS ago"
        workers = f"FROM workers WHERE name NOT LIKE '{PREFIX}%' ORDER BY name"
        wanted = text(f"SELECT name, host, started, {ago}, state {workers}")
        with self._database.reading() as connection:
            rows = connection.execute(wanted)
            return [WorkerSeen(row.name, row.host, row.started, float(row.ago), row.state) for row in rows]


_SOONEST = 0.02  # seconds until the next attempt when another worker was slightly faster
_BUSY = 0.1  # seconds until the next attempt when a host has its maximum of requests in progress

# One upsert per host: ON CONFLICT waits for concurrent ones, and then tests the row as they left it.
_ASK = text(
    """
    WITH wanted AS (
      SELECT * FROM unnest(CAST(:names AS text[]), CAST(:active AS int[]), CAST(:more AS int[]))
        AS given (name, active, more)),
    ours AS (
      INSERT INTO hosts (name, next_at, busy)
      SELECT name, clock_timestamp() + :spacing,
             json_build_object(CAST(:worker AS text), json_build_array(
               active + more, extract(epoch FROM clock_timestamp() + :held)))
        FROM wanted ORDER BY name
      ON CONFLICT (name) DO UPDATE SET next_at = excluded.next_at, busy = CAST((
          SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(CAST(hosts.busy AS jsonb))
           WHERE CAST(value->>1 AS float8) > extract(epoch FROM clock_timestamp())
        ) || CAST(excluded.busy AS jsonb) AS json)
       WHERE hosts.next_at <= clock_timestamp()
         AND CAST(excluded.busy->CAST(:worker AS text)->>0 AS int) + (
           SELECT coalesce(sum(CAST(value->>0 AS int)), 0) FROM jsonb_each(CAST(hosts.busy AS jsonb))
            WHERE key <> CAST(:worker AS text)
              AND CAST(value->>1 AS float8) > extract(epoch FROM clock_timestamp())) <= CAST(:per_host AS int)
      RETURNING name)
    SELECT wanted.name, ours.name IS NOT NULL AS granted,
           extract(epoch FROM hosts.next_at - clock_timestamp()) AS wait
      FROM wanted LEFT JOIN ours ON ours.name = wanted.name LEFT JOIN hosts ON hosts.name = wanted.name
    """
)
_TELL = text(
    """
    WITH told AS (SELECT * FROM unnest(CAST(:names AS text[]), CAST(:active AS int[])) AS given (name, active)),
    locked AS (SELECT hosts.name FROM hosts JOIN told ON told.name = hosts.name ORDER BY hosts.name FOR UPDATE OF hosts)
    UPDATE hosts SET busy = CAST(CASE WHEN told.active = 0 THEN CAST(hosts.busy AS jsonb) - CAST(:worker AS text)
      ELSE CAST(hosts.busy AS jsonb) || jsonb_build_object(CAST(:worker AS text), jsonb_build_array(
             told.active, extract(epoch FROM clock_timestamp() + :held))) END AS json)
      FROM told JOIN locked ON locked.name = told.name WHERE hosts.name = told.name
    """
)


class Wanted(NamedTuple):
    """A host with waiting requests: the number of this worker's requests in progress, and of those that wait."""

    name: str
    active: int
    more: int


class HostPace:
    """Rate limits of the hosts that one worker requests from. Every method may raise StateError."""

    def __init__(self, database: PostgreSQL, worker: str) -> None:
        self._database, self._worker = database, worker

    def ask(self, wanted: Sequence[Wanted], *, spacing: float, per_host: int) -> dict[str, float]:
        """Ask to send the waiting requests of each host: 0 if granted, which reserves the host for `spacing` seconds,
        else the seconds until the next attempt. All workers together have at most `per_host` requests to a host in
        progress.
        """
        values = self._values({each.name: each.active for each in wanted}) | {
            "more": [each.more for each in wanted],
            "spacing": timedelta(seconds=spacing),
            "per_host": per_host,
        }
        with self._database.autocommit() as connection:
            rows = connection.execute(_ASK, values).all()
        waits = {row.name: float(row.wait or 0) for row in rows if not row.granted}
        later = {name: max(_SOONEST, wait) if wait > 0 else _BUSY for name, wait in waits.items()}
        return {row.name: later.get(row.name, 0.0) for row in rows}

    def tell(self, active: Mapping[str, int]) -> None:
        """Renew the number of this worker's requests in progress, per host; to be repeated within HELD."""
        if active:
            with self._database.autocommit() as connection:
                connection.execute(_TELL, self._values(active))

    def _values(self, active: Mapping[str, int]) -> dict[str, object]:
        names: Iterable[str] = active.keys()
        return {"names": list(names), "active": list(active.values()), "worker": self._worker, "held": HELD}
