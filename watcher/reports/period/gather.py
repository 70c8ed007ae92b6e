"""The facts of a period: its changes by source and entity, the checks, the times without a reading; as JSON, too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from state.history.gaps import Gap
from state.model import Event
from state.storage.desk.browsing import ChangeFilter
from state.store import Store
from watcher.config.load import Config
from watcher.reports.past.question import rest_of
from watcher.reports.past.shapes import gaps_json

_INSTANT = timedelta(microseconds=1)


class Period(NamedTuple):
    """What is asked: a period, without its end, and whose changes; None means all. `now` is when that is asked."""

    since: datetime
    until: datetime
    source: str | None
    entity: str | None
    now: datetime

    @property
    def filter(self) -> ChangeFilter:
        """Which changes are in it."""
        return ChangeFilter(self.source, self.entity, after=self.since - _INSTANT, before=self.until)

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day (UTC) that begins in it; the day of its beginning if none does."""
        first = self.since.astimezone(UTC)
        begin = first.date() if first == _midnight(first) else first.date() + timedelta(days=1)
        last = (min(self.until, self.now + _INSTANT) - _INSTANT).astimezone(UTC).date()
        return (begin, last) if begin <= last else (first.date(), first.date())


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


class Coverage(NamedTuple):
    """How closely a source was watched: its checks that could read it and those that could not, on how many days; the
    time without a reading, its longest part; all that is not known.
    """

    read: int
    failed: int
    days: int
    unread: timedelta
    longest: timedelta
    gaps: Sequence[Gap]


@dataclass
class SourceFacts:
    """A source in a period. `changes` are counted by kind, `entities` by how many changes mention them."""

    name: str
    label: str
    authority: str
    coverage: Coverage
    changes: Counter[str] = field(default_factory=Counter)
    entities: Counter[str] = field(default_factory=Counter)


@dataclass
class Facts:
    """A period. `entities` counts the changes that mention each entity, over all sources."""

    period: Period
    sources: Mapping[str, SourceFacts]
    entities: Counter[str] = field(default_factory=Counter)

    @property
    def changes(self) -> int:
        """How many changes there were."""
        return sum(each.changes.total() for each in self.sources.values())


def gathered(store: Store, config: Config, period: Period) -> Facts:
    """The facts of a period. Raises StateError."""
    facts = Facts(period, {name: _source(store, config, period, name) for name in _names(store, config, period)})
    for event in changes_of(store, period):
        mine = facts.sources.get(event.source)
        if mine is None:
            continue  # a source that was forgotten, and a log that was not asked for it
        more = event.data.get("more", {}).get("count", 0)
        mine.label, mine.authority = mine.label or event.label, mine.authority or event.authority
        mine.changes[event.data["change"]] += 1 + more
        mine.entities.update(event.entities)
        facts.entities.update(event.entities)
    return facts


def changes_of(store: Store, period: Period) -> Iterator[Event]:
    """The changes of a period, the oldest first. Raises StateError."""
    return store.browse.in_order(period.filter)


def _names(store: Store, config: Config, period: Period) -> list[str]:
    if period.source is not None:
        return [period.source]
    known = {status.name for status in store.source_statuses()}
    logged = {event.source for event in changes_of(store, period)}
    return sorted({*config.sources, *known, *logged})


def _source(store: Store, config: Config, period: Period, name: str) -> SourceFacts:
    source = config.sources.get(name)
    rest = rest_of(store, config, name, period.now)
    label = source.label_or(name) if source else ""
    until = min(period.until, period.now)
    gaps = store.history.gaps(name, period.since, until, now=period.now, rest=rest)
    unread = [gap.within(period.since, until) for gap in gaps if gap.is_unread]
    days = store.history.checks(name, *period.days)
    read, failed = sum(day.read for day in days), sum(day.failed for day in days)
    coverage = Coverage(read, failed, len(days), sum(unread, timedelta()), max(unread, default=timedelta()), gaps)
    return SourceFacts(name, label, source.authority if source else "", coverage)


def facts_json(facts: Facts) -> dict[str, Any]:
    """A period as JSON, without its changes: of each source the changes by kind, and by the entities that they mention;
    how many of the checks on the days (UTC) that begin in the period could read it, how many could not, or were not
    believed, and on how many days there were any; the time without a reading and its longest part, in seconds.
    """
    period = facts.period
    return {
        "since": period.since.isoformat(),
        "until": period.until.isoformat(),
        "source": period.source,
        "entity": period.entity,
        "entities": dict(facts.entities.most_common()),
        "sources": [_source_json(each) for each in facts.sources.values()],
    }


def _source_json(each: SourceFacts) -> dict[str, Any]:
    coverage = each.coverage
    return {
        "name": each.name,
        "label": each.label,
        "authority": each.authority,
        "changes": dict(each.changes),
        "entities": dict(each.entities.most_common()),
        "checks": {"read": coverage.read, "failed": coverage.failed, "days": coverage.days},
        "unread": {"seconds": coverage.unread.total_seconds(), "longest": coverage.longest.total_seconds()},
        "gaps": gaps_json(coverage.gaps),
    }
