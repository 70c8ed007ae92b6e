"""How many checks a source had on each day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, select

from state.db.tables.history import TALLIES
from state.model import day_tally


class DayChecks(NamedTuple):
    """The checks of one day (UTC): how many could read the source, and how many could not, or were not believed."""

    day: date
    read: int
    failed: int


def read_days(connection: Connection, source_id: int, today: int, first: date, last: date) -> list[DayChecks]:
    """The days of a source from `first` to `last`, in order. `today` is the tally of its last day."""
    months = (f"{first:%Y-%m}", f"{last:%Y-%m}")
    mine = (TALLIES.c.source_id == source_id, TALLIES.c.month >= months[0], TALLIES.c.month <= months[1])
    counts: dict[date, tuple[int, int]] = {}
    found = [each for row in connection.execute(select(TALLIES).where(*mine)) for each in _days(row.month, row.days)]
    for day, read, failed in [*found, *_today(today)]:
        if first <= day <= last:  # a clock that was moved back makes a day end twice
            before = counts.get(day, (0, 0))
            counts[day] = before[0] + read, before[1] + failed
    return [DayChecks(day, *counts[day]) for day in sorted(counts)]


def _days(month: str, days: str) -> Iterator[DayChecks]:
    year, number = map(int, month.split("-"))
    for each in filter(None, days.split(";")):
        day, read, failed = map(int, each.split())
        yield DayChecks(date(year, number, day), read, failed)


def _today(tally: int) -> Iterator[DayChecks]:
    if tally:
        day, read, failed = day_tally(tally)
        yield DayChecks(date.fromordinal(day), read, failed)
