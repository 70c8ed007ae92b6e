"""A source's health after a check, and whether to alert the operator. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from state.model import Health, Status

_PATIENCE_FAILURES = 3
_PATIENCE_TIME = timedelta(hours=6)


def succeeded(before: Health, now: datetime) -> tuple[Health, bool]:
    """The health after a believed snapshot, and whether to alert: if the incident was alerted."""
    since = before.since if before.status is Status.OK else now
    return Health(Status.OK, since=since), before.told


def failed(before: Health, now: datetime, reason: str, message: str, ever_read: bool) -> tuple[Health, bool]:
    """The health after a failed check, and whether to alert.

    The alert is due at once if the source has never been read (most likely a mistake in the configuration), else after
    the third failure in a row or 6 hours after the first, whichever is first. If the source was alerted as suspicious
    in the same incident, only the third failure in a row counts.
    """
    since, told_as = _trouble(before, now)
    failures = before.failures + 1 if before.status is Status.FAILING else 1
    long_ago = not told_as and now - since >= _PATIENCE_TIME
    due = not ever_read or failures >= _PATIENCE_FAILURES or long_ago
    tell = due and Status.FAILING not in told_as
    told_as = (*told_as, Status.FAILING) if tell else told_as
    return Health(Status.FAILING, reason, message, since, failures, bool(told_as), told_as), tell


def suspected(before: Health, now: datetime, reason: str, message: str) -> tuple[Health, bool]:
    """The health after a snapshot that was not believed, and whether to alert: at once, and once per incident."""
    since, told_as = _trouble(before, now)
    tell = Status.SUSPICIOUS not in told_as
    told_as = (*told_as, Status.SUSPICIOUS) if tell else told_as
    return Health(Status.SUSPICIOUS, reason, message, since, 0, told=True, told_as=told_as), tell


def _trouble(before: Health, now: datetime) -> tuple[datetime, tuple[Status, ...]]:
    """When the incident began, and the statuses alerted since then; both start anew after a recovery."""
    if before.status in {Status.FAILING, Status.SUSPICIOUS}:
        return before.since or now, before.told_as or ((before.status,) if before.told else ())
    return now, ()
