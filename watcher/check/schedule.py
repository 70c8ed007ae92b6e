"""When a source is next due. Pure: no clock, no state."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Protocol

LONGEST_BACKOFF = timedelta(
    minutes=15
)  # a register that is down is asked again at least this often, or at its own pace
SPREAD = timedelta(milliseconds=50)  # first checks start this far apart


class Known(Protocol):
    """The stored times of a source: when it is due, until when its server asked to wait, and when it was last tried."""

    @property
    def due(self) -> datetime | None: ...  # noqa: D102
    @property
    def wait_until(self) -> datetime | None: ...  # noqa: D102
    @property
    def tried(self) -> datetime | None: ...  # noqa: D102


def planned(known: Known | None, now: datetime, name: str, every: timedelta, sources: int) -> datetime:
    """When a source is due as a schedule of `sources` sources begins: its stored time, or its first time."""
    if known and known.due:
        return sane(known.due, now, every, known.wait_until, known.tried)
    return first_due(now, name, sources, every)


def next_due(
    now: datetime,
    every: timedelta,
    *,
    failures: int = 0,
    before: datetime | None = None,
    wait_until: datetime | None = None,
) -> datetime:
    """The time of the next check.

    `before` is when this check was due. The next one is due one interval after it, unless this check was late by an
    interval or the clock was moved; then it counts from `now`. Each further failure doubles the interval, up to
    LONGEST_BACKOFF (or `every`, if that is longer). `wait_until` is the server's Retry-After.
    """
    doubled: timedelta = every * 2 ** min(max(failures - 1, 0), 10)
    wait = min(doubled, max(every, LONGEST_BACKOFF))
    on_time = before is not None and timedelta() <= now - before < every
    due = (before if before is not None and on_time else now) + wait
    return max(due, wait_until) if wait_until else due


def first_due(now: datetime, name: str, sources: int, every: timedelta) -> datetime:
    """The time of a source's first check. First checks are spread by a hash of the name, over SPREAD for each source,
    at most over `every`.
    """
    share = int.from_bytes(blake2b(name.encode(), digest_size=4).digest()) / 2**32
    return now + min(SPREAD * sources, every) * share


def sane(
    due: datetime,
    now: datetime,
    every: timedelta,
    wait_until: datetime | None = None,
    tried: datetime | None = None,
) -> datetime:
    """A stored due time, or `now` if the clock was moved back: if the last check lies in the future, or the due time is
    further ahead than any schedule allows.
    """
    if tried and tried > now:
        return now
    latest = now + max(every, LONGEST_BACKOFF) + timedelta(seconds=1)
    return due if due <= max(latest, wait_until or latest) else now
