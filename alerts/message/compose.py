"""Composes the message about events: title, text and HTML, within the service's limits. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from itertools import groupby
from shlex import quote
from typing import NamedTuple
from urllib.parse import urlsplit

from alerts.grouping import group_by_entry, lead_first, split_baselines
from alerts.message.change_lines import changes_lines, fact_lines
from alerts.message.citations import Background, citation_lines
from alerts.message.forms import render_chat, render_line, render_mail, render_text
from alerts.message.lines import (
    BRIEF,
    FULL,
    TINY,
    DetailLevel,
    Line,
    Style,
    desk_lines,
    page_lines,
    proof_lines,
    source_line,
    time_lines,
)
from alerts.message.notices import (
    additions_lines,
    approval_lines,
    baseline_lines,
    health_lines,
    reminder_lines,
    test_lines,
)
from alerts.message.recipient import Composed, Form, Recipient
from alerts.message.titles import compose_title, number_of
from alerts.message.wording import cut, neutralize, plural, shorten
from sources.text import clean
from state.model import ChangeKind, Event, EventKind

# Records come first, as people act on them; what does not fit is left out from the end.
_RANK = {"record": 0, "statement": 1, "report": 2}
_ORDER = [
    EventKind.APPROVAL,
    EventKind.REMINDER,
    EventKind.CHANGE,
    EventKind.BASELINE,
    EventKind.HEALTH,
    EventKind.TEST,
]

Block = list[Line]


class Unit(NamedTuple):
    """A part of a message that is never cut: the changes of one entry, one health alert, all baselines."""

    events: list[Event]
    lines: Block


def compose(
    events: Sequence[Event],
    *,
    timezone: tzinfo,
    body_limit: int,
    title_limit: int,
    known: Background | None = None,
    recipient: Recipient | None = None,
) -> Composed:
    """One message about one or more events, in at most `body_limit` and `title_limit` characters.

    `known` has what the changes cite: records, reports and statements about the same entities.

    Changes come first: those that mention a watched entity, then records before statements before reports, each source
    in order of time; then baselines, then health. The changes of one entry are shown together. Entries are not cut:
    those that do not fit are left out from the end, and counted. The HTML is in the form that the recipient's service
    shows.
    """
    whom = recipient or Recipient()
    known = known or Background()
    ordered = _ordered(merged(events, known.places))
    draft = Draft(ordered, timezone, known, whom)
    blocks = draft.fitting(body_limit)
    title = compose_title(lead_first(ordered), title_limit, draft.say, whom)
    html = render_mail(title, blocks) if whom.form is Form.DOCUMENT else render_chat(blocks)
    return Composed(title, render_text(blocks, draft.say), html)


def _ordered(events: Sequence[Event]) -> list[Event]:
    """The events in the order of the message."""
    first: dict[str, datetime] = {}
    for event in events:
        first[event.source] = min(event.at, first.get(event.source, event.at))

    def place(event: Event) -> tuple[object, ...]:
        kind, rank = _ORDER.index(event.kind), _RANK.get(event.authority, len(_RANK))
        split_baselines = event.kind is EventKind.CHANGE and not event.mentions
        return kind, split_baselines, rank, first[event.source], event.source, event.at, event.id

    return sorted(events, key=place)


@dataclass(frozen=True, slots=True)
class Draft:
    """Events in order, for a recipient; `fitting` makes the blocks of the message."""

    events: Sequence[Event]
    zone: tzinfo
    known: Background
    recipient: Recipient

    @property
    def say(self) -> Callable[[str], str]:
        """The function that makes foreign text safe for the recipient."""
        return clean if self.recipient.form is Form.DATA else neutralize

    def fitting(self, limit: int) -> list[Block]:
        """As many events as fit, in as much detail as possible."""
        units = list(self._units())
        if len(units) <= MANY:
            blocks = self._blocks([self._unit(unit, FULL) for unit in units])
            if self._size(blocks) <= limit:
                return blocks
        brief = [self._unit(unit, BRIEF) for unit in units]
        fits = self._most_that_fit(brief, limit)
        if fits:
            return self._blocks(brief[:fits])
        return self._squeezed(self._blocks([self._unit(units[0], TINY)], summed=False), limit)

    def _most_that_fit(self, units: Sequence[Unit], limit: int) -> int:
        """The number of units that fit, by bisection: each further one makes the message longer."""
        low, high = 0, len(units)
        while low < high:
            middle = (low + high + 1) // 2
            fits = self._size(self._blocks(units[:middle])) <= limit
            low, high = (middle, high) if fits else (low, middle - 1)
        return low

    def _size(self, blocks: Sequence[Block]) -> int:
        size = len(render_text(blocks, self.say))
        return max(size, len(render_chat(blocks))) if self.recipient.form is Form.CHAT else size

    def _units(self) -> Iterator[list[Event]]:
        for kind, of_kind in groupby(self.events, key=lambda event: event.kind):
            if kind is EventKind.BASELINE:
                yield from filter(None, split_baselines(list(of_kind)))
            elif kind is EventKind.CHANGE:
                yield from chosen(group_by_entry(list(of_kind)))
            else:
                yield from ([event] for event in list(of_kind)[:MOST])

    def _unit(self, unit: list[Event], detail: DetailLevel) -> Unit:
        match unit[0].kind:
            case EventKind.CHANGE:
                lines = changes_lines(unit, self.zone, detail)
                cited = [] if detail is TINY else citation_lines(unit[0], self.known, self.zone, detail, self.recipient)
                facts = [*fact_lines(unit[0], self.zone, detail), *proof_lines(unit[0], self.recipient)]
                pages = [] if detail is TINY else desk_lines(unit, self.recipient)
                return Unit(unit, [*lines, *pages, *cited, *facts])
            case EventKind.BASELINE:
                made = additions_lines if unit[0].data.get("added") else baseline_lines
                return Unit(unit, made(unit, self.zone, detail, self.recipient))
            case EventKind.HEALTH:
                return Unit(unit, health_lines(unit[0], self.zone, detail, self.recipient))
            case EventKind.APPROVAL:
                return Unit(unit, approval_lines(unit[0], self.zone, detail, self.recipient))
            case EventKind.REMINDER:
                return Unit(unit, reminder_lines(unit[0], self.zone, detail, self.recipient))
        return Unit(unit, test_lines(unit[0], self.zone))

    def _blocks(self, units: Sequence[Unit], *, summed: bool = True) -> list[Block]:
        """The blocks: the sum of many changes, the units with their sources, and the number of events left out."""
        changes = [event for event in self.events if event.kind is EventKind.CHANGE]
        entries = {(event.source, event.data["key"]) for event in changes}
        blocks = [sum_lines(changes)] if summed and len(entries) > MANY else []
        for check, of_check in groupby(units, key=lambda unit: _check(unit.events[0])):
            together = list(of_check)
            first, several = together[0].events[0], len(together) > 1
            blocks += [[source_line(first, named=several)]] if check else []
            blocks += [unit.lines for unit in together]
            if check:
                page = page_lines([unit.events[-1] for unit in together], self.known.places)
                blocks.append([*page, *time_lines(first, self.zone, named=not several)])
        shown = {id(event) for unit in units for event in unit.events}
        more = list(_more([event for event in self.events if id(event) not in shown], self.recipient))
        return [*blocks, more] if more else blocks

    def _squeezed(self, blocks: Sequence[Block], limit: int) -> list[Block]:
        """The most important lines that fit, in order: for services with a limit close to that of an SMS."""
        lines = [line for block in blocks for line in block]
        chosen_lines, room = set[int](), limit
        for index in sorted(range(len(lines)), key=lambda index: _weight(lines[index])):
            needed = len(render_line(lines[index], self.say)) + (len(" · ") if chosen_lines else 0)
            if needed <= room:
                chosen_lines.add(index)
                room -= needed
        if not chosen_lines:
            what = min(lines, key=_weight)
            return [[Line(what.style, cut(render_line(what, self.say), limit))]]
        return [[lines[index] for index in sorted(chosen_lines)]]


def _check(event: Event) -> tuple[object, ...] | None:
    """What the changes of one check share, to be shown once; None for other events."""
    if event.kind is not EventKind.CHANGE:
        return None
    return event.source, event.label, event.authority, event.at, event.previous


def _more(hidden: Sequence[Event], recipient: Recipient) -> Iterator[Line]:
    """The number of events left out, and for an operator the command that lists them."""
    changes = Counter[tuple[str, str]]()
    for event in hidden:
        if event.kind is EventKind.CHANGE:
            changes[event.source, event.label] += number_of(event)

    def line(what: str, command: str) -> Line:
        return Line(Style.COMMAND, f"{what}: {command}") if recipient.operator else Line(Style.FACT, what)

    for (source, label), number in changes.most_common(3):
        where = f" from {label}" if len(changes) > 1 else ""
        what = plural(number, "more change", "more changes")
        yield line(f"and {what}{where}", f"watch log --source {quote(source)}")
    if others := changes.total() - sum(number for _, number in changes.most_common(3)):
        yield line(f"and {plural(others, 'more change', 'more changes')} from other sources", "watch log")
    if about := sum(event.kind in {EventKind.BASELINE, EventKind.HEALTH} for event in hidden):
        yield line(f"and {about:,} more about the sources themselves", "watch status")


def _weight(line: Line) -> int:
    return list(Style).index(line.style)


MANY = 3  # up to so many entries are shown without a sum
MOST = 20  # health alerts, or entries without a mention, in one message: nobody reads a longer list
_EACH = 5  # entries without a mention of one source and kind of change
MOST_MENTIONING = 200
_FIELDS = 3  # fields named in a sum


def merged(events: Sequence[Event], places: Mapping[str, str]) -> list[Event]:
    """The events, with the failures of sources on one host for one reason merged, in the place of the first.

    `places` are the sources' addresses, by name. The merged event is about the host; its data has the sources'
    `labels`.
    """
    groups: dict[object, list[Event]] = {}
    for event in events:
        groups.setdefault(_cause(event, places) or id(event), []).append(event)
    return [_joint_failure(group, places) if len(group) > 1 else group[0] for group in groups.values()]


def _cause(event: Event, places: Mapping[str, str]) -> tuple[str, object] | None:
    """The host and the reason, if the event is a failure of a source with a known address."""
    if event.kind is not EventKind.HEALTH or event.data["status"] != "failing" or not event.source:
        return None
    host = _host(places.get(event.source, ""))
    return (host, event.data.get("reason")) if host else None


def _host(place: str) -> str:
    try:
        return urlsplit(place).hostname or ""
    except ValueError:
        return ""


def _joint_failure(group: Sequence[Event], places: Mapping[str, str]) -> Event:
    first = min(group, key=lambda event: event.at)
    labels = list(dict.fromkeys(event.label for event in group))
    label = f"{len(labels)} sources on {_host(places[first.source])}"
    return replace(first, label=label, data={**first.data, "labels": labels})


def sum_lines(changes: Sequence[Event]) -> list[Line]:
    """The number of changes, by kind and field, and how many mention which entity."""
    number = sum(map(number_of, changes))
    lines = [Line(Style.WHAT, ", ".join(_sums(changes)), plural(number, "change", "changes"))]
    whom = Counter(entity for event in changes for entity in event.entities)
    if whom:
        mentioning = sum(bool(event.mentions) for event in changes)
        names = ", ".join(f"{name} {count:,}" for name, count in whom.most_common(8))
        rest = len(whom) - 8
        more = f" and {plural(rest, 'other', 'others')}" if rest > 0 else ""
        verb = "mentions" if mentioning == 1 else "mention"
        lines.append(Line(Style.PLAIN, f"{mentioning:,} of them {verb} what you watch: {names}{more}"))
    return lines


def _sums(changes: Sequence[Event]) -> Iterator[str]:
    for kind in (ChangeKind.ADDED, ChangeKind.CHANGED, ChangeKind.REMOVED, ChangeKind.REAPPEARED):
        of_kind = [event for event in changes if event.data["change"] == kind]
        if not of_kind:
            continue
        number = sum(map(number_of, of_kind))
        fields = Counter(name for event in of_kind for name in event.data["fields"])
        where = _fields(fields, number) if kind is ChangeKind.CHANGED else ""
        yield f"{number:,} {kind}{where}"


def _fields(fields: Counter[str], number: int) -> str:
    """` in Date` if it is the only field; else ` (Date 21, Status 3)`."""
    common = [(shorten(clean(name), 40), count) for name, count in fields.most_common(_FIELDS)]
    if len(fields) == 1 and common[0][1] == number:
        return f" in {common[0][0]}"
    named = ", ".join(f"{name} {count:,}" for name, count in common)
    more = ", and others" if len(fields) > _FIELDS else ""
    return f" ({named}{more})" if named else ""


def chosen(entries: Sequence[list[Event]]) -> list[list[Event]]:
    """The entries to show, in order, each with its changes: all that mention an entity, and some of each source and
    kind of change.
    """
    mentioning = [entry for entry in entries if any(event.mentions for event in entry)][:MOST_MENTIONING]
    groups: dict[object, list[list[Event]]] = {}
    for entry in entries:
        if not any(event.mentions for event in entry):
            groups.setdefault(_sort(entry[0]), []).append(entry)
    others = [group[at] for at in range(_EACH) for group in groups.values() if at < len(group)]
    shown = {id(entry) for entry in (*mentioning, *others[:MOST])}
    return [entry for entry in entries if id(entry) in shown]


def _sort(event: Event) -> tuple[object, ...]:
    """The group of a change: its source, kind, and changed fields."""
    changed = event.data["change"] == ChangeKind.CHANGED
    return event.source, event.data["change"], tuple(sorted(event.data["fields"])) if changed else ()
