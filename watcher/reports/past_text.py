"""Answers about the past as text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo

from sources import Entry
from state.history.history import PastEntry
from state.model import ChangeKind
from watcher.reports.past import DifferenceReport, EntryReport, GapReport, LifeReport
from watcher.terminal.change_lines import field_lines
from watcher.terminal.console import say
from watcher.terminal.words import count, moment

_MOST = 2000  # characters of a value


def print_gaps(gaps: Iterable[GapReport], zone: tzinfo) -> None:
    """Print what is not known, a line each."""
    for gap in gaps:
        say(gap.words(zone), hang=2)


def print_past(
    source: str, at: datetime, entries: Iterable[PastEntry], gaps: Iterable[GapReport], zone: tzinfo, limit: int | None
) -> None:
    """Print the entries of a time, at most `limit`, their number and what is not known."""
    number = 0
    for each in entries:
        number += 1
        if limit is None or number <= limit:
            print_entry(each.entry, _since(each.since, each.checked_before, zone), _MOST)
    shown = f", of which these are the first {limit}" if limit and number > limit else ""
    say(f"{source}, {moment(at, zone)} ({zone}): {count(number, 'entry', 'entries')}{shown}")
    print_gaps(gaps, zone)


def print_entry(entry: Entry | EntryReport, note: str = "", most: int | None = None) -> None:
    """Print an entry with its fields: the title, a note behind it, and the first `most` characters of each value."""
    name = entry.title if entry.title == entry.key else f"{entry.title}  [key {entry.key}]"
    say(f"{name}  ({note})" if note else name, hang=4)
    published = entry.published.isoformat(" ", "minutes") if entry.published else ""
    for name, value in [("published", published), ("link", entry.url or ""), *entry.fields.items()]:
        if value:
            say(f"{name}: {value[:most]}", indent=4, hang=4)
    if entry.text and entry.text != entry.title:
        say(entry.text[:most], indent=4)


def _since(since: datetime | None, before: datetime | None, zone: tzinfo) -> str:
    """When a value came: between two checks, or at the first one, or before all that is known."""
    if since is None:
        return "older than the history"
    if before is None:
        return f"since {moment(since, zone)} or before"
    return f"since between {moment(before, zone)} and {moment(since, zone)}"


def print_life(life: LifeReport, zone: tzinfo) -> None:
    """Print an entry's values, the earliest first, each with what changed; then what is not known."""
    before: Entry | None = None
    for value in life.values:
        say(f"{value.kind}  {_since(value.since, value.checked_before, zone)}", hang=4)
        number = "no change in the log" if value.change is None else f"#{value.change}"
        proof = f", proof: capture {value.proof['capture']} ({value.proof['link'][:12]})" if value.proof else ""
        say(f"{number}{proof}", indent=4)
        if value.became:
            say(f"it goes on as {value.became}", indent=4)
        if not value.entries:
            say("not there", indent=4)
        elif before is None or len(value.entries) > 1:
            for entry in value.entries:
                say(entry.title, indent=4, hang=4)
                for name, text in entry.fields.items():
                    say(f"{name}: {text[:_MOST]}", indent=8, hang=4)
        else:
            _print_changed(before, value.entries[0])
        before = value.entries[0] if value.entries else None
        say()
    say(f"{life.source}: {life.key}: {count(len(life.values), 'value')}, times in {zone}")
    print_gaps(life.gaps, zone)


def _print_changed(before: Entry, after: Entry) -> None:
    from state.compare.changes import field_changes

    sides = {name: side._asdict() for name, side in field_changes(before, after).items()}
    if before.key != after.key:
        sides = {"key": {"before": before.key, "after": after.key}} | sides
    for line in field_lines({"change": ChangeKind.CHANGED.value, "fields": sides}):
        say(line, indent=4, hang=4)


def print_difference(found: DifferenceReport, zone: tzinfo) -> None:
    """Print a register between two times."""
    for kind, entries in (("added", found.added), ("removed", found.removed), ("scrolled off", found.scrolled)):
        for entry in entries:
            print_entry(entry, kind, _MOST)
    for change in found.changed:
        say(f"{change.title}  (changed)", hang=4)
        for line in field_lines({"change": ChangeKind.CHANGED.value, "fields": change.fields}):
            say(line, indent=4, hang=4)
    numbers = {
        "added": len(found.added),
        "removed": len(found.removed),
        "changed": len(found.changed),
        "scrolled off": len(found.scrolled),
    }
    summary = ", ".join(f"{number:,} {kind}" for kind, number in numbers.items() if number) or "no difference"
    first, last = moment(found.since, zone), moment(found.until, zone)
    say(f"{found.source}, from {first} to {last} ({zone}): {summary}")
    print_gaps(found.gaps, zone)
