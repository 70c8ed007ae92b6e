"""Whether a time without a reading of a source ends with a check. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from state.model import Health, SourceState, Status, Unread, WhyUnread
from watcher.check.schedule import Timing

_SLACK = timedelta(minutes=5)  # waits for a busy host, a restart
_WHY = {Status.FAILING: WhyUnread.FAILING, Status.SUSPICIOUS: WhyUnread.SUSPICIOUS}


def longest_rest(timing: Timing, since: datetime | None, now: datetime) -> timedelta:
    """The longest time between two checks that counts as checked: twice the interval, some minutes, and how long the
    source has rested by its calendar since a check.
    """
    return 2 * timing.longest + _SLACK + (timing.rested(since, now) if since else timedelta())


def is_overdue(state: SourceState, timing: Timing, now: datetime) -> bool:
    """Whether a source was not checked for longer than that."""
    return state.checked is not None and now - state.checked > longest_rest(timing, state.checked, now)


def unread(state: SourceState, health: Health, timing: Timing, until: datetime) -> Unread | None:
    """The time without a reading that ends with a check, None if none does. `state` is what it began with, `health`
    what it leads to, `until` when it began.
    """
    why = _WHY.get(state.health.status)
    if why and health.status is not state.health.status:
        return Unread(why, state.health.reason or "", until)
    if not why and health.status is Status.OK and is_overdue(state, timing, until):
        return Unread(WhyUnread.NOT_CHECKED, "", until, longest_rest(timing, state.checked, until))
    return None
