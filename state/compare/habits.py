"""How a source usually behaves, and what of it deserves a word: silence, and fields that never rest. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from state.compare.many_changes import others
from state.model import ChangeKind, Difference, Habits

RESTLESS_CHECKS = 5  # checks in a row that changed the same field: it is noise, not news


def rested(before: Habits) -> Habits:
    """After a check that changed nothing: no field is restless."""
    return replace(before, restless=0, restless_fields=(), restless_told=False)


def stirred(before: Habits, difference: Difference, now: datetime) -> tuple[Habits, bool]:
    """After a check with changes; and whether to say that some fields change every time (once, until they rest).

    Only entries that `changed` make noise: a list that has something new at every check is a busy list.
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
    """Whether to say that nothing new has come for too long: once, until something does."""
    late = max_quiet is not None and before.newest is not None and now - before.newest > max_quiet
    return replace(before, quiet_told=before.quiet_told or late), late and not before.quiet_told
