"""What an alert cites about its entities: the registers' records, and earlier reports and statements. Pure.

A report or a statement cites the record, or the fact that there is none. A record cites earlier reports and statements.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from shlex import quote
from typing import Any, NamedTuple

from alerts.grouping import merge_articles
from alerts.language import mark, phrase, phrase_beside, phrase_day, phrase_many, phrase_span
from alerts.message.lines import DetailLevel, Line, Style, link_line, sentence_line
from alerts.message.recipient import Recipient
from alerts.message.titles import change_words
from alerts.message.wording import exact, label_text, moment, read_iso, shorten, with_capital, word, worth_of
from sources.text import clean
from state.model import Event, EventKind, Marks

CITED = 3  # most records, reports, or statements cited for an entity
RECENT = timedelta(days=7)  # older reports are not part of the same news
_ENTITIES = 3  # most entities of an alert with citations
_WORDY = 400  # characters of a value: a longer citation has its link
_BRIEF = timedelta(minutes=1)  # a shorter time between two events is not told
_EAST, _WEST = timedelta(hours=14), timedelta(hours=12)  # how much earlier and later than in UTC a day is somewhere

_HAPPENED = {
    "changed": mark("the register's entry changed {when}"),
    "added": mark("the register's entry was added {when}"),
    "removed": mark("the register's entry was removed {when}"),
    "reappeared": mark("the register's entry came back {when}"),
    "rekeyed": mark("the register's entry got another key {when}"),
}
_BEFORE_AFTER = {
    "record": (mark("before this change"), mark("after this change")),
    "statement": (mark("before this statement"), mark("after this statement")),
    "report": (mark("before this report"), mark("after this report")),
}


class Coverage(NamedTuple):
    """The numbers of registers that were read, of those that cannot be read now, and of other sources that were read
    all the RECENT time; `searched` says whether all entries of the registers were searched.
    """

    registers: int = 0
    unread: int = 0
    others: int = 0
    searched: bool = True


class StandingEntry(NamedTuple):
    """An entry of a register, of which no change was seen; `worth` is set where others publish it."""

    label: str
    title: str
    url: str | None
    worth: str = ""


@dataclass(frozen=True, slots=True)
class Background:
    """What is known when a message is composed.

    `events` mention its entities, the newest first. `standing` has entries of entities without an event of a register.
    `places` are the addresses of sources, for entries without one of their own. `told` are the ids of the events in the
    message itself, `copies` the addresses of an archive's copies of their pages, `marks` what people made of them, by
    these ids.
    """

    events: Sequence[Event] = ()
    standing: Mapping[str, Sequence[StandingEntry]] = field(default_factory=dict)
    coverage: Coverage = field(default_factory=Coverage)
    places: Mapping[str, str] = field(default_factory=dict)
    told: frozenset[int] = frozenset()
    copies: Mapping[int, str] = field(default_factory=dict)
    marks: Mapping[int, Marks] = field(default_factory=dict)

    def records(self, entity: str, names: Collection[str] = ()) -> list[Event]:
        """The latest event of each register about an entity: a change, or else that it was on the first snapshot. Only
        those about one of the entity's `names`, if there are any; of one reading rather one about an entry that was
        there than a further one.
        """

        def weigh(event: Event) -> tuple[object, ...]:
            return event.kind is EventKind.CHANGE, event.at, event.data.get("change") != "added", event.id

        def is_named(event: Event) -> bool:  # by a mention, or in the title of an entry
            items = _items(event, entity) if event.kind is EventKind.BASELINE else [event.data]
            own = (mention.name for mention in event.mentions if mention.entity == entity)
            return any(name in names for name in own) or any(_is_titled(item, names) for item in items)

        found = [event for event in self._about(entity) if event.authority == "record"]
        named = list(filter(is_named, found)) or found
        newest = {event.source: event for event in sorted(named, key=weigh)}
        return sorted(newest.values(), key=lambda event: event.at, reverse=True)

    def others(self, entity: str, authority: str) -> list[Event]:
        """The latest reports, or statements, about an entity."""
        changes = (event for event in self._about(entity) if event.kind is EventKind.CHANGE)
        return [event for event in changes if event.authority == authority and event.data["change"] != "removed"]

    def related(self, event: Event) -> list[Event]:
        """The changes before an event about one of the entities that it mentions, the newest first."""
        before = (other for other in self.events if other.kind is EventKind.CHANGE and other.at <= event.at)
        return [
            other for other in before if other.id != event.id and not set(event.entities).isdisjoint(other.entities)
        ]

    def _about(self, entity: str) -> Iterator[Event]:
        return (event for event in self.events if entity in event.entities)


def _items(event: Event, entity: str) -> list[Mapping[str, Any]]:
    """The entries of a summary that mention an entity."""
    return [item for item in event.data.get("mentioned", ()) if entity in item.get("entities", ())]


def _is_titled(item: Mapping[str, Any], names: Collection[str]) -> bool:
    title = item["title"].casefold()
    return any(name.casefold() in title for name in names)


def citation_lines(
    event: Event, known: Background, zone: tzinfo, detail: DetailLevel, recipient: Recipient
) -> list[Line]:
    """The citations in an alert about a change, for each entity that it mentions."""
    lines: list[Line] = []
    for entity in event.entities[:_ENTITIES]:
        whom = f" ({entity})" if len(event.entities) > 1 else ""
        if event.authority != "record":
            lines += _records(event, entity, whom, known, zone, detail)
        for authority in ("statement", "report"):
            if authority != event.authority:
                lines += _others(event, known.others(entity, authority), whom, known, zone, detail)
    if detail.value < _WORDY:
        return lines
    # There are other sources, and none of them has mentioned any of a record's entities.
    told = [other for other in known.events if other.authority != "record" and {*other.entities} & {*event.entities}]
    if event.authority == "record" and event.entities and known.coverage.others > 0 and not told:
        none = sentence_line("No report or statement about it was seen in the {days} days before.", days=RECENT.days)
        lines.append(none)
    if recipient.operator and any(other.id != event.id for other in known.events):
        # Translators: before a command that lists all that is known of somebody
        whole = phrase("All of it")
        lines += [Line(Style.COMMAND, f"watch case {quote(entity)}", whole) for entity in event.entities[:1]]
    return lines


def _records(
    event: Event, entity: str, whom: str, known: Background, zone: tzinfo, detail: DetailLevel
) -> Iterator[Line]:
    names = {mention.name for mention in event.mentions if mention.entity == entity}
    records = known.records(entity, names)
    label = f"{with_capital(word('record'))}{whom}"
    for record in records[:CITED]:
        items = _items(record, entity)
        item = next((item for item in items if _is_titled(item, names)), next(iter(items), {}))
        if record.kind is EventKind.CHANGE:  # "changed between 18:47 and 19:02 MSK, at least 2 h before this report"
            span = KnownSpan(record.known_after, record.at)
            happened = phrase(_HAPPENED[record.data["change"]], when=_when(span, event, zone))
            words = _in_order(happened, span, event)
        else:
            added = mark("the register has had an entry on it since before it was first looked for, {when}")
            read = mark("the register has had an entry on it since before it was first read, {when}")
            words = phrase(added if record.data.get("added") else read, when=_at(record.at, event, zone))
        yield from _cite(record, words, label, known, detail, item)
    standing = () if records else known.standing.get(entity, ())
    for entry in standing[:CITED]:
        what = label_text(phrase("an entry on the register mentions it"), shorten(clean(entry.title), detail.value))
        yield Line(Style.FACT, f"{what} ({', '.join(filter(None, (entry.label, worth_of(entry.worth))))})", label)
        if entry.url and detail.value >= _WORDY:
            yield link_line(entry.url)
    if not records and not standing and known.coverage.registers:
        none = mark("no entry on the watched registers mentions it yet")
        unseen = mark("no change that was seen on the watched registers mentions it yet")
        what, unread = phrase(none if known.coverage.searched else unseen), known.coverage.unread
        but = phrase_many("{number} of them cannot be read now", "{number} of them cannot be read now", unread)
        yield Line(Style.FACT, f"{what}; {but}" if unread else what, label)


def _others(
    event: Event, others: Sequence[Event], whom: str, known: Background, zone: tzinfo, detail: DetailLevel
) -> Iterator[Line]:
    """The citations of one authority. A record does not cite events that its own message contains."""
    here = known.told if event.authority == "record" else frozenset[int]()
    cited = [other for other in others if other.id != event.id and other.id not in here]
    for other in merge_articles(cited)[:CITED]:
        when = _in_order(_when(public_span(other), event, zone), public_span(other), event)
        yield from _cite(other, when, f"{with_capital(word(other.authority))}{whom}", known, detail)


def _cite(
    cited: Event, what: str, label: str, known: Background, detail: DetailLevel, item: Mapping[str, Any] | None = None
) -> Iterator[Line]:
    """A line about an event, and its link; a short line if the same message contains the event. Of a summary one `item`
    is cited.
    """
    source = cited.label if cited.worth == cited.authority else f"{cited.label}, {worth_of(cited.worth)}"
    if cited.id in known.told:
        here = phrase("{what} ({source}, in this message)", what=what, source=source)
        yield Line(Style.FACT, here, label)
        return
    is_change, item = cited.kind is EventKind.CHANGE, item or cited.data
    title = change_words(cited) if is_change else clean(item.get("title", ""))
    said = label_text(what, shorten(title, detail.value)) if title else what
    yield Line(Style.FACT, phrase("{news} ({source})", news=said, source=source), label)
    url = item.get("url") or known.places.get(cited.source)
    if url and detail.value >= _WORDY:
        yield link_line(url)


class KnownSpan(NamedTuple):
    """The time in which something happened, as far as is known: `first` is None where it may have been any time before
    `last`. `day` is set where a source gives no more than a date.
    """

    first: datetime | None
    last: datetime
    day: date | None = None


def public_span(event: Event) -> KnownSpan:
    """When an event became public: a new report or statement when it says that it was published, all else between the
    two readings.
    """
    said = read_iso(event.data.get("published") or "")
    if event.authority == "record" or event.data.get("change") != "added" or said is None or said > event.at + _EAST:
        return KnownSpan(event.known_after, event.at)
    if exact(event.data["published"]):
        return KnownSpan(said, said) if said < event.at else KnownSpan(event.known_after, event.at)
    first = said - _EAST if said.year > 1 else None
    return KnownSpan(first, min(said + timedelta(days=1) + _WEST, event.at), said.date())


def _when(span: KnownSpan, event: Event, zone: tzinfo) -> str:
    """`19:02 MSK`, `between 18:47 and 19:02 MSK`, or a day."""
    if span.day:
        return phrase_day(span.day)
    last = _at(span.last, event, zone)
    first = _at(span.first, event, zone) if span.first else ""
    if first == last:
        return last
    if not first:
        return phrase("before {last}", last=last)
    return phrase("between {first} and {last}", first=first.rpartition(" ")[0], last=last)


def _at(at: datetime, event: Event, zone: tzinfo) -> str:
    return moment(at, zone, near=public_span(event).last, seconds=False)


def _in_order(what: str, span: KnownSpan, event: Event) -> str:
    """What happened, and how long before or after the alert's own event, if that can be said."""
    own, (before, after) = public_span(event), _BEFORE_AFTER.get(event.authority, _BEFORE_AFTER["record"])
    if own.first and span.last < own.first:
        order, gap = phrase(before), own.first - span.last
    elif span.first and own.last < span.first:
        order, gap = phrase(after), span.first - own.last
    else:
        return phrase("{what}; which came first is not known", what=what)
    if span.day or own.day:
        gap -= gap % timedelta(days=1)
    if gap >= _BRIEF:
        is_exact = span.first == span.last and own.first == own.last
        # Translators: how long before or after: the order is “before this report” or the like
        least = mark("{span} {order}") if is_exact else mark("at least {span} {order}")
        order = phrase(least, span=phrase_span(gap), order=order)
    return phrase_beside(what, order)
