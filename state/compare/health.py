"""A source's health after a check, and whether the operator hears of it. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from state.model import Health, Status

_PATIENCE_FAILURES = 3
_PATIENCE_TIME = timedelta(hours=6)


def succeeded(before: Health, now: datetime) -> tuple[Health, bool]:
    """After a check that was read and believed. The operator hears of it if he knew of the trouble."""
    since = before.since if before.status is Status.OK else now
    return Health(Status.OK, since=since), before.told


def failed(before: Health, now: datetime, reason: str, message: str, ever_read: bool) -> tuple[Health, bool]:
    """After a check that could not be read.

    The operator hears of it at once if the source has never been read (most likely a mistake in the
    configuration), else after the third failure in a row or 6 hours after the first, whichever comes first. If he
    knows the source as suspicious already, only the third failure in a row is worth another word.
    """
    since, told_as = _trouble(before, now)
    failures = before.failures + 1 if before.status is Status.FAILING else 1
    long_ago = not told_as and now - since >= _PATIENCE_TIME
    due = not ever_read or failures >= _PATIENCE_FAILURES or long_ago
    tell = due and Status.FAILING not in told_as
    told_as = (*told_as, Status.FAILING) if tell else told_as
    return Health(Status.FAILING, reason, message, since, failures, bool(told_as), told_as), tell


def suspected(before: Health, now: datetime, reason: str, message: str) -> tuple[Health, bool]:
    """After a check that was read and not believed. The operator hears of it at once, and once."""
    since, told_as = _trouble(before, now)
    tell = Status.SUSPICIOUS not in told_as
    told_as = (*told_as, Status.SUSPICIOUS) if tell else told_as
    return Health(Status.SUSPICIOUS, reason, message, since, 0, told=True, told_as=told_as), tell


def _trouble(before: Health, now: datetime) -> tuple[datetime, tuple[Status, ...]]:
    """When the trouble began, and as what the operator knows it; both are over when the source is well."""
    if before.status in {Status.FAILING, Status.SUSPICIOUS}:
        return before.since or now, before.told_as or ((before.status,) if before.told else ())
    return now, ()
