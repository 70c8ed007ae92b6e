"""Which alerts make one message, which changes in it are of one entry, and which of them go back and forth. Pure."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sources.text import clean
from state.model import ChangeKind, Delivery, Event, EventKind


def group_by_message(deliveries: Iterable[Delivery]) -> list[list[Delivery]]:
    """The deliveries grouped by message: all to one channel; in a digest, those of one case. Reminders are
    together, without others; what somebody has to approve is a message of its own.

    A case is what mentions an entity. An event that mentions several belongs to the first of them, and a later change
    of an entry to the case of its first one.
    """
    groups: dict[tuple[str, str | None, str | None], list[Delivery]] = {}
    cases: dict[tuple[str, object], str] = {}
    for delivery in deliveries:
        event = delivery.event
        entry = event.source, event.data.get("key", event.id)
        case = cases.setdefault(entry, next(iter(event.entities), "")) if delivery.digest else None
        apart = {EventKind.APPROVAL: f"{event.id}", EventKind.REMINDER: "all"}.get(event.kind)
        groups.setdefault((delivery.channel, case, apart), []).append(delivery)
    return list(groups.values())


def find_common_case(events: Sequence[Event]) -> tuple[list[str], list[tuple[str, str]]]:
    """What all changes have in common: entities, and the entry by source and key. It determines the thread."""
    changes = [event for event in events if event.kind is EventKind.CHANGE and "key" in event.data]
    if not changes:
        return [], []
    common = [name for name in changes[0].entities if all(name in event.entities for event in changes)]
    entries = {(event.source, str(event.data["key"])) for event in changes}
    return common, list(entries) if len(entries) == 1 and not any("more" in event.data for event in changes) else []


def group_by_entry(changes: Sequence[Event]) -> list[list[Event]]:
    """Changes grouped by entry, in the order of each entry's first change; those of one entry as they were stored,
    whatever the clock said, else by time. A summary, which has the key of the first entry that it stands for, is a
    group of its own.
    """
    groups: dict[tuple[str, object], list[Event]] = {}
    for event in changes:
        groups.setdefault((event.source, event.id if "more" in event.data else event.data["key"]), []).append(event)
    return [sorted(group, key=lambda event: (event.id, event.at)) for group in groups.values()]


def merge_articles(events: Sequence[Event]) -> list[Event]:
    """The events without those that tell of an article a second time: it came to two sources of one authority, such as
    a list and its feed, under one address, or under one title and addresses of which only the query differs, and
    mentions nobody else. The one that stays has the labels of the others' sources as `also`.
    """
    first, also, kept = dict[tuple[str, ...], Event](), dict[int, list[str]](), list[Event]()
    for event in events:
        keys = _article_keys(event)
        others = (first[key] for key in keys if key in first and first[key].source != event.source)
        same = next((other for other in others if set(event.entities) <= set(other.entities)), None)
        for key in keys:
            first.setdefault(key, same or event)
        if same:
            also.setdefault(id(same), []).append(event.label)
        else:
            kept.append(event)
    return [replace(each, data={**each.data, "also": also[id(each)]}) if id(each) in also else each for each in kept]


def _article_keys(event: Event) -> list[tuple[str, ...]]:
    """What a new article is known by, in the order of certainty."""
    if event.kind is not EventKind.CHANGE or event.data["change"] != ChangeKind.ADDED:
        return []
    try:
        parts = urlsplit(event.data.get("url") or "")
    except ValueError:
        return []
    place = event.authority, (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/")
    by_title = [(*place, "title", clean(event.data["title"]).casefold())]
    return [(*place, "query", parts.query), *by_title] if parts.hostname and place[2] else []


def split_baselines(baselines: Sequence[Event]) -> tuple[list[Event], list[Event]]:
    """The summaries of new sources, and those of added entities."""
    new = [event for event in baselines if not event.data.get("added")]
    return new, [event for event in baselines if event.data.get("added")]


def split_repetitions(events: Sequence[Event]) -> tuple[list[Event], list[Event]]:
    """The different changes of one entry, and the repetitions."""
    told: dict[str, Event] = {}
    again = [event for event in events if told.setdefault(_what(event), event) is not event]
    return list(told.values()), again


def lead_first(events: Sequence[Event]) -> Sequence[Event]:
    """The events as a title presents them: what overtook the first one comes before it, as it says what is so now. That
    is the last change of its entry in which the entry came or went, or which is about the same fields.
    """
    if not events or events[0].kind is not EventKind.CHANGE:
        return events
    lead, *_ = events
    group = group_by_entry([event for event in events if event.kind is EventKind.CHANGE])[0]
    later = [each for each in group if each.id > lead.id and (each.mentions or not lead.mentions)]
    last = next((each for each in reversed(later) if _overtakes(each, lead)), lead)
    return [last, *(event for event in events if event is not last)]


def _overtakes(later: Event, event: Event) -> bool:
    """Whether a later change of an entry says something else of what an event told."""
    came_or_went = later.data["change"] not in {ChangeKind.CHANGED, ChangeKind.REKEYED}
    return came_or_went or bool(later.data["fields"].keys() & event.data["fields"].keys())


def are_alike(one: Event, other: Event) -> bool:
    """Whether two changes are the same."""
    return _what(one) == _what(other)


def _what(event: Event) -> str:
    """A change without its time and place, for comparing in one step: there may be thousands of one entry."""
    return json.dumps([event.data["change"], event.data["fields"]], sort_keys=True)


_REMEMBERED = timedelta(days=1)
_SETTLED = timedelta(hours=1)
_CHECKS = 6  # a source that is checked seldom needs this many checks to show flapping


def memory_span(every: timedelta) -> timedelta:
    """For how long a change counts as a repetition, given the source's check interval."""
    return max(_REMEMBERED, _CHECKS * every)


def mark_flapping(event: Event, earlier: Sequence[Event]) -> Event:
    """A change, with marks in its data if its entry has changed in the same or the opposite way before.

    `earlier` are the remembered changes of its entry. `takes_back` is the time of the last change, if this one undoes
    it. `flapping` has the number of `times` of the same change so far, `since` when, and whether this one is alerted at
    once (`told`); others are deferred.
    """
    marks: dict[str, Any] = {}
    fields, both = event.data["fields"], {event.data["change"], earlier[-1].data["change"] if earlier else None}
    back = {name: {"before": sides["after"], "after": sides["before"]} for name, sides in fields.items()}
    # Only values are again what they were: what is gone is not "as before", nor is what had not been there.
    had = fields and both == {"changed"} and all(sides["after"] for sides in fields.values())
    if had and earlier[-1].data["fields"] == back:
        marks["takes_back"] = earlier[-1].at.isoformat()
    if same := [past for past in earlier if are_alike(past, event)]:
        told = not any(past.data.get("flapping", {}).get("told") for past in earlier)
        marks["flapping"] = {"times": len(same) + 1, "since": same[0].at.isoformat(), "told": told}
    return replace(event, data={**event.data, **marks}) if marks else event


def settles(event: Event, every: timedelta) -> datetime:
    """When a change is news: at once, or when its flapping entry has settled; each further change postpones that."""
    told = event.data.get("flapping", {}).get("told", True)
    return event.at if told else event.at + max(_SETTLED, 2 * every)


def is_held_already(event: Event, history: Mapping[str, Sequence[Event]]) -> bool:
    """Whether a held change was told as one, and its entry has not changed since, under the key that it has or would
    get. `history` has the events of entries by key, as far back as they are remembered.
    """
    key = event.data["key"]
    earlier = [(past, each) for each in {key, event.data.get("former_key", key)} for past in history.get(each, ())]
    for past, its_key in sorted(earlier, key=lambda each: -each[0].id):
        if past.kind is EventKind.CHANGE or (its_key == key and are_alike(past, event)):
            return past.kind is not EventKind.CHANGE
    return False
