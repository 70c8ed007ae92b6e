"""When a source is next due, by the configuration or as it is paced, and why then; and whether a time without a reading
of it ends with a check. Pure: no clock, no state.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from math import exp, floor
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from sources import Source
from sources.formats.feed_head import Hint
from sources.hours import Calendar
from state.model import Health, Rhythm, SourceState, Status, Unread, WhyUnread
from watcher.schedule.budget import Terms
from watcher.schedule.week import DAY, Curve, age_of, next_check, pieces, place_of

if TYPE_CHECKING:
    from state.storage.workers import Scheduled

LONGEST_BACKOFF = timedelta(minutes=15)  # what is down is asked again at least this often, or at its own pace
_NEVER = timedelta(days=366)  # until the next check by a calendar that has no time left, or of what is pushed
SPREAD = timedelta(milliseconds=50)  # first checks start this far apart

_SLACK = timedelta(minutes=5)  # waits for a busy host, a restart
_WHY = {Status.FAILING: WhyUnread.FAILING, Status.SUSPICIOUS: WhyUnread.SUSPICIOUS}
RESTLESS = 40  # consecutive checks that found a change: looking more often would find one, too
_AGES_OF_BURSTS = 4  # the classes of the time since a change in which it counts
_HOUR = 3600


class Pace(NamedTuple):
    """A source's curve among those of all: `paces` by level, where its levels begin, and the bounds in seconds."""

    curve: Curve
    paces: Sequence[float]
    base: int
    every: float
    terms: Terms
    hint: Hint | None = None

    @property
    def is_restless(self) -> bool:
        """Whether so many checks in a row found a change that looking more often would only find more."""
        return self.curve.streak >= RESTLESS

    def due(self, since: float) -> float:
        """When the source is due after a check at `since`: never later than the promise, whatever its feed asks for.

        In whole seconds, as checks that begin together are cheaper: they share reads and writes of the state.
        """
        if self.is_restless:
            return since + self.every
        earliest = since + self.terms.shortest(self.every)
        at = next_check(self.curve, since, self.paces, self.base, self.every)
        at = min(since + self.terms.longest(self.every), max(earliest, at))
        at = follow_hint(self.hint, since, at, self.every) if self.hint else at
        return max(earliest, float(floor(at)))


class Reason(NamedTuple):
    """Why a source is due when it is. `interval` is in seconds; `promised` says that it is the longest one. `times`:
    how many times as often as on average the source changes at that hour; `after`: the seconds since its last change,
    and `burst` how many times as often it changes so soon after one. `chance` that something is new then. `asked`: what
    its feed asks for, if that counts.
    """

    interval: float
    promised: bool
    restless: bool
    times: float
    after: float
    burst: float
    chance: float
    asked: Hint | None = None


def reason(pace: Pace, since: float, due: float) -> Reason:
    """Why a source is due then, after a check at `since`."""
    curve, after = pace.curve, due - pace.curve.changed
    times = pieces(since, due, curve.changed)
    expected = sum(curve.rate(place, age) * (end - begin) for begin, end, place, age in times)
    age, place = age_of(after), place_of(due)
    burst = curve.times(place, age) / curve.times(place) if age < _AGES_OF_BURSTS else 1.0
    promised = due - since >= pace.terms.longest(pace.every) - 1
    chance = 1 - exp(-expected / DAY)
    # a hint counts if it is why the source is due then
    hint = pace.hint if pace.hint and (pace.hint.wait >= due - since - 1 or _skips(pace.hint, due - 1)) else None
    return Reason(due - since, promised, pace.is_restless, curve.times(place), after, burst, chance, hint)


def follow_hint(hint: Hint, since: float, due: float, every: float) -> float:
    """When a source is checked that is due then after a check at `since`, if its feed gives a hint.

    A publisher knows when nothing new comes, but many feeds ask for an hour because their software does. So a hint
    moves a check that comes sooner than `every` to a later time: to twice its interval at most, never beyond `every`.
    """
    latest = since + min(every, 2 * (due - since))  # a hint moves a check by twice the interval at most
    at = max(due, since + hint.wait)
    while at < latest and _skips(hint, at):
        at = (at // _HOUR + 1) * _HOUR
    return max(due, min(at, latest))


def _skips(hint: Hint, at: float) -> bool:
    day = (int(at // DAY) + 3) % 7  # 1970-01-01 was a Thursday
    return int(at % DAY // _HOUR) in hint.hours or day in hint.days


class Timing(NamedTuple):
    """When a source is checked by the configuration: at intervals, with `longest` as the promise, or by a calendar."""

    every: timedelta
    longest: timedelta
    calendar: Calendar | None = None

    @classmethod
    def of(cls, source: Source, terms: Terms | None, zone: ZoneInfo) -> Timing:
        """The timing of a source. `terms` are those of the budget, if there is one; `zone` is the default."""
        calendar, longest = None, source.every
        if source.hours or source.at or source.holidays:
            own = ZoneInfo(source.zone) if source.zone else zone
            calendar = Calendar(own, source.hours, source.at, source.holidays)
        if terms and is_paced(source):
            longest = timedelta(seconds=terms.longest(source.every.total_seconds()))
        longest = longest if source.polled else _NEVER
        return cls(source.every, longest, calendar)

    def latest(self, now: datetime) -> datetime:
        """The latest time at which a source may be due that was checked before `now`."""
        latest = now + max(self.longest, LONGEST_BACKOFF)
        if self.calendar is None:
            return latest
        upcoming = self.calendar.next_at(now) if self.calendar.at else self.calendar.opens(latest)
        return max(latest, upcoming or latest)

    def rest_between(self, since: datetime | None, until: datetime) -> timedelta:
        """How much of the time between a source rested by its calendar."""
        if self.calendar is None or since is None or until <= since:
            return timedelta()
        if self.calendar.at:
            return max(timedelta(), min(self.calendar.next_at(since) or until, until) - since)
        return until - since - self.calendar.open_time(since, until)

    def rests_until(self, now: datetime) -> datetime | None:
        """When the source is next checked, if it rests now by its hours; None if it does not."""
        if self.calendar is None or self.calendar.at or self.calendar.is_open(now):
            return None
        return self.calendar.opens(now)


class Lesson(NamedTuple):
    """What the schedule learned from a check: how the source is paced after it (None: not at all), and what to store
    (None: nothing was learned).
    """

    pace: Pace | None = None
    rhythm: Rhythm | None = None


NO_LESSON = Lesson()


def is_paced(source: Source) -> bool:
    """Whether a budget applies to the source, if there is one."""
    return source.schedule == "learned" and source.at is None


def plan_due(known: SourceState | Scheduled | None, now: datetime, name: str, timing: Timing, sources: int) -> datetime:
    """When a source is due as a schedule of `sources` sources begins: its stored time, or its first time.

    First checks are spread by a hash of the name, over SPREAD for each source, at most over its interval. A stored time
    is `now` if the clock was moved back: if the last check lies in the future, or the time is further ahead than any
    schedule or the server allows.
    """
    calendar = timing.calendar
    if known is None or known.due is None:
        share = int.from_bytes(blake2b(name.encode(), digest_size=4).digest()) / 2**32
        first = now + min(SPREAD * sources, timing.every) * share
        if calendar is None:
            return first
        return (calendar.next_at(now) or first) if calendar.at else calendar.opens(first)
    latest, due = timing.latest(now) + timedelta(seconds=1), known.due
    if (known.tried and known.tried > now) or due > max(latest, known.wait_until or latest):
        due = now
    if calendar is None:
        return due
    # the calendar may be a new one; a time that has passed stays
    if not calendar.at:
        return calendar.opens(max(due, now)) if due > now or timing.rests_until(now) else due
    return min(due, calendar.next_at(now) or due) if due > now else due


def due_after(
    timing: Timing,
    pace: Pace | None,
    now: datetime,
    *,
    failures: int = 0,
    before: datetime | None = None,
    wait_until: datetime | None = None,
) -> datetime:
    """The time of the next check: by its calendar, by its pace, or one interval later. `before` is when this check was
    due. The time counts from there, unless this check was late by an interval or the clock was moved; then it counts
    from `now`. A check that failed is not paced: each further failure doubles the interval, up to LONGEST_BACKOFF (or
    the interval, if that is longer). `wait_until` is the server's Retry-After.
    """
    every = timing.every
    since = before if before is not None and timedelta() <= now - before < every else now
    if pace is not None and not failures:
        due = datetime.fromtimestamp(pace.due(since.timestamp()), UTC)
    else:
        doubled: timedelta = every * 2 ** min(max(failures - 1, 0), 10)
        due = since + min(doubled, max(every, LONGEST_BACKOFF))
    due = max(due, wait_until) if wait_until else due
    if timing.calendar is None:
        return due
    if timing.calendar.at is None:
        return timing.calendar.opens(due)
    upcoming = timing.calendar.next_at(now) or now + _NEVER
    if wait_until and wait_until > upcoming:
        return wait_until
    return min(due, upcoming) if failures else upcoming


def longest_rest(timing: Timing, since: datetime | None, now: datetime) -> timedelta:
    """The longest time between two checks that counts as checked: twice the interval, some minutes, and how long the
    source has rested by its calendar since a check.
    """
    return 2 * timing.longest + _SLACK + timing.rest_between(since, now)


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
