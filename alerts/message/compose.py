"""From events to the message that tells them: title, text and HTML, within what a service takes. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import groupby
from shlex import quote
from typing import NamedTuple

from alerts.grouping import apart, folded, leading
from alerts.message.blocks import BRIEF, FULL, TINY, Detail, Line, Style, seen_lines, source_line
from alerts.message.change_lines import changes_lines
from alerts.message.citations import Known, related_lines
from alerts.message.html import html_of
from alerts.message.summaries import additions_lines, baseline_lines, health_lines, test_lines
from alerts.message.titles import title_of, told_by
from alerts.message.wording import cut, harmless
from state.model import Event, EventKind

MOST = 20  # changes, or health alerts, in one message: a longer list is not read
_AT_EASE = 3  # up to so many things are each told in full

# Records lead: they are what is acted upon, and what does not fit is left out from the end.
_RANK = {"record": 0, "statement": 1, "report": 2}
_ORDER = [EventKind.CHANGE, EventKind.BASELINE, EventKind.HEALTH, EventKind.TEST]

Block = list[Line]


class Unit(NamedTuple):
    """What is told together or not at all: the changes of one entry, one health alert, all baselines."""

    events: list[Event]
    lines: Block


class Composed(NamedTuple):
    """A message: its title, and its body twice, saying the same. `html` may be longer than `body_limit`."""

    title: str
    text: str
    html: str


def compose(
    events: Sequence[Event], *, timezone: tzinfo, body_limit: int, title_limit: int, known: Known | None = None
) -> Composed:
    """One message about one or more events, in at most `body_limit` and `title_limit` characters.

    `known` is what the changes among them cite: records, reports and statements about the same entities.

    Changes come first, source by source and in order of time, then baselines, then health. The changes of one entry are
    told together. No entry is cut: what does not fit is left out from the end, and counted.
    """
    ordered = _ordered(events)
    blocks = _fitting(ordered, timezone, body_limit, known)
    return Composed(title_of(leading(ordered), title_limit), text_of(blocks), html_of(blocks))


def text_of(blocks: Sequence[Block]) -> str:
    """The blocks as plain text: lines, and an empty line between blocks."""
    return "\n\n".join("\n".join(map(_text, block)) for block in blocks)


def _text(line: Line) -> str:
    text = line.text if line.style is Style.LINK else harmless(line.text)
    if line.style is Style.SOURCE:
        return f"■ {text}"
    if not line.label:
        return text
    return f"{harmless(line.label)}{line.colon} {text}"


def _ordered(events: Sequence[Event]) -> list[Event]:
    """The events in the order in which they are told. Of one check, those that mention a watched entity lead."""
    first: dict[str, datetime] = {}
    for event in events:
        first[event.source] = min(event.at, first.get(event.source, event.at))

    def place(event: Event) -> tuple[object, ...]:
        rank = _RANK.get(event.authority, len(_RANK))
        return _ORDER.index(event.kind), rank, first[event.source], event.source, event.at, not event.mentions, event.id

    return sorted(events, key=place)


def _fitting(events: Sequence[Event], zone: tzinfo, limit: int, known: Known | None) -> list[Block]:
    """As many events as fit, told as fully as that allows."""
    units = list(_units(events))
    if len(units) <= _AT_EASE:
        blocks = _blocks([_told(unit, zone, FULL, known) for unit in units], events, zone)
        if len(text_of(blocks)) <= limit:
            return blocks
    told = [_told(unit, zone, BRIEF, known) for unit in units]
    for number in range(len(told), 0, -1):
        blocks = _blocks(told[:number], events, zone)
        if len(text_of(blocks)) <= limit:
            return blocks
    return _squeezed(_blocks([_told(units[0], zone, TINY, None)], events, zone), limit)


def _units(events: Sequence[Event]) -> Iterator[list[Event]]:
    for kind, of_kind in groupby(events, key=lambda event: event.kind):
        if kind is EventKind.BASELINE:
            yield from filter(None, apart(list(of_kind)))
        elif kind is EventKind.CHANGE:
            yield from folded(list(of_kind))[:MOST]
        else:
            yield from ([event] for event in list(of_kind)[:MOST])


def _told(unit: list[Event], zone: tzinfo, detail: Detail, known: Known | None) -> Unit:
    match unit[0].kind:
        case EventKind.CHANGE:
            cited = related_lines(unit[0], known, zone, detail) if known else []
            return Unit(unit, [*changes_lines(unit, zone, detail), *cited])
        case EventKind.BASELINE:
            lines = additions_lines if unit[0].data.get("added") else baseline_lines
            return Unit(unit, lines(unit, zone, detail))
        case EventKind.HEALTH:
            return Unit(unit, health_lines(unit[0], zone, detail))
    return Unit(unit, test_lines(unit[0], zone))


def _blocks(units: Sequence[Unit], events: Sequence[Event], zone: tzinfo) -> list[Block]:
    """The units, changes under their sources, and at the end how many events were left out."""
    blocks: list[Block] = []
    for check, of_check in groupby(units, key=lambda unit: _check(unit.events[0])):
        together = list(of_check)
        first = together[0].events[0]
        blocks += [[source_line(first)]] if check else []
        blocks += [unit.lines for unit in together]
        blocks += [seen_lines(first, zone)] if check else []
    told = {id(event) for unit in units for event in unit.events}
    more = list(_more([event for event in events if id(event) not in told]))
    return [*blocks, more] if more else blocks


def _check(event: Event) -> tuple[object, ...] | None:
    """What the changes of one check have in common, which is said once; None for what is no change."""
    if event.kind is not EventKind.CHANGE:
        return None
    return event.source, event.label, event.authority, event.at, event.previous


def _more(hidden: Sequence[Event]) -> Iterator[Line]:
    """How many events are left out, and the command that lists them."""
    changes = Counter[tuple[str, str]]()
    for event in hidden:
        if event.kind is EventKind.CHANGE:
            changes[event.source, event.label] += told_by(event)
    for (source, label), number in changes.most_common(3):
        where = f" from {label}" if len(changes) > 1 else ""
        yield Line(Style.COMMAND, f"and {number:,} more{where}: watch log --source {quote(source)}")
    if others := changes.total() - sum(number for _, number in changes.most_common(3)):
        yield Line(Style.COMMAND, f"and {others:,} more from other sources: watch log")
    if about := sum(event.kind in {EventKind.BASELINE, EventKind.HEALTH} for event in hidden):
        yield Line(Style.COMMAND, f"and {about:,} more about the sources themselves: watch status")


def _weight(line: Line) -> int:
    return list(Style).index(line.style)


def _squeezed(blocks: Sequence[Block], limit: int) -> list[Block]:
    """The lines that matter most and fit, in their order, for services that take hardly more than a text message."""
    lines = [line for block in blocks for line in block]
    chosen, room = set[int](), limit
    for index in sorted(range(len(lines)), key=lambda index: _weight(lines[index])):
        needed = len(_text(lines[index])) + (1 if chosen else 0)
        if needed <= room:
            chosen.add(index)
            room -= needed
    if not chosen:
        what = min(lines, key=_weight)
        return [[Line(what.style, cut(_text(what), limit))]]
    return [[lines[index] for index in sorted(chosen)]]
