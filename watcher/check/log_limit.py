"""Which changes of a snapshot become events, and how much of them is logged. Pure.

All changes that mention an entity become events of their own, and a limited number of others. The rest is summed up in
one event for each kind of change: a register that takes in another one has hundreds of thousands of new entries. Nobody
reads that many events, and the log of events would be larger than the register.

A page of megabytes that differs at each check could fill the disk. So the log has a leaky bucket for each source: it
holds `most` characters and drains evenly within `keep`, after which events are deleted anyway. While it is full,
changes that mention an entity still become events of their own, and only a few of the others do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from state.model import Change, ChangeKind, Clearing, Habits, Mention

MOST_ALONE = 10_000  # changes without a mention that become events of their own; as many as `max_new` allows by default
MOST_SIZE = 8_000_000  # characters in these changes
MOST_VALUE = 100_000  # characters of a value in an event
MOST_TEXT = 2000  # characters of the text of an added or removed entry in an event
EXAMPLES = 5

_FEW = 20  # while the bucket is full: changes in a check that mention nobody and still become events of their own


class SingleChange(NamedTuple):
    """A change that becomes an event of its own, and its mentions. Entities whose mentions were `cleared` are not among
    them; `was_cleared` are the clearings that have ended with it.
    """

    change: Change
    mentions: Sequence[Mention]
    cleared: Sequence[str] = ()
    was_cleared: Sequence[Clearing] = ()


@dataclass(slots=True)
class Mass:
    """Changes of one kind without mentions, summed up in one event, which shows the first of them.

    `count` is the number of the others, `titles` has some of their titles, `fields` the names of the fields that they
    touch, `form` what of their form is different if nothing else is.
    """

    first: Change
    form: str = ""
    count: int = 0
    titles: list[str] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)

    def add(self, change: Change) -> None:
        """Count one more change."""
        self.count += 1
        if len(self.titles) < EXAMPLES:
            self.titles.append(change.entry.title)
        if len(self.fields) < 200:  # most field names kept of a mass, for alert rules about fields
            self.fields.update(change.fields)
            if change.kind is not ChangeKind.CHANGED:
                self.fields.update(change.entry.fields)


@dataclass(slots=True)
class News:
    """The changes of a snapshot as they become events, in their order.

    At most `most` changes without a mention, of `room` characters in all, become events of their own. `size` is the
    number of characters in all events of their own.
    """

    most: int = field(default_factory=lambda: MOST_ALONE)
    room: int = MOST_SIZE
    alone: list[SingleChange] = field(default_factory=list)
    masses: dict[tuple[ChangeKind, str], Mass] = field(default_factory=dict)
    size: int = 0

    def add(self, told: SingleChange) -> None:
        """Add one change."""
        change, mentions, *_ = told
        if mentions or (self.most > 0 and self.room > 0):
            sides = [side for sides in change.fields.values() for side in sides if side]
            size = sum(min(len(text), MOST_VALUE) for text in (*sides, *change.entry.fields.values()))
            size += 0 if change.kind is ChangeKind.CHANGED else min(len(change.entry.text), MOST_TEXT)
            self.size += size
            if not mentions:
                self.most, self.room = self.most - 1, self.room - size
            self.alone.append(told)
        else:
            self.sum_up(change)

    def sum_up(self, change: Change, form: str = "") -> None:
        """Count one more change in the summary for its kind, whether it mentions an entity or not; those of which only
        the `form` is different have one of their own.
        """
        if mass := self.masses.get((change.kind, form)):
            mass.add(change)
        else:
            self.masses[change.kind, form] = Mass(change, form)

    def shorten(self, most: int) -> News:
        """The same news, with at most `most` events of their own that mention nobody."""
        shorter = News(most)
        for told in self.alone:
            shorter.add(told)
        for kind, mass in self.masses.items():
            before = shorter.masses.setdefault(kind, mass)
            if before is not mass:
                before.count += 1 + mass.count
                before.fields |= mass.fields
        return shorter


class LogLimit(NamedTuple):
    """The most characters that a source may add to the log of events in the time `keep`."""

    most: int = 2_000_000_000
    keep: timedelta = timedelta(days=400)


def limit_news(news: News, habits: Habits, limit: LogLimit, now: datetime) -> tuple[News, Habits, bool]:
    """The news of a check, cut to the limit, the habits with the new level of the bucket, and whether to alert that the
    log is full: once, until half of it has drained.
    """
    before = _level(habits, limit, now)
    full = before + news.size > limit.most
    if full:
        news = news.shorten(_FEW)
    told = full or (habits.log_told and before > limit.most // 2)
    tell = full and not habits.log_told
    return news, replace(habits, log_size=before + news.size, log_at=now, log_told=told), tell


def room(habits: Habits, limit: LogLimit, now: datetime) -> int:
    """How many characters the bucket has room for: what undoes a change takes of the same room."""
    return max(0, limit.most - _level(habits, limit, now))


def _level(habits: Habits, limit: LogLimit, now: datetime) -> int:
    passed = max(0.0, (now - habits.log_at) / limit.keep) if habits.log_at else 0.0
    return max(0, habits.log_size - int(passed * limit.most))
