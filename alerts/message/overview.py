"""Many events in one message: failures that are one, the sum of the changes, and which of them are shown. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from alerts.message.blocks import Line, Style
from alerts.message.titles import number_of
from alerts.message.wording import counted, shorten
from sources.text import clean
from state.model import ChangeKind, Event, EventKind

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
    lines = [Line(Style.WHAT, ", ".join(_sums(changes)), counted(number, "change", "changes"))]
    whom = Counter(entity for event in changes for entity in event.entities)
    if whom:
        mentioning = sum(bool(event.mentions) for event in changes)
        names = ", ".join(f"{name} {count:,}" for name, count in whom.most_common(8))
        rest = len(whom) - 8
        more = f" and {counted(rest, 'other', 'others')}" if rest > 0 else ""
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
