"""Answers about the past as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo

from sources import Entry
from state.history.gaps import Gap
from state.history.history import PastDifference, PastEntry
from state.model import ChangeKind
from watcher.reports.past.gap_words import gap_words
from watcher.reports.past.shapes import Lived
from watcher.terminal.change_lines import field_lines
from watcher.terminal.console import say
from watcher.terminal.words import count, moment

_MOST = 2000  # characters of a value


def print_gaps(gaps: Iterable[Gap], zone: tzinfo) -> None:
    """Print what is not known, a line each."""
    for gap in gaps:
        say(gap_words(gap, zone), hang=2)


def print_past(
    source: str, at: datetime, entries: Iterable[PastEntry], gaps: Sequence[Gap], zone: tzinfo, limit: int | None
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


def print_entry(entry: Entry, note: str = "", most: int | None = None) -> None:
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


def print_life(source: str, key: str, lived: Sequence[Lived], gaps: Sequence[Gap], zone: tzinfo) -> None:
    """Print an entry's values, the earliest first, each with what changed; then what is not known."""
    before: Entry | None = None
    for each in lived:
        value, event = each.value, each.event
        say(f"{each.kind}  {_since(value.since, value.checked_before, zone)}", hang=4)
        number = f"#{event.id}" if event else "no change in the log"
        proof = f", proof: capture {event.proof.capture} ({event.proof.link[:12]})" if event and event.proof else ""
        say(f"{number}{proof}", indent=4)
        if value.became:
            say(f"it goes on as {value.became}", indent=4)
        _print_value(value.entries, before)
        before = value.entries[0] if value.entries else None
        say()
    say(f"{source}: {key}: {count(len(lived), 'value')}, times in {zone}")
    print_gaps(gaps, zone)


def _print_value(entries: Sequence[Entry], before: Entry | None) -> None:
    if not entries:
        say("not there", indent=4)
        return
    if before is None or len(entries) > 1:
        for entry in entries:
            say(entry.title, indent=4, hang=4)
            for name, value in entry.fields.items():
                say(f"{name}: {value[:_MOST]}", indent=8, hang=4)
        return
    for line in _changed_lines(before, entries[0]):
        say(line, indent=4, hang=4)


def _changed_lines(before: Entry, after: Entry) -> list[str]:
    from state.compare.changes import field_changes

    sides = {name: side._asdict() for name, side in field_changes(before, after).items()}
    if before.key != after.key:
        sides = {"key": {"before": before.key, "after": after.key}} | sides
    return field_lines({"change": ChangeKind.CHANGED.value, "fields": sides})


def print_difference(
    source: str, times: tuple[datetime, datetime], told: PastDifference, gaps: Sequence[Gap], zone: tzinfo
) -> None:
    """Print a register between two times."""
    for kind, entries in (("added", told.added), ("removed", told.removed), ("scrolled off", told.scrolled)):
        for entry in entries:
            print_entry(entry, kind, _MOST)
    for change in told.changed:
        say(f"{change.entry.title}  (changed)", hang=4)
        assert change.before  # noqa: S101 - it was there at both times
        assert change.after  # noqa: S101 - likewise
        for line in _changed_lines(change.before, change.after):
            say(line, indent=4, hang=4)
    numbers = {
        "added": len(told.added),
        "removed": len(told.removed),
        "changed": len(told.changed),
        "scrolled off": len(told.scrolled),
    }
    said = ", ".join(f"{number:,} {kind}" for kind, number in numbers.items() if number) or "no difference"
    first, last = (moment(at, zone) for at in times)
    say(f"{source}, from {first} to {last} ({zone}): {said}")
    print_gaps(gaps, zone)
