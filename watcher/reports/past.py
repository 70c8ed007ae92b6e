"""What a register said at an earlier time: an entry, an entry's life, what changed between two times, and what is not
known. Each is one object for `--json`, the API, the pages and the text, which is printed here.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from itertools import islice
from pathlib import Path
from typing import Annotated, NamedTuple, Self

from pydantic import BeforeValidator, Field, SkipValidation

from alerts.event.change_json import ProofJson, SidesJson
from alerts.language import mark, phrase
from alerts.matching.watchlist import Watchlist
from alerts.message.wording import keeper
from sources import Entry, ReadError
from state.compare.changes import field_changes
from state.history.history import CAPTURES, Gap, PastEntry
from state.history.life import FIRST, Value
from state.history.undo import CHECK
from state.model import ChangeKind, Event, PastWitness, Standing
from state.store import Store
from watcher.check.context import CheckTarget
from watcher.check.event_factory import EventFactory
from watcher.check.log_limit import SingleChange
from watcher.check.matching import find_mentions
from watcher.config.arguments import check_known
from watcher.config.load import Config
from watcher.config.open_state import open_existing_state
from watcher.reports import ReportModel, Time, iso
from watcher.schedule.due_times import Timing, longest_rest
from watcher.terminal.console import say
from watcher.terminal.new_file import Row, new_file, write_csv, write_sheets
from watcher.terminal.words import count, field_lines, moment

_MOST = 2000  # characters of a value that are printed
_MIDNIGHT = time(tzinfo=UTC)
_NEVER = mark("nothing is known: it was never read")
_UNKNOWN = {  # each with its end, and while it lasts
    "failing": (mark("not read from {since} to {until}: failing"), mark("not read since {since}: failing")),
    "suspicious": (
        mark("not believed from {since} to {until}: what was read was held as suspicious"),
        mark("not believed since {since}: what was read is held as suspicious"),
    ),
    "not_checked": (mark("not checked from {since} to {until}"), mark("not checked since {since}")),
    "reread": (mark("read otherwise from {since} on: its options or its reader changed, and with them values"),) * 2,
    "moved": (mark("read at another place from {since} on: its address or its kind changed"),) * 2,
    "first": (mark("nothing is known before {until}: it was first read then"), _NEVER),
    "captures": (
        mark("known only from captures of others from {since} to {until}"),
        mark("known only from captures of others since {since}"),
    ),
    "upgrade": (mark("nothing is known before {until}: the release before this one kept no history"), _NEVER),
    "retention": (mark("nothing is known before {until}: what is older was deleted (keep)"), _NEVER),
    "max_log": (mark("nothing is known before {until}: a change had no room in the log (max_log)"), _NEVER),
}
_BEFORE = ("key", "title", "url", "published")  # the columns of a file of entries, beside their fields
_AFTER = ("text", "since", "checked_before", "not_known")
_SIGNS = {name: f"{name} (field)" for name in (*_BEFORE, *_AFTER)}  # fields that are called like a column of ours
CAME_OR_WENT = ("added", "removed", "scrolled")  # the parts of a difference that are entries


class GapReport(ReportModel):
    """A time, and what is not known of it; null where it is open."""

    since: Time | None = Field(serialization_alias="from")
    until: Time | None = Field(serialization_alias="to")
    why: str
    reason: Annotated[str | None, BeforeValidator(lambda code: code or None)]

    def words(self, zone: tzinfo) -> str:
        """It in one line."""
        since, until = (moment(at, zone) if at else "?" for at in (self.since, self.until))
        ended, lasting = _UNKNOWN.get(self.why, (mark("nothing is known before {until}"), _NEVER))
        told = phrase(ended if self.until else lasting, since=since, until=until)
        # Translators: a code such as http_500: what a source failed with when it was last tried
        reason = phrase("at last {reason}", reason=self.reason) if self.why == "failing" else self.reason
        return f"{told} ({reason})" if self.reason else told


def report_gaps(gaps: Iterable[Gap]) -> list[GapReport]:
    """What is not known."""
    return list(map(GapReport.model_validate, gaps))


class EntryReport(ReportModel):
    """What an entry says. `published` is ISO 8601."""

    key: str
    title: str
    url: str | None
    published: Time | None
    fields: dict[str, str]
    text: str

    @classmethod
    def of(cls, entry: Entry, /, **more: object) -> Self:
        """What an entry says, and what a report of it has `more`."""
        said = {name: getattr(entry, name) for name in EntryReport.model_fields}
        return cls(**said | more)


class WitnessReport(ReportModel):
    """Who kept a capture: the kind, the place there, and when it was made."""

    kind: str
    where: str
    at: Time


class PastEntryReport(EntryReport):
    """An entry as it was at a time. `since` is when a check found it so, `checked_before` the last check before that
    could read the source; null where that is older than the history. What others kept has a `witness`, and captures as
    checks; one that `disputes` differs from another witness of the same time.
    """

    since: Time | None = None
    checked_before: Time | None = None
    witness: WitnessReport | None = None
    disputes: bool = False

    @classmethod
    def of_past(cls, past: PastEntry, **more: object) -> Self:
        """An entry of a time, and what a report of it has `more`."""
        return cls.of(past.entry, **past._asdict() | more)


class ValueReport(ReportModel):
    """What stood under a key for a time. `kind` is how it came: added, changed, removed, reappeared or scrolled; first
    (it was there when the history began), reread or moved (it was read otherwise from then on), rekeyed (from or to
    another key), or unlogged (no event of its own). `fields` is null while it was not there; `others` are further
    entries under the same key; `became` is the key under which it went on. `entries` are all of them, as they are.
    What others kept has a `witness`, and captures as checks; one that `disputes` differs from another of the same time.
    What is first and `as_before` had been seen so by others.
    """

    key: str
    kind: str
    since: Time | None
    until: Time | None
    checked_before: Time | None
    change: int | None
    title: str | None
    url: str | None
    published: Time | None
    fields: dict[str, str] | None
    text: str | None
    others: list[EntryReport]
    became: str | None
    proof: ProofJson | None
    witness: WitnessReport | None
    disputes: bool
    entries: Annotated[Sequence[Entry], SkipValidation] = Field(exclude=True, repr=False)
    as_before: bool = Field(exclude=True, repr=False)


class LifeReport(ReportModel):
    """An entry through all its values, the earliest first."""

    source: str
    key: str
    values: list[ValueReport]
    gaps: list[GapReport]


class ChangedReport(ReportModel):
    """An entry that was another one at the later time."""

    key: str
    title: str
    url: str | None
    fields: dict[str, SidesJson]


class DifferenceReport(ReportModel):
    """A register between two times. `scrolled` are entries that left the end of a rolling list."""

    source: str
    since: Time = Field(serialization_alias="from")
    until: Time = Field(serialization_alias="to")
    added: list[EntryReport]
    removed: list[EntryReport]
    changed: list[ChangedReport]
    scrolled: list[EntryReport]
    gaps: list[GapReport]


class SourcePast(NamedTuple):
    """One source of a state that is open, as it was at other times. `now` is when that is asked; `ignore` are volatile
    fields.
    """

    store: Store
    source: str
    rest: timedelta | None
    now: datetime
    ignore: Collection[str] = ()

    def entries(self, at: datetime, find: str = "", *, above: int = 0) -> Iterator[PastEntry]:
        """The entries at a time, in the order of their rows, from above one; `find` is looked for in key, title, fields
        and text, without regard to case.
        """
        wanted = find.casefold()
        for each in self.store.history.entries(self.source, at, above=above):
            texts = (each.entry.title, each.entry.key, *each.entry.fields.values(), each.entry.text)
            if not wanted or any(wanted in text.casefold() for text in texts):
                yield each

    def gaps(self, since: datetime | None, until: datetime) -> list[Gap]:
        """What is not known of a period."""
        return self.store.history.gaps(self.source, since, until, now=self.now, rest=self.rest)

    def gaps_at(self, at: datetime) -> list[GapReport]:
        """What is not known of a moment, and from when on the source was read otherwise."""
        found = [gap for gap in self.gaps(at, self.now) if not gap.is_unread or (gap.since and gap.since < at)]
        around = self.store.history.around(self.source, at) if any(gap.why == CAPTURES for gap in found) else None
        return report_gaps(filter(None, (around if gap.why == CAPTURES else gap for gap in found)))

    def find_unknown(self, at: datetime) -> GapReport | None:
        """Why a time cannot be answered for; None if it can."""
        horizon = self.store.history.horizon(self.source)
        gap = horizon.gap(at) if horizon else Gap(None, None, "first")
        return report_gaps([gap])[0] if gap else None

    def difference(self, since: datetime, until: datetime) -> DifferenceReport:
        """The register between two times."""
        found = self.store.history.between(self.source, since, until, self.ignore)
        changed = list[ChangedReport]()
        for each in found.changed:
            entry, fields = each.entry, {name: side._asdict() for name, side in each.fields.items()}
            changed.append(ChangedReport(key=entry.key, title=entry.title, url=entry.url, fields=fields))
        came_or_went = {name: list(map(EntryReport.of, getattr(found, name))) for name in CAME_OR_WENT}
        more = {"changed": changed, "gaps": report_gaps(self.gaps(since, until)), **came_or_went}
        return DifferenceReport(source=self.source, since=since, until=until, **more)

    def life(self, key: str) -> LifeReport:
        """An entry through all its values; without values for a key that the history does not have."""
        values = self.store.history.life(self.source, key)
        times = [value.since for value in values if value.since and value.kind == CHECK]
        keys = {key for value in values for key in (value.key, value.became) if key}
        log = self.store.log.history(self.source, keys, min(times)) if times else {}
        events = {(key, event.at): event for key, several in log.items() for event in several}
        reports, before, known = list[ValueReport](), "", None
        for value in values:
            event = events.get((value.became or value.key, value.since)) if value.since else None
            rekeyed, as_before = bool(before) and value.key != before, value.kind == FIRST and known in value.entries
            reports.append(_report_value(value, event, rekeyed=rekeyed, as_before=as_before))
            before = value.key
            if not value.disputes:
                known = next(iter(value.entries), None)
        horizon = self.store.history.horizon(self.source)
        gaps = [Gap(None, horizon.since, horizon.why)] if horizon and any(not value.since for value in values) else []
        gaps += self.gaps(values[0].since if values else None, self.now)
        return LifeReport(source=self.source, key=key, values=reports, gaps=report_gaps(gaps))


def _report_value(value: Value, event: Event | None, *, rekeyed: bool, as_before: bool) -> ValueReport:
    if rekeyed:
        kind = "rekeyed"
    elif value.kind != CHECK:
        kind = value.kind
    elif event is not None:
        kind = event.data["change"]
    else:
        kind = "scrolled" if not value.entries and value.standing is Standing.SCROLLED else "unlogged"
    first = value.entries[0] if value.entries else None
    said = {name: getattr(first, name, None) for name in ("title", "url", "published", "fields", "text")}
    return ValueReport(
        **value._asdict() | said | {"kind": kind},
        change=event.id if event else None,
        others=list(map(EntryReport.of, value.entries[1:])),
        proof={"capture": event.proof.capture, "link": event.proof.link} if event and event.proof else None,
        as_before=as_before,
    )


def find_past(store: Store, config: Config, name: str, now: datetime) -> SourcePast:
    """The past of a source. Raises UsageError for a name that neither the state nor the configuration has."""
    names = [status.name for status in store.source_statuses()]
    check_known(None if name in names else name, "source", sorted({*config.sources, *names}))
    ignore = config.sources[name].uncompared if name in config.sources else ()
    return SourcePast(store, name, find_rest(store, config, name, now), now, ignore)


def past_events(store: Store, config: Config, name: str, numbers: Collection[int] | None = None) -> Iterator[Event]:
    """The changes of a source before its own history, as others kept them, the latest first; with who kept them as
    `witness`, None for those that the first own snapshot has. With `numbers` those when one of these entries of
    captures came or went, and what the first capture has of them as `first`. Raises StateError.
    """
    source = config.sources[name]
    target = CheckTarget(name, source, store, Watchlist(config.entities), config.secrets.hide)
    for each in store.history.past_changes(name, source.uncompared, numbers):
        try:
            told = list(find_mentions(target, each.changes))
        except ReadError:  # a text that takes too long to search
            told = [(change, []) for change in each.changes]
        witness = WitnessReport.model_validate(each.witness).dump() if each.witness else None
        for change, mentions in told:
            event = EventFactory(name, source, each.at, each.since).change(SingleChange(change, mentions))
            about = {"witness": witness} | ({} if each.since else {"change": FIRST})
            yield replace(event, data={**event.data, **about})


def find_rest(store: Store, config: Config, name: str, now: datetime) -> timedelta | None:
    """The longest time between two checks of a source that counts as checked; None if it is not checked."""
    source = config.sources.get(name)
    if source is None or not source.enabled:
        return None
    return longest_rest(Timing.of(source, config.schedule.terms, config.timezone), store.source(name).checked, now)


@contextmanager
def open_past(config: Config, name: str) -> Iterator[SourcePast]:
    """The past of a source, of the state of a configuration. Raises UsageError and StateError."""
    with open_existing_state(config, "there is no past to look at") as store:
        yield find_past(store, config, name, datetime.now(UTC))


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
            notes = _since(each.since, each.checked_before, zone), seen_by(each.witness, disputes=each.disputes)
            print_entry(each.entry, ", ".join(filter(None, notes)), _MOST)
    shown = f", of which these are the first {limit}" if limit and number > limit else ""
    say(f"{source}, {moment(at, zone)} ({zone}): {count(number, 'entry', 'entries')}{shown}")
    print_gaps(gaps, zone)


def write_entries(
    file: Path, past: SourcePast, at: datetime, find: str, zone: tzinfo, limit: int | None, *, xlsx: bool, force: bool
) -> int:
    """Write the entries of a source at a time, at most `limit`, to a file; returns their number. Raises UsageError."""
    unknown = [gap.words(zone) for gap in past.gaps_at(at)]

    def entries() -> Iterator[PastEntry]:
        return islice((each for each in past.entries(at, find) if not each.disputes), limit)  # a row is one entry

    def row_of(each: PastEntry) -> Row:
        entry = each.entry
        head = (entry.key, entry.title, entry.url or "", iso(entry.published) or "")
        tail = (entry.text, iso(each.since) or "", iso(each.checked_before) or "", "; ".join(unknown))
        return [*head, *(entry.fields.get(name, "") for name in fields), *tail]

    # a first look for the names alone, as the headings come before the rows, which may not fit into memory
    fields = list(dict.fromkeys(name for each in entries() for name in each.entry.fields))
    headings = [*_BEFORE, *(_SIGNS.get(name, name) for name in fields), *_AFTER]
    rows = map(row_of, entries())
    notes = [("source", past.source), ("at", at.astimezone(zone).isoformat()), *([("find", find)] if find else [])]
    notes += [("not known", words) for words in unknown]
    with new_file(file, force=force) as out:
        return write_sheets(out, [("entries", headings, rows)], notes) if xlsx else write_csv(out, headings, rows)


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
    return f"since between {moment(before, zone, since)} and {moment(since, zone, before)}"


def seen_by(witness: PastWitness | WitnessReport | None, *, disputes: bool = False) -> str:
    """Who kept it, if others did."""
    if witness is None:
        return ""
    bare = witness.kind == "folder" and witness.at.timetz() == _MIDNIGHT  # its name says the day alone
    when, disputed = bare * ", that day, at 00:00 or later", disputes * "; another witness of that time differs"
    return f"seen by others ({keeper(witness.kind, witness.where)}): {witness.where}{when}{disputed}"


def print_life(life: LifeReport, zone: tzinfo) -> None:
    """Print an entry's values, the earliest first, each with what changed; then what is not known."""
    before: Entry | None = None
    for value in life.values:
        say(f"{value.kind}  {_since(value.since, None if value.as_before else value.checked_before, zone)}", hang=4)
        number = f"#{value.change}" if value.change else seen_by(value.witness, disputes=value.disputes)
        proof = f", proof: capture {value.proof['capture']} ({value.proof['link'][:12]})" if value.proof else ""
        say(f"{number or 'no change in the log'}{proof}", indent=4)
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
            after = value.entries[0]
            sides = {name: side._asdict() for name, side in field_changes(before, after).items()}
            if before.key != after.key:
                sides = {"key": {"before": before.key, "after": after.key}} | sides
            _print_fields(sides)
        if not value.disputes:  # what follows is told beside the witness that counts
            before = value.entries[0] if value.entries else None
        say()
    say(f"{life.source}: {life.key}: {count(len(life.values), 'value')}, times in {zone}")
    print_gaps(life.gaps, zone)


def _print_fields(sides: Mapping[str, object]) -> None:
    for line in field_lines({"change": ChangeKind.CHANGED.value, "fields": sides}):
        say(line, indent=4, hang=4)


def print_difference(found: DifferenceReport, zone: tzinfo) -> None:
    """Print a register between two times."""
    for kind, entries in (("added", found.added), ("removed", found.removed), ("scrolled off", found.scrolled)):
        for entry in entries:
            print_entry(entry, kind, _MOST)
    for change in found.changed:
        say(f"{change.title}  (changed)", hang=4)
        _print_fields(change.fields)
    words = {"added": "added", "removed": "removed", "changed": "changed", "scrolled": "scrolled off"}
    numbers = ((len(getattr(found, name)), kind) for name, kind in words.items())
    summary = ", ".join(f"{number:,} {kind}" for number, kind in numbers if number) or "no difference"
    first, last = moment(found.since, zone, found.until), moment(found.until, zone, found.since)
    say(f"{found.source}, from {first} to {last} ({zone}): {summary}")
    print_gaps(found.gaps, zone)
