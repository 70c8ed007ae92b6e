"""The facts of a period as JSON."""

from __future__ import annotations

from typing_extensions import TypedDict

from watcher.tools.past.shapes import GapJson, gaps_json
from watcher.tools.period.gather import Facts, SourceFacts


class ChecksJson(TypedDict):
    """The checks on the days (UTC) that begin in a period: how many could read the source, how many could not, or were
    not believed, and on how many days there were any.
    """

    read: int
    failed: int
    days: int


class UnreadJson(TypedDict):
    """The time without a reading: all of it, and its longest part, in seconds."""

    seconds: float
    longest: float


class SourceFactsJson(TypedDict):
    """A source in a period. `changes` are counted by kind, `entities` by how many changes mention them."""

    name: str
    label: str
    authority: str
    changes: dict[str, int]
    entities: dict[str, int]
    checks: ChecksJson
    unread: UnreadJson
    gaps: list[GapJson]


def source_facts(each: SourceFacts) -> SourceFactsJson:
    """A source in a period."""
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


def facts_json(facts: Facts) -> dict[str, object]:
    """A period, without its changes."""
    period = facts.period
    return {
        "since": period.since.isoformat(),
        "until": period.until.isoformat(),
        "source": period.source,
        "entity": period.entity,
        "entities": dict(facts.entities.most_common()),
        "sources": [source_facts(each) for each in facts.sources.values()],
    }
