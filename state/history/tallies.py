"""How many checks a source had on each day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection, select

from state.db.tables.history import TALLIES
from state.model import DayTally, day_tally


def read_days(connection: Connection, source_id: int, today: int, first: date, last: date) -> list[DayTally]:
    """The days of a source from `first` to `last`, in order. `today` is the tally of its last day."""
    months = (f"{first:%Y-%m}", f"{last:%Y-%m}")
    mine = (TALLIES.c.source_id == source_id, TALLIES.c.month >= months[0], TALLIES.c.month <= months[1])
    counts: dict[date, tuple[int, int]] = {}
    found = [each for row in connection.execute(select(TALLIES).where(*mine)) for each in _days(row.month, row.days)]
    for day, read, failed in [*found, *([day_tally(today)] if today else ())]:
        if first <= day <= last:  # a clock that was moved back makes a day end twice
            before = counts.get(day, (0, 0))
            counts[day] = before[0] + read, before[1] + failed
    return [DayTally(day, *counts[day]) for day in sorted(counts)]


def _days(month: str, days: str) -> Iterator[DayTally]:
    year, number = map(int, month.split("-"))
    for each in filter(None, days.split(";")):
        day, read, failed = map(int, each.split())
        yield DayTally(date(year, number, day), read, failed)
