"""A period as one page of HTML: it loads nothing, runs nothing, and can be printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from itertools import groupby, islice

from alerts.links import web_address
from alerts.templating import render
from state.model import Event
from watcher.reports.past.gap_words import gap_words
from watcher.reports.period.gather import Facts, SourceFacts
from watcher.reports.period.rows import counted_entities
from watcher.terminal.change_lines import more_line
from watcher.terminal.words import about, count, moment

MOST = 5000  # changes in a page
_VALUE = 400  # characters of a value
_FIELDS = 20  # fields of a change


def page_of(facts: Facts, events: Iterable[Event], zone: tzinfo, now: datetime) -> str:
    """The page of a period, with times in `zone`; `now` is the time shown as its own."""
    period = facts.period
    shown = list(islice(events, MOST + 1))
    days = groupby(shown[:MOST], key=lambda event: event.at.astimezone(zone).date())
    return render(
        "period.html.j2",
        title=f"{moment(period.since, zone)} to {moment(period.until, zone)}",
        about=[each for each in (period.source, period.entity) if each],
        summary=f"{count(facts.changes, 'change')} of {count(len(facts.sources), 'source')}",
        made=f"as known on {moment(now, zone)}, times in {zone}",
        entities=[(entity, count(number, "change")) for entity, number in facts.entities.most_common()],
        sources=[_source(each, zone) for each in facts.sources.values()],
        days=[(f"{day:%-d %B %Y}", [_change(event, zone) for event in some]) for day, some in days],
        cut=f"These are the first {MOST:,} changes; --csv and --xlsx have them all." if len(shown) > MOST else "",
    )


def _source(each: SourceFacts, zone: tzinfo) -> dict[str, object]:
    """A row of the table of sources; its gaps are lines."""
    coverage = each.coverage
    failed = f", {coverage.failed:,} failed" if coverage.failed else ""
    return {
        "label": each.label or each.name,
        "name": each.name,
        "authority": each.authority,
        "numbers": [each.changes[kind] for kind in ("added", "changed", "removed", "reappeared")],
        "entities": counted_entities(each),
        "checks": f"{coverage.read:,}{failed} on {count(coverage.days, 'day')}",
        "unread": about(coverage.unread) if coverage.unread else "",
        "longest": about(coverage.longest) if coverage.longest else "",
        "gaps": [gap_words(gap, zone) for gap in coverage.gaps],
    }


def _change(event: Event, zone: tzinfo) -> dict[str, object]:
    """A change: its time and that of the check before, and its fields as (name, before, after)."""
    data = event.data
    return {
        "at": f"{event.at.astimezone(zone):%H:%M:%S}",
        "before": moment(event.previous, zone) if event.previous else "",
        "kind": data["change"],
        "label": event.label or event.source,
        "title": data["title"][:_VALUE],
        "link": web_address(data["url"] or "") or "",
        "entities": ", ".join(event.entities),
        "fields": _fields(data) if data["change"] in {"changed", "reappeared"} else [],
        "more": more_line(data),
        "proof": f"{event.proof.capture}, {event.proof.link}" if event.proof else "",
    }


def _fields(data: Mapping[str, Mapping[str, Mapping[str, str | None]]]) -> list[tuple[str, str, str]]:
    sides = islice(data["fields"].items(), _FIELDS)
    return [(name, (side["before"] or "")[:_VALUE], (side["after"] or "")[:_VALUE]) for name, side in sides]
