"""Detects unusual behaviour of a source: quiet for too long, or fields that change at every check (restless). Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from state.compare.many_changes import others
from state.model import ChangeKind, Difference, Habits

RESTLESS_CHECKS = 5  # consecutive checks that changed the same field: noise, not news


def rested(before: Habits) -> Habits:
    """The habits after a check without changes: no field is restless."""
    return replace(before, restless=0, restless_fields=(), restless_told=False)


def stirred(before: Habits, difference: Difference, now: datetime) -> tuple[Habits, bool]:
    """The habits after a check with changes, and whether to alert about restless fields (once, until they rest).

    Only `changed` entries count: a list with new entries at every check is merely busy.
    """
    habits, known = before, others(difference.changes)
    came = len(difference.changes) > len(known)
    if came or any(change.kind is ChangeKind.REAPPEARED for change in known):
        habits = replace(habits, newest=now, quiet_told=False)
    fields = {name for change in known if change.kind is ChangeKind.CHANGED for name in change.fields}
    same = fields & set(habits.restless_fields) if habits.restless else fields
    if not same:
        habits = replace(
            habits, restless=1 if fields else 0, restless_fields=tuple(sorted(fields)), restless_told=False
        )
        return habits, False
    habits = replace(habits, restless=habits.restless + 1, restless_fields=tuple(sorted(same)))
    tell = habits.restless >= RESTLESS_CHECKS and not habits.restless_told
    return replace(habits, restless_told=habits.restless_told or tell), tell


def quiet(before: Habits, max_quiet: timedelta | None, now: datetime) -> tuple[Habits, bool]:
    """The habits, and whether to alert that nothing new came for `max_quiet` (once, until something does)."""
    late = max_quiet is not None and before.newest is not None and now - before.newest > max_quiet
    return replace(before, quiet_told=before.quiet_told or late), late and not before.quiet_told
