"""How workers on one database spare hosts together: the time between two requests, and how many are under way.

A host's row holds, for each worker, how many of its requests to the host are under way, and until when that counts: a
worker that dies is forgotten after HELD.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import text

from state.db.postgres import PostgreSQL

HELD = timedelta(seconds=6)  # that requests count without a sign of life of their worker
_SOONEST = 0.02  # seconds until a host is asked for again when another worker was faster by a hair
_BUSY = 0.1  # seconds until it is asked for again when others have as many requests under way as there may be

# One row a host, written by whoever asks: ON CONFLICT waits for others, and then judges the row as they left it.
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
    """A host that is to be asked: how many of our requests to it are under way, and how many more are to go."""

    name: str
    active: int
    more: int


class HostPace:
    """The hosts that one worker, by its name, asks. Raises StateError throughout."""

    def __init__(self, database: PostgreSQL, worker: str) -> None:
        self._database, self._worker = database, worker

    def ask(self, wanted: Sequence[Wanted], *, spacing: float, per_host: int) -> dict[str, float]:
        """Whether what is wanted of each host may go now: 0, and nobody else may go there for `spacing` seconds; or in
        how many seconds to ask again. Of all workers together at most `per_host` requests to a host are under way.
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
        """How many of our requests to these hosts are under way now; to be told again within HELD."""
        if active:
            with self._database.autocommit() as connection:
                connection.execute(_TELL, self._values(active))

    def _values(self, active: Mapping[str, int]) -> dict[str, object]:
        names: Iterable[str] = active.keys()
        return {"names": list(names), "active": list(active.values()), "worker": self._worker, "held": HELD}


def _wait(until_next: float) -> float:
    return max(_SOONEST, until_next) if until_next > 0 else _BUSY
