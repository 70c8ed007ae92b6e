"""An entry that goes back and forth: the same change again is told once more, then only when it has settled. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from alerts.grouping import alike
from state.model import Event, Route

_REMEMBERED = timedelta(days=1)
_SETTLED = timedelta(hours=1)
_CHECKS = 6  # a source that is seldom checked needs as many to show that it goes back and forth


def remembered(every: timedelta) -> timedelta:
    """How far back the same change counts, for a source that is checked so often."""
    return max(_REMEMBERED, _CHECKS * every)


def marked(event: Event, earlier: Sequence[Event]) -> Event:
    """A change, marked when its entry has changed just so before, or just the other way.

    `earlier` are the changes of its entry that are still remembered. The marks stand in its data: `takes_back` says
    when the last change came, if this one undoes it; `flapping` how many `times` it was the same change by now, `since`
    when, and whether this one is `told` at once: the others are held.
    """
    marks: dict[str, Any] = {}
    if undone := _undone(event, earlier):
        marks["takes_back"] = undone.isoformat()
    if same := [past for past in earlier if alike(past, event)]:
        told = not any(past.data.get("flapping", {}).get("told") for past in earlier)
        marks["flapping"] = {"times": len(same) + 1, "since": same[0].at.isoformat(), "told": told}
    return replace(event, data={**event.data, **marks}) if marks else event


def settled(event: Event, routes: Sequence[Route], every: timedelta) -> list[Route]:
    """The routes of a change, those of a held one when its entry has come to rest: each new change puts that off."""
    if event.data.get("flapping", {}).get("told", True):
        return list(routes)
    rest = event.at + max(_SETTLED, 2 * every)
    return [route._replace(due=max(route.due, rest)) for route in routes]


def _undone(event: Event, earlier: Sequence[Event]) -> datetime | None:
    """When the change was noticed that this one takes back, if it does."""
    fields = event.data["fields"]
    back = {name: {"before": sides["after"], "after": sides["before"]} for name, sides in fields.items()}
    return earlier[-1].at if earlier and fields and earlier[-1].data["fields"] == back else None
