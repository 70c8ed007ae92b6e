"""Rate limits per host, shared by workers on one database: the spacing of requests, and the number in progress.

A host's row has for each worker its number of requests in progress, and until when that number is valid: a dead
worker's requests expire after HELD.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import text

from state.db.postgres import PostgreSQL

HELD = timedelta(seconds=6)  # how long a worker's requests count without a renewal
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
        return {row.name: 0.0 if row.granted else _wait(float(row.wait or 0)) for row in rows}

    def tell(self, active: Mapping[str, int]) -> None:
        """Renew the number of this worker's requests in progress, per host; to be repeated within HELD."""
        if active:
            with self._database.autocommit() as connection:
                connection.execute(_TELL, self._values(active))

    def _values(self, active: Mapping[str, int]) -> dict[str, object]:
        names: Iterable[str] = active.keys()
        return {"names": list(names), "active": list(active.values()), "worker": self._worker, "held": HELD}


def _wait(until_next: float) -> float:
    return max(_SOONEST, until_next) if until_next > 0 else _BUSY
