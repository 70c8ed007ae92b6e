"""The changes of a period, and its sources, as rows of a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta, tzinfo

from alerts.event.change_json import sides_of
from state.model import Event
from watcher.reports.past.gap_words import gap_words
from watcher.reports.past.tables import Row
from watcher.reports.period.gather import Facts, SourceFacts
from watcher.reports.status_json import iso
from watcher.terminal.change_lines import more_line

CHANGES = (
    "change",
    "at",
    "checked_before",
    "source",
    "label",
    "authority",
    "kind",
    "key",
    "title",
    "url",
    "field",
    "before",
    "after",
    "entities",
    "more",
    "proof",
)
SOURCES = (
    "source",
    "label",
    "authority",
    "added",
    "changed",
    "removed",
    "reappeared",
    "entities",
    "checks_that_read",
    "checks_that_failed",
    "days_with_checks",
    "hours_without_a_reading",
    "longest_hours",
    "not_known",
)
_KINDS = ("added", "changed", "removed", "reappeared")


def change_rows(events: Iterable[Event]) -> Iterator[Row]:
    """A row for each field that differs; for an entry that came or went one row, with all its fields as JSON."""
    for event in events:
        data, proof = event.data, event.proof
        head = (
            str(event.id),
            event.at.isoformat(),
            iso(event.previous) or "",
            event.source,
            event.label,
            event.authority,
            data["change"],
            data["key"],
            data["title"],
            data["url"] or "",
        )
        tail = (" ".join(event.entities), more_line(data), f"{proof.capture} {proof.link}" if proof else "")
        for name, before, after in _fields(event):
            yield (*head, name, before, after, *tail)


def _fields(event: Event) -> list[tuple[str, str, str]]:
    data = event.data
    if data["change"] in {"changed", "reappeared"} and data["fields"]:
        return [(name, sides["before"] or "", sides["after"] or "") for name, sides in data["fields"].items()]
    before, after = sides_of(data)
    return [("", _json(before), _json(after))]


def _json(fields: dict[str, str] | None) -> str:
    return json.dumps(fields, ensure_ascii=False) if fields else ""


def source_rows(facts: Facts, zone: tzinfo) -> Iterator[Row]:
    """A row for each source."""
    for each in facts.sources.values():
        coverage = each.coverage
        yield (
            each.name,
            each.label,
            each.authority,
            *(str(each.changes[kind]) for kind in _KINDS),
            counted_entities(each),
            str(coverage.read),
            str(coverage.failed),
            str(coverage.days),
            _hours(coverage.unread),
            _hours(coverage.longest),
            "; ".join(gap_words(gap, zone) for gap in coverage.gaps),
        )


def counted_entities(each: SourceFacts) -> str:
    """The mentioned entities with their numbers: `telegram 3, max 1`."""
    return ", ".join(f"{entity} {number}" for entity, number in each.entities.most_common())


def _hours(span: timedelta) -> str:
    return f"{span.total_seconds() / 3600:.2f}"


def notes(facts: Facts, zone: tzinfo) -> list[Row]:
    """What the rows are about."""
    period = facts.period
    given = [("source", period.source), ("entity", period.entity)]
    return [
        ("from", period.since.astimezone(zone).isoformat()),
        ("to", period.until.astimezone(zone).isoformat()),
        *((name, value) for name, value in given if value),
        ("changes", str(facts.changes)),
        ("checks", "those of the days (UTC) that begin in the period"),
    ]
