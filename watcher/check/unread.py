"""Whether a time without a reading of a source ends with a check. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from state.model import Health, SourceState, Status, Unread, WhyUnread

_SLACK = timedelta(minutes=5)  # waits for a busy host, a restart
_WHY = {Status.FAILING: WhyUnread.FAILING, Status.SUSPICIOUS: WhyUnread.SUSPICIOUS}


def longest_rest(every: timedelta) -> timedelta:
    """The longest time between two checks that counts as checked: twice the interval, and some minutes."""
    return 2 * every + _SLACK


def is_overdue(state: SourceState, every: timedelta, now: datetime) -> bool:
    """Whether a source was not checked for longer than that."""
    return state.checked is not None and now - state.checked > longest_rest(every)


def unread(state: SourceState, health: Health, every: timedelta, until: datetime) -> Unread | None:
    """The time without a reading that ends with a check, None if none does. `state` is what it began with, `health`
    what it leads to, `until` when it began.
    """
    why = _WHY.get(state.health.status)
    if why and health.status is not state.health.status:
        return Unread(why, state.health.reason or "", until)
    if not why and health.status is Status.OK and is_overdue(state, every, until):
        return Unread(WhyUnread.NOT_CHECKED, "", until, longest_rest(every))
    return None
