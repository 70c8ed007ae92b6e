"""The facts of a period as text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo

from state.model import Event
from watcher.reports.past.gap_words import gap_words
from watcher.reports.period.gather import Facts, SourceFacts
from watcher.terminal.change_lines import change_line
from watcher.terminal.console import say
from watcher.terminal.tables import table
from watcher.terminal.words import about, count, moment

SHOWN = 50  # changes
_HEADINGS = ("SOURCE", "ADDED", "CHANGED", "REMOVED", "BACK", "READ", "FAILED", "UNREAD", "LONGEST")


def print_facts(facts: Facts, events: Iterable[Event], zone: tzinfo) -> None:
    """Print the sources, the entities, the first changes, and what is not known."""
    period = facts.period
    table(_HEADINGS, [_row(each) for each in facts.sources.values()], right=_HEADINGS[1:])
    say()
    for entity, number in facts.entities.most_common():
        say(f"{entity}: {count(number, 'change')}", indent=2)
    for number, event in enumerate(events):
        if number == SHOWN:
            say("and more; --html, --csv, --xlsx and --json have them all", indent=2)
            break
        say(f"{moment(event.at, zone)}  {event.source}: {change_line(event)}", indent=2, hang=4)
    for each in facts.sources.values():
        for gap in each.coverage.gaps:
            say(f"{each.name}: {gap_words(gap, zone)}", indent=2, hang=4)
    since, until = moment(period.since, zone), moment(period.until, zone)
    changes, sources = count(facts.changes, "change"), count(len(facts.sources), "source")
    say(f"from {since} to {until} ({zone}): {changes} of {sources}; checks are those of the days (UTC) in it", hang=4)


def _row(each: SourceFacts) -> list[str]:
    coverage, changes = each.coverage, each.changes
    numbers = [changes[kind] for kind in ("added", "changed", "removed", "reappeared")]
    spans = [about(span) if span else "-" for span in (coverage.unread, coverage.longest)]
    return [each.name, *map(str, [*numbers, coverage.read, coverage.failed]), *spans]
