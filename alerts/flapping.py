"""Flapping entries: a repeated change is alerted once more, then only after the entry has settled. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from alerts.grouping import are_alike
from state.model import Event, EventKind, Route

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
    if undone := _undone(event, earlier):
        marks["takes_back"] = undone.isoformat()
    if same := [past for past in earlier if are_alike(past, event)]:
        told = not any(past.data.get("flapping", {}).get("told") for past in earlier)
        marks["flapping"] = {"times": len(same) + 1, "since": same[0].at.isoformat(), "told": told}
    return replace(event, data={**event.data, **marks}) if marks else event


def defer_flapping(event: Event, routes: Sequence[Route], every: timedelta) -> list[Route]:
    """The routes of a change. A deferred one is due when its entry has settled; each further change postpones that."""
    if event.data.get("flapping", {}).get("told", True):
        return list(routes)
    rest = event.at + max(_SETTLED, 2 * every)
    return [route._replace(due=max(route.due, rest)) for route in routes]


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


def _undone(event: Event, earlier: Sequence[Event]) -> datetime | None:
    """The time of the change that this one undoes, or None. Only values are again what they were: what is gone is not
    "as before", nor is what had not been there.
    """
    if not earlier or not event.data["fields"] or {event.data["change"], earlier[-1].data["change"]} != {"changed"}:
        return None
    fields = event.data["fields"]
    back = {name: {"before": sides["after"], "after": sides["before"]} for name, sides in fields.items()}
    had = all(sides["after"] for sides in fields.values())
    return earlier[-1].at if had and earlier[-1].data["fields"] == back else None
