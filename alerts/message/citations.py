"""What an alert cites about its entities: the registers' records, and earlier reports and statements. Pure.

A report or a statement cites the record, or the fact that there is none. A record cites earlier reports and statements.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from shlex import quote
from typing import NamedTuple

from alerts.grouping import merge_articles
from alerts.message.lines import DetailLevel, Line, Style, link_line
from alerts.message.recipient import Recipient
from alerts.message.titles import change_words
from alerts.message.wording import clock, public_since, shorten, span_words
from sources.text import clean
from state.model import Event, EventKind

CITED = 3  # most records, reports, or statements cited for an entity
RECENT = timedelta(days=7)  # older reports are not part of the same news
_ENTITIES = 3  # most entities of an alert with citations
_WORDY = 400  # characters of a value: a longer citation has its link
_ROUGH = timedelta(minutes=15)  # a register that is checked less often may have changed well before it was seen

_HAPPENED = {"changed": "changed", "added": "was added", "removed": "was removed", "reappeared": "came back"}
_SUBJECT = {"record": "this change", "statement": "this statement", "report": "this report"}


class Coverage(NamedTuple):
    """The numbers of registers that were read, of those that cannot be read now, and of other sources that were read;
    `searched` says whether all entries of the registers were searched.
    """

    registers: int = 0
    unread: int = 0
    others: int = 0
    searched: bool = True


class StandingEntry(NamedTuple):
    """An entry of a register, of which no change was seen."""

    label: str
    title: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Background:
    """What is known when a message is composed.

    `events` mention its entities, the newest first. `standing` has entries of entities without an event of a register.
    `places` are the addresses of sources, for entries without one of their own. `told` are the ids of the events in the
    message itself.
    """

    events: Sequence[Event] = ()
    standing: Mapping[str, Sequence[StandingEntry]] = field(default_factory=dict)
    coverage: Coverage = field(default_factory=Coverage)
    places: Mapping[str, str] = field(default_factory=dict)
    told: frozenset[int] = frozenset()

    def records(self, entity: str) -> list[Event]:
        """The latest event of each register about an entity: a change, or else that it was on the first snapshot."""
        newest: dict[str, Event] = {}
        for event in self._about(entity):
            if event.authority == "record":
                best = newest.setdefault(event.source, event)
                if event.kind is EventKind.CHANGE and best.kind is not EventKind.CHANGE:
                    newest[event.source] = event
        return sorted(newest.values(), key=lambda event: event.at, reverse=True)

    def others(self, entity: str, authority: str) -> list[Event]:
        """The latest reports, or statements, about an entity."""
        changes = (event for event in self._about(entity) if event.kind is EventKind.CHANGE)
        return [event for event in changes if event.authority == authority and event.data["change"] != "removed"]

    def is_first(self, event: Event) -> bool:
        """Whether no other source has mentioned any of a record's entities, although there are other sources."""
        others = (other for entity in event.entities for other in self._about(entity) if other.authority != "record")
        return self.coverage.others > 0 and next(others, None) is None

    def related(self, event: Event) -> list[Event]:
        """The changes before an event about one of the entities that it mentions, the newest first."""
        before = (other for other in self.events if other.kind is EventKind.CHANGE and other.at <= event.at)
        return [
            other for other in before if other.id != event.id and not set(event.entities).isdisjoint(other.entities)
        ]

    def _about(self, entity: str) -> Iterator[Event]:
        return (event for event in self.events if entity in event.entities)


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
    if event.authority == "record" and event.entities and known.is_first(event):
        lines.append(Line(Style.PLAIN, f"No report or statement about it was seen in the {RECENT.days} days before."))
    if recipient.operator and any(other.id != event.id for other in known.events):
        lines += [Line(Style.COMMAND, f"watch case {quote(entity)}", "All of it") for entity in event.entities[:1]]
    return lines


def _records(
    event: Event, entity: str, whom: str, known: Background, zone: tzinfo, detail: DetailLevel
) -> Iterator[Line]:
    records = known.records(entity)
    label = f"Record{whom}"
    for record in records[:CITED]:
        yield from _cite(record, _record_words(record, event, zone), label, known, detail, entity)
    standing = () if records else known.standing.get(entity, ())
    for entry in standing[:CITED]:
        what = f"an entry on the register mentions it: {shorten(clean(entry.title), detail.value)} ({entry.label})"
        yield Line(Style.FACT, what, label)
        if entry.url and detail.value >= _WORDY:
            yield link_line(entry.url)
    if not records and not standing and known.coverage.registers:
        what = "no entry on" if known.coverage.searched else "no change that was seen on"
        but = f"; {known.coverage.unread} of them cannot be read now" if known.coverage.unread else ""
        yield Line(Style.FACT, f"{what} the watched registers mentions it yet{but}", label)


def _others(
    event: Event, others: Sequence[Event], whom: str, known: Background, zone: tzinfo, detail: DetailLevel
) -> Iterator[Line]:
    """The citations of one authority. A record does not cite events that its own message contains."""
    here = known.told if event.authority == "record" else frozenset[int]()
    cited = [other for other in others if other.id != event.id and other.id not in here]
    for other in merge_articles(cited)[:CITED]:
        when = f"{clock(public_time(other), zone, public_time(event))}, {_gap(public_time(other), event)}"
        yield from _cite(other, when, f"{other.authority.capitalize()}{whom}", known, detail)


def _cite(
    cited: Event, what: str, label: str, known: Background, detail: DetailLevel, entity: str | None = None
) -> Iterator[Line]:
    """A line about an event, and its link; a short line if the same message contains the event."""
    if cited.id in known.told:
        yield Line(Style.FACT, f"{what} ({cited.label}, in this message)", label)
        return
    if cited.kind is EventKind.CHANGE:
        item, title = cited.data, change_words(cited.data)
    else:  # a summary, in which the first entry that mentions the entity is cited
        named = (each for each in cited.data.get("mentioned", ()) if entity in each.get("entities", ()))
        item = next(named, {})
        title = item.get("title", "")
    said = f": {shorten(clean(title), detail.value)}" if title else ""
    yield Line(Style.FACT, f"{what}{said} ({cited.label})", label)
    url = item.get("url") or known.places.get(cited.source)
    if url and detail.value >= _WORDY:
        yield link_line(url)


def _record_words(record: Event, event: Event, zone: tzinfo) -> str:
    """`the register's entry changed 19:02 MSK, 2 h before this report`."""
    at = clock(record.at, zone, public_time(event))
    if record.kind is not EventKind.CHANGE:
        since = "it was first looked for" if record.data.get("added") else "it was first read"
        return f"the register has had an entry on it since before {since}, {at}"
    rough = record.previous is not None and record.at - record.previous > _ROUGH
    checked = f" (last checked before {clock(record.previous, zone, record.at)})" if rough and record.previous else ""
    return f"the register's entry {_HAPPENED[record.data['change']]} {at}{checked}, {_gap(record.at, event)}"


def _gap(at: datetime, event: Event) -> str:
    """How long before or after the alert's own event something happened."""
    span, subject = public_time(event) - at, _SUBJECT.get(event.authority, "this")
    if abs(span) < timedelta(seconds=1):
        return f"at the time of {subject}"
    return f"{span_words(abs(span))} {'before' if span > timedelta() else 'after'} {subject}"


def public_time(event: Event) -> datetime:
    """When an event became public, as far as is known: a new report when it was published, a change of a register when
    it was seen.
    """
    new = event.authority != "record" and event.data.get("change") == "added"
    return public_since(event.data.get("published"), event.at) if new else event.at
