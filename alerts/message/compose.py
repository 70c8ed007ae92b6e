"""Composes the message about events: title, text and HTML, within the service's limits. Pure.

Start here: events become units (the changes of one entry, one health alert, all baselines), units become lines, and the
lines become the text and the HTML. As many units as fit are shown, in as much detail as possible.
"""

from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from itertools import groupby
from shlex import quote
from typing import NamedTuple
from urllib.parse import urlsplit

from alerts.grouping import group_by_entry, lead_first, merge_articles, split_baselines, split_repetitions
from alerts.language import clean_sentence, directed, mark_many, phrase, phrase_many, phrase_number, speaking
from alerts.links import changes_link, web_address
from alerts.message.change_lines import changes_lines, fact_lines, item_line
from alerts.message.citations import Background, citation_lines
from alerts.message.forms import render_chat, render_line, render_mail, render_text
from alerts.message.lines import (
    BRIEF,
    FULL,
    TINY,
    DetailLevel,
    Line,
    Style,
    acknowledge_lines,
    desk_lines,
    link_line,
    more_line,
    page_lines,
    proof_lines,
    source_line,
    time_lines,
)
from alerts.message.notices import brief_reminder, held_lines, notice_lines
from alerts.message.recipient import Composed, Form, Recipient
from alerts.message.titles import compose_title, number_of
from alerts.message.wording import cut, label_text, neutralize, shorten, units, word
from sources.text import clean
from state.model import ChangeKind, Event, EventKind

MANY = 3  # entries that are shown in full, without a sum of the changes; of one check field by field, if more follow
FEW = 10  # entries with a mention that are shown field by field; a further one is a line
MOST = 100  # entries named in one message
_NOTICES = 20  # health alerts in one message: nobody reads a longer list
_EACH = 5  # changes of one entry that is a line for each
_FIELDS = 3  # fields named in a sum
_ENTITIES = 8  # entities named in a sum

# Records come first, as people act on them; what does not fit is left out from the end.
_RANK = {"record": 0, "statement": 1, "report": 2}
# Of a register, what became of an entry that was there comes before a further one.
_WEIGHT = {ChangeKind.REMOVED: 0, ChangeKind.ADDED: 2}
_ORDER = [
    EventKind.APPROVAL,
    EventKind.REMINDER,
    EventKind.CHANGE,
    EventKind.BASELINE,
    EventKind.HEALTH,
    EventKind.HELD,
    EventKind.TEST,
]

_MORE = mark_many("and {number} more change", "and {number} more changes")
_FROM = mark_many("and {number} more change from {source}", "and {number} more changes from {source}")
_OTHERS = mark_many("and {number} more change from other sources", "and {number} more changes from other sources")
_HELD = mark_many(
    "and {number} more change that is not believed yet", "and {number} more changes that are not believed yet"
)
_ABOUT = mark_many("and {number} more about the sources themselves", "and {number} more about the sources themselves")

Block = list[Line]


def compose(
    events: Sequence[Event],
    *,
    timezone: tzinfo,
    body_limit: int,
    title_limit: int,
    known: Background | None = None,
    recipient: Recipient | None = None,
) -> Composed:
    """One message about one or more events, in at most `body_limit` units of UTF-16 and `title_limit` characters.

    `known` has what the changes cite: records, reports and statements about the same entities.

    Changes come first: those that mention a watched entity, then records before statements before reports, what a
    register removed or changed before what it added, each source in order of time; then baselines, health,
    and what is held. The changes of one entry are shown together: those of the first few field by field, of all others
    a line each. Entries are not cut: those that do not fit are left out from the end, and counted. The HTML is in the
    form that the recipient's service shows.
    """
    recipient = recipient or Recipient()
    known = known or Background()
    with speaking(recipient.language):
        ordered = merge_articles(_order(_merge_failures(events, known.places)))
        draft = _Draft(ordered, timezone, known, recipient)
        blocks = draft.fit(body_limit)
        if any(each.translations or each.summaries for each in known.marks.values()):  # never in the place of the rest
            plain = replace(known, marks={})
            whole = replace(draft, known=plain).fit(body_limit)
            own = [[line for line in block if line.style is not Style.MACHINE] for block in blocks]
            blocks = blocks if own == whole else whole
        title = compose_title(lead_first(ordered), title_limit, draft.neutral, recipient)
        html = render_mail(title, blocks) if recipient.form is Form.DOCUMENT else render_chat(blocks)
        return Composed(title, render_text(blocks, draft.neutral), html)


def _merge_failures(events: Sequence[Event], places: Mapping[str, str]) -> list[Event]:
    """The events, with the failures of sources on one host for one reason merged, in the place of the first.

    `places` are the sources' addresses, by name. The merged event is about the host; its data has the sources'
    `labels`.
    """
    groups: dict[tuple[str, object], list[Event]] = {}
    for event in events:
        host = ""
        if event.kind is EventKind.HEALTH and event.data["status"] == "failing" and event.source:
            try:
                host = urlsplit(places.get(event.source, "")).hostname or ""
            except ValueError:
                host = ""
        groups.setdefault((host, event.data.get("reason") if host else id(event)), []).append(event)
    merged = list[Event]()
    for (host, _), group in groups.items():
        first = min(group, key=lambda event: event.at)
        if len(group) > 1:
            labels = list(dict.fromkeys(event.label for event in group))
            where = phrase_many("{number} source on {host}", "{number} sources on {host}", len(labels), host=host)
            first = replace(first, label=where, data={**first.data, "labels": labels})
        merged.append(first)
    return merged


def _order(events: Sequence[Event]) -> list[Event]:
    """The events in the order of the message."""
    first: dict[str, datetime] = {}
    for event in events:
        first[event.source] = min(event.at, first.get(event.source, event.at))

    def place(event: Event) -> tuple[object, ...]:
        kind, rank = _ORDER.index(event.kind), _RANK.get(event.authority, len(_RANK))
        is_change = event.tells_change
        weight = _WEIGHT.get(event.data["change"], 1) if is_change and rank == 0 else 0
        unmentioned = is_change and not event.mentions
        return kind, unmentioned, rank, weight, first[event.source], event.source, event.at, event.id

    return sorted(events, key=place)


class _Unit(NamedTuple):
    """A part of a message that is never cut: the changes of one entry, one health alert, all baselines."""

    events: list[Event]
    lines: Block
    is_brief: bool = False  # a line for each change


@dataclass(frozen=True, slots=True)
class _Draft:
    """Events in order, for a recipient; `fit` makes the blocks of the message."""

    events: Sequence[Event]
    zone: tzinfo
    known: Background
    recipient: Recipient

    @property
    def neutral(self) -> Callable[[str], str]:
        """The function that makes foreign text safe for the recipient."""
        return clean_sentence if self.recipient.form is Form.DATA else neutralize

    def fit(self, limit: int) -> list[Block]:
        """As many events as fit, in as much detail as possible."""
        chosen = list(self._choose())
        if len(chosen) <= MANY:
            blocks = self._blocks([self._unit(events, FULL) for events in chosen])
            if self._size(blocks) <= limit:
                return blocks
        check = _find_check(chosen[0][0])
        first = {at for at, events in enumerate(chosen[:MANY]) if _find_check(events[0]) == check}
        several = [at for at, events in enumerate(chosen) if at in first or events[0].mentions][:FEW]
        whole = {at: self._unit(chosen[at], BRIEF) for at in several}
        brief = [self._brief(events, linked=True) for events in chosen]

        def make(in_detail: int, named: int) -> list[Block]:
            detailed = several[:in_detail]
            return self._blocks([whole[at] if at in detailed else brief[at] for at in range(named)])

        def find(most: int, blocks_of: Callable[[int], list[Block]]) -> int:
            """The largest number whose blocks fit: each further one makes the message longer."""
            return bisect(range(1, most + 1), x=False, key=lambda number: self._size(blocks_of(number)) > limit)

        if self._size(make(1, len(chosen))) > limit:  # rather further names than links
            brief = [self._brief(events, linked=False) for events in chosen]
        if in_detail := find(len(several), lambda number: make(number, len(chosen))):
            return make(in_detail, len(chosen))
        if named := find(len(chosen), lambda number: make(1, number)):
            return make(1, named)
        return self._squeeze(self._blocks([self._unit(chosen[0], TINY)], with_sum=False), limit)

    def _size(self, blocks: Sequence[Block]) -> int:
        size = units(render_text(blocks, self.neutral))
        return max(size, units(render_chat(blocks))) if self.recipient.form is Form.CHAT else size

    def _choose(self) -> Iterator[list[Event]]:
        """The events to show, grouped by unit."""
        for kind, of_kind in groupby(self.events, key=lambda event: event.kind):
            if kind is EventKind.BASELINE:
                yield from filter(None, split_baselines(list(of_kind)))
            elif kind in {EventKind.CHANGE, EventKind.HELD}:
                yield from group_by_entry(list(of_kind))[:MOST]
            else:
                yield from ([event] for event in list(of_kind)[: MOST if kind is EventKind.REMINDER else _NOTICES])

    def _unit(self, events: list[Event], detail: DetailLevel) -> _Unit:
        first, zone, recipient = events[0], self.zone, self.recipient
        if not first.tells_change:
            return _Unit(events, notice_lines(events, zone, detail, recipient))
        lines = changes_lines(events, zone, detail, self.known.marks)
        if detail is not TINY and first.kind is EventKind.CHANGE:
            lines += desk_lines(events, zone, recipient)
            lines += citation_lines(first, self.known, zone, detail, recipient)
        lines += [*fact_lines(first, zone, detail), *proof_lines(first, recipient)]
        copy = self.known.copies.get(first.id)
        return _Unit(events, [*lines, *([link_line(copy, phrase("An archive's copy of the page"))] if copy else [])])

    def _brief(self, events: list[Event], *, linked: bool) -> _Unit:
        """A line for each change of an entry, or for a reminder, with its link if `linked`; nothing else is shorter."""
        if events[0].kind is EventKind.REMINDER:
            return _Unit(events, brief_reminder(events[0], self.zone, self.recipient, linked=linked), is_brief=True)
        if not events[0].tells_change:
            return self._unit(events, BRIEF)
        different, again = split_repetitions(events)
        lines = list[Line]()
        for event in different[:_EACH]:
            lines.append(item_line(event, linked=linked and self.recipient.form is not Form.PLAIN))
            lines += acknowledge_lines([(event.id, "")], self.recipient) if linked else []
        more = len(different[_EACH:]) + len(again)
        lines += more_line(more, "and {number} more change of this entry", "and {number} more changes of this entry")
        return _Unit(events, lines, is_brief=True)

    def _blocks(self, units: Sequence[_Unit], *, with_sum: bool = True) -> list[Block]:
        """The blocks: the sum of many changes, the units with their sources, and the number of events left out."""
        changes = [event for event in self.events if event.kind is EventKind.CHANGE]
        entries = {(event.source, event.data["key"]) for event in changes}
        blocks = [_sum_lines(changes)] if with_sum and len(entries) > MANY else []
        if with_sum and (reminders := Counter(event.kind for event in self.events)[EventKind.REMINDER]) > MANY:
            number = phrase_many("{number} change", "{number} changes", reminders)
            blocks.insert(0, [Line(Style.WHAT, number, phrase("NOT ACKNOWLEDGED"))])
        checks = Counter(check[0] for check in {_find_check(unit.events[0]) for unit in units} if check)

        def group(unit: _Unit) -> tuple[object, ...] | None:
            check = _find_check(unit.events[0])  # lines about several checks of a source stand together
            return check[:3] if check and unit.is_brief and checks[check[0]] > 1 else check

        for check, of_check in groupby(units, key=group):
            together = list(of_check)
            first, several = together[0].events[0], len(together) > 1
            blocks += [[source_line(first, named=several), *held_lines(first, self.recipient)]] if check else []
            blocks += [unit.lines for unit in together if not unit.is_brief]
            if brief := [line for unit in together if unit.is_brief for line in unit.lines]:
                blocks.append(brief)
            if check:
                last = [unit.events[-1] for unit in together]
                noticed = [event for unit in together for event in (unit.events if unit.is_brief else unit.events[:1])]
                times = time_lines(noticed, self.zone, named=not several)
                blocks.append([*page_lines(last, self.known.places), *times])
        shown = {id(event) for unit in units for event in unit.events}
        hidden = [event for event in self.events if id(event) not in shown]
        more = list(_more_lines(hidden, self.recipient, self.known.places))
        return [*blocks, more] if more else blocks

    def _squeeze(self, blocks: Sequence[Block], limit: int) -> list[Block]:
        """The most important lines that fit, in order: for services with a limit close to that of an SMS."""
        weights, lines = list(Style), [line for block in blocks for line in block]
        by_weight = sorted(range(len(lines)), key=lambda index: weights.index(lines[index].style))
        chosen, room = set[int](), limit
        for index in by_weight:
            needed = len(directed(render_line(lines[index], self.neutral))) + (len(" · ") if chosen else 0)
            if needed <= room:
                chosen.add(index)
                room -= needed
        if not chosen:
            what = lines[by_weight[0]]
            return [[Line(what.style, cut(render_line(what, self.neutral), limit - len(directed(""))))]]
        return [[lines[index] for index in sorted(chosen)]]


def _find_check(event: Event) -> tuple[object, ...] | None:
    """What the changes of one check share, to be shown once, be they held or not; None for other events."""
    if not event.tells_change:
        return None
    return (event.kind, event.source), event.label, event.authority, event.at, event.previous


def _sum_lines(changes: Sequence[Event]) -> list[Line]:
    """The number of changes, by kind and field, and how many mention which entity."""
    sums = list[str]()
    for kind in ChangeKind:
        if of_kind := [event for event in changes if event.data["change"] == kind]:
            number = sum(map(number_of, of_kind))
            # Translators: {change} is as "added"; where the word would have to agree, say "{change}: {number}"
            counted = phrase("{number} {change}", number=phrase_number(number), change=word(kind))
            fields = Counter(shorten(clean(name), 40) for event in of_kind for name in event.data["fields"])
            if kind is ChangeKind.CHANGED and number == len(of_kind) and fields:  # else not all fields are known
                names = _numbered(fields.most_common(_FIELDS))
                names = phrase("{names}, and others", names=names) if len(fields) > _FIELDS else names
                alone = phrase("{changes} in {field}", changes=counted, field=next(iter(fields)))
                counted = alone if [*fields.values()] == [number] else f"{counted} ({names})"
            sums.append(counted)
    total = phrase_many("{number} change", "{number} changes", sum(map(number_of, changes)))
    lines = [Line(Style.WHAT, ", ".join(sums), total)]
    if whom := Counter(entity for event in changes for entity in event.entities):
        names, rest = _numbered(whom.most_common(_ENTITIES)), len(whom) - _ENTITIES
        if rest > 0:
            names = phrase_many("{names} and {number} other", "{names} and {number} others", rest, names=names)
        number = sum(bool(event.mentions) for event in changes)
        told = phrase_many(
            "{number} of them mentions what you watch", "{number} of them mention what you watch", number
        )
        lines.append(Line(Style.PLAIN, label_text(told, names)))
    return lines


def _numbered(names: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{name} {phrase_number(count)}" for name, count in names)


def _more_lines(hidden: Sequence[Event], recipient: Recipient, places: Mapping[str, str]) -> Iterator[Line]:
    """The number of events left out, and where they are: at the desk, for an operator the command that lists them, else
    the register's page.
    """
    changes = Counter[tuple[str, str]]()
    for event in hidden:
        if event.kind is EventKind.CHANGE:
            changes[event.source, event.label] += number_of(event)
    kinds, named, desk = Counter(event.kind for event in hidden), changes.most_common(3), recipient.desk

    def line(sentences: tuple[str, str], number: int, command: str, url: str | None = None, source: str = "") -> Line:
        what = phrase_many(*sentences, number, source=source)
        if recipient.operator and not url:
            return Line(Style.COMMAND, command, what)
        return Line(Style.FACT, what, url=url or "")

    for (source, label), number in named:
        url = changes_link(desk, source) or (None if recipient.operator else web_address(places.get(source)))
        yield line(_FROM if len(changes) > 1 else _MORE, number, f"watch log --source {quote(source)}", url, label)
    if others := changes.total() - sum(number for _, number in named):
        yield line(_OTHERS, others, "watch log", changes_link(desk))
    if asked := kinds[EventKind.REMINDER]:
        yield line(_MORE, asked, "watch log", desk)
    if held := kinds[EventKind.HELD]:
        yield line(_HELD, held, "watch status")
    if about := kinds[EventKind.BASELINE] + kinds[EventKind.HEALTH]:
        yield line(_ABOUT, about, "watch status")
