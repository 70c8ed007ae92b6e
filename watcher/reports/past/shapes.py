"""Entries, and answers about the past, as JSON: one shape each in `--json` and in the API."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from typing_extensions import TypedDict

from alerts.event.change_json import ProofJson, SidesJson
from sources import Entry
from state.history.gaps import Gap
from state.history.history import PastDifference, PastEntry
from state.history.life import Value
from state.history.recording import CHECK
from state.model import Change, Event, Standing
from state.store import Store
from watcher.reports.status_json import iso

# "from" is a keyword of Python
GapJson = TypedDict("GapJson", {"from": str | None, "to": str | None, "why": str, "reason": str | None})


class PlainEntryJson(TypedDict):
    """What an entry says. `published` is ISO 8601."""

    key: str
    title: str
    url: str | None
    published: str | None
    fields: dict[str, str]
    text: str


class PastEntryJson(PlainEntryJson):
    """An entry as it was at a time. `since` is when a check found it so, `checked_before` the last check before that
    could read the source; null where that is older than the history.
    """

    since: str | None
    checked_before: str | None


class ValueJson(TypedDict):
    """What stood under a key for a time. `kind` is how it came: added, changed, removed, reappeared or scrolled; first
    (it was there when the history began), reread or moved (it was read otherwise from then on), rekeyed (it had another
    key before), or unlogged (no event of its own). `fields` is null while it was not there; `others` are further
    entries under the same key; `became` is the key under which it went on.
    """

    key: str
    kind: str
    since: str | None
    until: str | None
    checked_before: str | None
    change: int | None
    title: str | None
    url: str | None
    published: str | None
    fields: dict[str, str] | None
    text: str | None
    others: list[PlainEntryJson]
    became: str | None
    proof: ProofJson | None


class LifeJson(TypedDict):
    """An entry through all its values, the earliest first."""

    source: str
    key: str
    values: list[ValueJson]
    gaps: list[GapJson]


class ChangedJson(TypedDict):
    """An entry that was another one at the later time."""

    key: str
    title: str
    url: str | None
    fields: dict[str, SidesJson]


DifferenceJson = TypedDict(
    "DifferenceJson",
    {
        "source": str,
        "from": str,
        "to": str,
        "added": list[PlainEntryJson],
        "removed": list[PlainEntryJson],
        "changed": list[ChangedJson],
        "scrolled": list[PlainEntryJson],
        "gaps": list[GapJson],
    },
)


def gaps_json(gaps: Iterable[Gap]) -> list[GapJson]:
    """What is not known."""
    return [
        {"from": iso(gap.since), "to": iso(gap.until), "why": gap.why, "reason": gap.reason or None} for gap in gaps
    ]


def plain_entry(entry: Entry) -> PlainEntryJson:
    """What an entry says, as JSON."""
    return {
        "key": entry.key,
        "title": entry.title,
        "url": entry.url,
        "published": iso(entry.published),
        "fields": dict(entry.fields),
        "text": entry.text,
    }


def past_entry(each: PastEntry) -> PastEntryJson:
    """An entry with its times."""
    return {**plain_entry(each.entry), "since": iso(each.since), "checked_before": iso(each.checked_before)}


def difference_json(
    source: str, since: datetime, until: datetime, told: PastDifference, gaps: Iterable[Gap]
) -> DifferenceJson:
    """A register between two times."""
    return {
        "source": source,
        "from": since.isoformat(),
        "to": until.isoformat(),
        "added": [plain_entry(entry) for entry in told.added],
        "removed": [plain_entry(entry) for entry in told.removed],
        "changed": [_changed(change) for change in told.changed],
        "scrolled": [plain_entry(entry) for entry in told.scrolled],
        "gaps": gaps_json(gaps),
    }


def _changed(change: Change) -> ChangedJson:
    fields: dict[str, SidesJson] = {
        name: {"before": sides.before, "after": sides.after} for name, sides in change.fields.items()
    }
    return {"key": change.entry.key, "title": change.entry.title, "url": change.entry.url, "fields": fields}


def life_json(store: Store, source: str, key: str, values: Sequence[Value], gaps: Iterable[Gap]) -> LifeJson:
    """An entry through all its values."""
    lived = lived_through(store, source, values)
    return {"source": source, "key": key, "values": [_value(each) for each in lived], "gaps": gaps_json(gaps)}


class Lived(NamedTuple):
    """A value, how it came, and the event of that, if there is one."""

    value: Value
    kind: str
    event: Event | None


def lived_through(store: Store, source: str, values: Sequence[Value]) -> list[Lived]:
    """The values of an entry with their events."""
    times = [value.since for value in values if value.since and value.kind == CHECK]
    found = store.log.history(source, {value.key for value in values}, min(times)) if times else {}
    events = {(key, event.at): event for key, several in found.items() for event in several}
    lived, before = list[Lived](), ""
    for value in values:
        event = events.get((value.key, value.since)) if value.since else None
        is_rekeyed = bool(before) and value.key != before
        lived.append(Lived(value, "rekeyed" if is_rekeyed else _kind(value, event), event))
        before = value.key
    return lived


def _kind(value: Value, event: Event | None) -> str:
    if value.kind != CHECK:
        return value.kind
    if event is not None:
        return str(event.data["change"])
    return "scrolled" if not value.entries and value.standing is Standing.SCROLLED else "unlogged"


def _value(lived: Lived) -> ValueJson:
    value, event = lived.value, lived.event
    first = value.entries[0] if value.entries else None
    return {
        "key": value.key,
        "kind": lived.kind,
        "since": iso(value.since),
        "until": iso(value.until),
        "checked_before": iso(value.checked_before),
        "change": event.id if event else None,
        "title": first.title if first else None,
        "url": first.url if first else None,
        "published": iso(first.published) if first else None,
        "fields": dict(first.fields) if first else None,
        "text": first.text if first else None,
        "others": [plain_entry(entry) for entry in value.entries[1:]],
        "became": value.became,
        "proof": {"capture": event.proof.capture, "link": event.proof.link} if event and event.proof else None,
    }
