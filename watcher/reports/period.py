"""A period: its changes by source and entity, the checks, the times without a reading. As values and as JSON, as text,
as rows of a file, and as one page of HTML: it loads nothing, runs nothing, and can be printed.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import groupby, islice
from operator import attrgetter
from typing import Annotated, NamedTuple

from pydantic import Field, PlainSerializer, SkipValidation

from alerts.case.view import say_witness
from alerts.event.change_json import sides_of
from alerts.event.told_fields import WITH_SIDES, told_fields
from alerts.language import mark, phrase, phrase_day, phrase_moment
from alerts.matching.watchlist import Watchlist
from alerts.message.change_lines import side_lines
from alerts.message.lines import FULL
from alerts.message.wording import word
from alerts.templating import render
from sources import ReadError
from state.db.repository import chunks
from state.model import Change, ChangeKind, Event
from state.storage.browsing import ChangeFilter
from state.store import Store
from watcher.check.context import CheckTarget
from watcher.check.matching import find_mentions
from watcher.config.load import Config
from watcher.reports import ReportModel, Time, iso
from watcher.reports.past import GapReport, find_rest, past_events, report_gaps
from watcher.terminal.console import say, table
from watcher.terminal.new_file import Row
from watcher.terminal.words import about, change_line, count, moment, more_line

KINDS = ("added", "changed", "removed", "reappeared", "rekeyed")
_INSTANT = timedelta(microseconds=1)
CHANGES = (
    *("change", "at", "checked_before", "source", "label", "authority", "kind", "key", "title", "url"),
    *("field", "before", "after", "entities", "more", "proof", "cleared"),
)
SOURCES = (
    *("source", "label", "authority", *KINDS, "entities", "checks_that_read"),
    *("checks_that_failed", "days_with_checks", "hours_without_a_reading", "longest_hours", "not_known"),
)
MOST = 5000  # changes in a page
_HEADINGS = ("SOURCE", "ADDED", "CHANGED", "REMOVED", "BACK", "REKEYED", "READ", "FAILED", "UNREAD", "LONGEST")

Seconds = Annotated[timedelta, PlainSerializer(timedelta.total_seconds, return_type=float)]


class Period(NamedTuple):
    """What is asked: a period, without its end, and whose changes; None means all. `now` is when that is asked."""

    since: datetime
    until: datetime
    source: str | None
    entity: str | None
    now: datetime

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day (UTC) that begins in it; the day of its beginning if none does."""
        first = self.since.astimezone(UTC)
        midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
        begin = first.date() if first == midnight else first.date() + timedelta(days=1)
        last = (min(self.until, self.now + _INSTANT) - _INSTANT).astimezone(UTC).date()
        return (begin, last) if begin <= last else (first.date(), first.date())


class Checks(ReportModel):
    """The checks on the days (UTC) that begin in a period: those that could read a source, those that could not or were
    not believed, and on how many days there were any.
    """

    read: int
    failed: int
    days: int


class UnreadTime(ReportModel):
    """The time without a reading, and its longest part; in seconds."""

    span: Seconds = Field(serialization_alias="seconds")
    longest: Seconds


class SourcePeriod(ReportModel):
    """A source in a period: its changes by kind, and by the entities that they mention; how closely it was watched."""

    name: str
    label: str
    authority: str
    changes: dict[str, int]
    entities: dict[str, int]
    checks: Checks
    unread: UnreadTime
    gaps: list[GapReport]

    @property
    def numbers(self) -> list[int]:
        """The changes of each kind, in the order of KINDS."""
        return [self.changes.get(kind, 0) for kind in KINDS]

    @property
    def entities_in_words(self) -> str:
        """The mentioned entities with their numbers: `telegram 3, max 1`."""
        return ", ".join(f"{entity} {number}" for entity, number in self.entities.items())


class ClearingReport(ReportModel):
    """That an entry was cleared for an entity: by whom, why, until when; and when, by whom (null: a check) and because
    of what that ended. `title` is that of the entry as it was then.
    """

    at: Time
    who: str
    entity: str
    source: str
    key: str
    title: str
    why: str
    until: Time | None
    ended: Time | None
    who_ended: str | None
    why_ended: str | None


CLEARINGS = tuple(ClearingReport.model_fields)


class PeriodReport(ReportModel):
    """A period without its changes. `entities` counts the changes that mention each entity, over all sources;
    `clearings` are those that were made, or have ended, in it.
    """

    since: Time
    until: Time
    source: str | None
    entity: str | None
    entities: dict[str, int]
    sources: list[SourcePeriod]
    clearings: list[ClearingReport]
    period: Annotated[Period, SkipValidation] = Field(exclude=True, repr=False)

    @property
    def changes(self) -> int:
        """How many changes there were."""
        return sum(sum(each.changes.values()) for each in self.sources)


def report_period(store: Store, config: Config, period: Period) -> PeriodReport:
    """What happened in a period. Raises StateError."""
    if period.source is not None:
        names = [period.source]
    else:
        logged = {event.source for event in find_changes(store, period)}
        names = sorted({*config.sources, *(status.name for status in store.source_statuses()), *logged})
    entities, found = Counter[str](), {name: _Counted() for name in names}
    for event in find_changes(store, period):
        mine = found.get(event.source)
        if mine is None:
            continue  # a source that was forgotten, and a log that was not asked for it
        mine.label, mine.authority = mine.label or event.label, mine.authority or event.authority
        mine.changes[event.data["change"]] += 1 + event.data.get("more", {}).get("count", 0)
        mine.entities.update(event.entities)
        entities.update(event.entities)
    asked = {name: getattr(period, name) for name in ("since", "until", "source", "entity")}
    sources = [_report_source(store, config, period, name, counted) for name, counted in found.items()]
    clearings = list(_find_clearings(store, period))
    counts = dict(entities.most_common())
    return PeriodReport(**asked, entities=counts, sources=sources, clearings=clearings, period=period)


def find_changes(store: Store, period: Period) -> Iterator[Event]:
    """The changes of a period, the oldest first. Raises StateError."""
    wanted = ChangeFilter(period.source, period.entity, after=period.since - _INSTANT, before=period.until)
    return store.browse.in_order(wanted)


def find_past_changes(store: Store, config: Config, period: Period) -> list[Event]:
    """What others saw change in a period of entries that mention watched entities, as `past_events` tells it, but the
    earliest first. Raises StateError.
    """
    entities, found = {period.entity} if period.entity else {*config.entities}, list[Event]()
    watchlist = Watchlist({name: each for name, each in config.entities.items() if name in entities})
    for name in {*config.sources}.intersection(store.past.sources() if watchlist else ()):
        numbers = _find_mentioning(CheckTarget(name, config.sources[name], store, watchlist))
        if numbers and period.source in {None, name}:
            events = past_events(store, config, name, numbers)
            inside = (event for event in events if period.since <= event.at < period.until)
            found += [event for event in inside if entities.intersection(event.entities)]
    return sorted(found, key=attrgetter("at"))


def _find_mentioning(target: CheckTarget) -> set[int]:
    """The numbers of the entries of captures that mention somebody; a text that takes too long to search does not."""
    past, found, added = target.store.past, set[int](), ChangeKind.ADDED
    for some in chunks(past.numbers(target.name).values()):
        contents = past.contents(some)
        told = find_mentions(target, [Change(added, None, entry, {}) for entry in contents.values()])
        with suppress(ReadError):
            found.update(number for number, (_, mentions) in zip(contents, told, strict=True) if mentions)
    return found


def _find_clearings(store: Store, period: Period) -> Iterator[ClearingReport]:
    """What was decided about hits, the earliest first."""
    for each in reversed(store.clearings.all()):
        decided = [at for at in (each.at, each.ended) if at and period.since <= at < period.until]
        if decided and period.source in {None, each.source} and period.entity in {None, each.entity}:
            title = next(iter(each.facts.get("title", ())), None)
            yield ClearingReport(title=title or "", **each._asdict())


class _Counted:
    """What the log says of a source in a period."""

    def __init__(self) -> None:
        self.label = self.authority = ""
        self.changes, self.entities = Counter[str](), Counter[str]()


def _report_source(store: Store, config: Config, period: Period, name: str, counted: _Counted) -> SourcePeriod:
    source, until = config.sources.get(name), min(period.until, period.now)
    rest = find_rest(store, config, name, period.now)
    gaps = store.history.gaps(name, period.since, until, now=period.now, rest=rest)
    unread = [gap.within(period.since, until) for gap in gaps if gap.is_unread]
    days = store.history.checks([name], *period.days).get(name, [])
    return SourcePeriod(
        name=name,
        label=source.label_or(name) if source else counted.label,
        authority=source.authority if source else counted.authority,
        changes=dict(counted.changes),
        entities=dict(counted.entities.most_common()),
        checks=Checks(read=sum(day.read for day in days), failed=sum(day.failed for day in days), days=len(days)),
        unread=UnreadTime(span=sum(unread, timedelta()), longest=max(unread, default=timedelta())),
        gaps=report_gaps(gaps),
    )


def print_period(found: PeriodReport, events: Iterable[Event], zone: tzinfo) -> None:
    """Print the sources, the entities, the first changes, and what is not known."""
    rows = list[list[str]]()
    for each in found.sources:
        spans = (about(span) if span else "-" for span in (each.unread.span, each.unread.longest))
        rows.append([each.name, *map(str, [*each.numbers, each.checks.read, each.checks.failed]), *spans])
    table(_HEADINGS, rows, right=_HEADINGS[1:])
    say()
    for entity, number in found.entities.items():
        say(f"{entity}: {count(number, 'change')}", indent=2)
    for line in clearing_lines(found, zone):
        say(line, indent=2, hang=4)
    for number, event in enumerate(events):
        if number == 50:  # changes in a text
            say("and more; --html, --csv, --xlsx and --json have them all", indent=2)
            break
        seen = "" if event.id else f"; {say_witness(event.data['witness'], event.previous, event.at, zone)}"
        say(f"{moment(event.at, zone)}  {event.source}: {change_line(event)}{seen}", indent=2, hang=4)
    for each in found.sources:
        for gap in each.gaps:
            say(f"{each.name}: {gap.words(zone)}", indent=2, hang=4)
    since, until = moment(found.since, zone), moment(found.until, zone)
    changes, sources = count(found.changes, "change"), count(len(found.sources), "source")
    say(f"from {since} to {until} ({zone}): {changes} of {sources}; checks are those of the days (UTC) in it", hang=4)


def change_rows(events: Iterable[Event]) -> Iterator[Row]:
    """A row for each field that differs; for an entry that came or went one row, with all its fields as JSON."""
    for event in events:
        data, proof = event.data, event.proof
        head = (str(event.id), event.at.isoformat(), iso(event.previous) or "", event.source, event.label)
        head += (event.authority, *(data[name] or "" for name in ("change", "key", "title", "url")))
        seen = f"{proof.capture} {proof.link}" if proof else ""
        tail = (" ".join(event.entities), more_line(data), seen, " ".join(data.get("cleared", ())))
        fields = {name: (side["before"] or "", side["after"] or "") for name, side in data["fields"].items()}
        if "former_key" in data:
            yield (*head, "key", data["former_key"], data["key"], *tail)
        if data["change"] in WITH_SIDES and (fields or "former_key" in data):
            for name, values in fields.items():
                yield (*head, name, *values, *tail)
        else:
            sides = (json.dumps(fields, ensure_ascii=False) if fields else "" for fields in sides_of(data))
            yield (*head, "", *sides, *tail)


def clearing_lines(found: PeriodReport, zone: tzinfo) -> Iterator[str]:
    """What was decided about hits, in words."""
    for each in found.clearings:
        at, until, ended = (moment(when, zone) if when else "" for when in (each.at, each.until, each.ended))
        told = each.model_dump() | {"title": each.title or each.key, "until": until, "ended": ended}
        if until:
            said = phrase("{title} ({source}) is not {entity}: cleared until {until} by {who}: {why}", **told)
        else:
            said = phrase("{title} ({source}) is not {entity}: cleared by {who}: {why}", **told)
        if ended:
            end = mark("Ended {when} by {who}: {why}") if each.who_ended else mark("Ended {when}: {why}")
            said += f". {phrase(end, when=ended, who=each.who_ended, why=each.why_ended)}"
        yield f"{at}  {said}"


def clearing_rows(found: PeriodReport) -> Iterator[Row]:
    """A row for each decision about a hit."""
    for each in found.clearings:
        yield [value or "" for value in each.dump().values()]


def source_rows(found: PeriodReport, zone: tzinfo) -> Iterator[Row]:
    """A row for each source."""
    for each in found.sources:
        yield (
            each.name,
            each.label,
            each.authority,
            *map(str, each.numbers),
            each.entities_in_words,
            *map(str, (each.checks.read, each.checks.failed, each.checks.days)),
            *(f"{span / timedelta(hours=1):.2f}" for span in (each.unread.span, each.unread.longest)),
            "; ".join(gap.words(zone) for gap in each.gaps),
        )


def notes(found: PeriodReport, zone: tzinfo) -> list[Row]:
    """What the rows are about."""
    return [
        ("from", found.since.astimezone(zone).isoformat()),
        ("to", found.until.astimezone(zone).isoformat()),
        *((name, value) for name, value in (("source", found.source), ("entity", found.entity)) if value),
        ("changes", str(found.changes)),
        ("cleared hits", str(len(found.clearings))),
        ("checks", "those of the days (UTC) that begin in the period"),
    ]


def page_of(found: PeriodReport, events: Iterable[Event], zone: tzinfo) -> str:
    """The page of a period, with times in `zone`; its own time is that at which the period was asked for."""
    used = about, moment, more_line, phrase_day, phrase_moment, told_fields, say_witness, side_lines, word
    shown = list(islice(events, MOST + 1))
    return render(
        "period.html.j2",
        report=found,
        zone=zone,
        days=groupby(shown[:MOST], key=lambda event: event.at.astimezone(zone).date()),
        cut=MOST if len(shown) > MOST else 0,
        most_fields=20,  # fields of a change in a page
        longest=400,  # characters of a title in a page
        clearings=list(clearing_lines(found, zone)),
        detail=FULL,
        **{each.__name__: each for each in used},
    )
