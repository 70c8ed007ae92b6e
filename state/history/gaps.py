"""Times of a source that cannot be answered for, or only with a reserve."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from state.db.tables.history import UNDOS, UNREAD
from state.history.recording import CHECK
from state.model import SourceState, Status, WhyUnread

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


def unread_gaps(connection: Connection, source_id: int, since: datetime, until: datetime) -> list[Gap]:
    """The times without a reading that have ended and overlap a period; the earliest first."""
    mine = (UNREAD.c.source_id == source_id, UNREAD.c.since < until, UNREAD.c.until > since)
    found = connection.execute(select(UNREAD).where(*mine).order_by(UNREAD.c.id))
    return [Gap(row.since, row.until, row.why, row.reason) for row in found]


def open_gap(connection: Connection, source_id: int, state: SourceState, now: datetime, rest: Rest) -> Gap | None:
    """The time without a reading that has not ended: it began with the last check that could read, or at the end of the
    last such time.
    """
    if state.checked is None:
        return None
    last = connection.scalar(select(func.max(UNREAD.c.until)).where(UNREAD.c.source_id == source_id))
    since = max(state.checked, last or state.checked)
    if state.health.status in {Status.FAILING, Status.SUSPICIOUS}:
        return Gap(since, None, state.health.status.value, state.health.reason or "")
    if rest is None or now - since > rest:
        return Gap(since, None, WhyUnread.NOT_CHECKED.value)
    return None


def other_readings(connection: Connection, source_id: int, since: datetime, until: datetime) -> list[Gap]:
    """From when on the source was read otherwise, within a period."""
    mine = (UNDOS.c.source_id == source_id, UNDOS.c.kind != CHECK, UNDOS.c.at > since, UNDOS.c.at <= until)
    found = connection.execute(select(UNDOS.c.at, UNDOS.c.kind).where(*mine).distinct())
    return [Gap(row.at, None, row.kind) for row in found]
