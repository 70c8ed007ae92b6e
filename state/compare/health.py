"""A source's health after a check, and whether to alert the operator. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from state.compare.changes import changes_of_known
from state.model import DAMAGED, ChangeKind, Difference, Habits, Health, Status

_PATIENCE_FAILURES = 3
_PATIENCE_TIME = timedelta(hours=6)
_MOST_AT_ONCE = 5  # suspicious snapshots of one trouble that are each alerted at once
_MOST_REMEMBERED = 20


def note_success(before: Health, now: datetime) -> tuple[Health, bool]:
    """The health after a believed snapshot, and whether to alert: if the incident was alerted."""
    since = before.since if before.status is Status.OK else now
    return Health(Status.OK, since=since), before.told


def note_failure(before: Health, now: datetime, reason: str, message: str, ever_read: bool) -> tuple[Health, bool]:
    """The health after a failed check, and whether to alert.

    The alert is due at once if the source has never been read (most likely a mistake in the configuration), or if what
    is stored of it is damaged, else after the third failure in a row or 6 hours after the first, whichever is first. If
    the source was alerted as suspicious in the same incident, only the third failure in a row counts.
    """
    since, told_as = _trouble(before, now)
    alerted, alerted_at = (before.alerted_snapshots, before.alerted_at) if told_as else ((), None)
    failures = before.failures + 1 if before.status is Status.FAILING else 1
    long_ago = not told_as and now - since >= _PATIENCE_TIME
    due = not ever_read or failures >= _PATIENCE_FAILURES or long_ago or reason == DAMAGED
    tell = due and Status.FAILING not in told_as
    told_as = (*told_as, Status.FAILING) if tell else told_as
    told = bool(told_as)
    return Health(Status.FAILING, reason, message, since, failures, told, told_as, alerted, alerted_at), tell


def note_suspicion(
    before: Health, now: datetime, reason: str, message: str, snapshot: str | None = None
) -> tuple[Health, bool]:
    """After a check that was read and not believed. The operator hears of it at once, and again when another snapshot
    is held than any that he was alerted about, or for another reason.

    `snapshot` is the id of the one that is held, None where it is the same page as before. A site that shows something
    else at each check is not worth an alert each time: of the first few each, then one in some hours.
    """
    since, told_as = _trouble(before, now)
    alerted, alerted_at = (before.alerted_snapshots, before.alerted_at) if told_as else ((), None)
    first = Status.SUSPICIOUS not in told_as
    another = snapshot is not None and f"{reason}:{snapshot}" not in alerted
    known_reason = any(each.partition(":")[0] == reason for each in alerted)
    lately = alerted_at is not None and now - alerted_at < _PATIENCE_TIME
    often = known_reason and lately and len(alerted) >= _MOST_AT_ONCE
    tell = first or (another and not often)
    told_as = (*told_as, Status.SUSPICIOUS) if first else told_as
    if tell:
        alerted, alerted_at = (*alerted, f"{reason}:{snapshot}")[-_MOST_REMEMBERED:], now
    return Health(Status.SUSPICIOUS, reason, message, since, 0, True, told_as, alerted, alerted_at), tell


def _trouble(before: Health, now: datetime) -> tuple[datetime, tuple[Status, ...]]:
    """When the incident began, and the statuses alerted since then; both start anew after a recovery."""
    if before.status in {Status.FAILING, Status.SUSPICIOUS}:
        return before.since or now, before.told_as or ((before.status,) if before.told else ())
    return now, ()


RESTLESS_CHECKS = 5  # consecutive checks that changed the same field: noise, not news


def note_rest(before: Habits) -> Habits:
    """The habits after a check without changes: no field is restless."""
    return replace(before, restless=0, restless_fields=(), restless_told=False)


def note_changes(before: Habits, difference: Difference, now: datetime) -> tuple[Habits, bool]:
    """The habits after a check with changes, and whether to alert about restless fields (once, until they rest).

    Only `changed` entries count: a list with new entries at every check is merely busy.
    """
    habits, known = before, changes_of_known(difference.changes)
    came = len(difference.changes) > len(known)
    if came or any(change.kind is ChangeKind.REAPPEARED for change in known):
        habits = replace(habits, newest=now, quiet_told=False)
    fields = {name for change in known if change.kind is ChangeKind.CHANGED for name in change.fields}
    same = fields & set(habits.restless_fields) if habits.restless else fields
    if not same:
        count, names = int(bool(fields)), tuple(sorted(fields))
        return replace(habits, restless=count, restless_fields=names, restless_told=False), False
    habits = replace(habits, restless=habits.restless + 1, restless_fields=tuple(sorted(same)))
    tell = habits.restless >= RESTLESS_CHECKS and not habits.restless_told
    return replace(habits, restless_told=habits.restless_told or tell), tell


def note_quiet(before: Habits, max_quiet: timedelta | None, now: datetime) -> tuple[Habits, bool]:
    """The habits, and whether to alert that nothing new came for `max_quiet` (once, until something does)."""
    late = max_quiet is not None and before.newest is not None and now - before.newest > max_quiet
    return replace(before, quiet_told=before.quiet_told or late), late and not before.quiet_told
