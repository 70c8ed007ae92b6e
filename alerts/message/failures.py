"""Merges the failures of sources on one host for one reason. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from state.model import Event, EventKind


def merged(events: Sequence[Event], places: Mapping[str, str]) -> list[Event]:
    """The events, with the failures of sources on one host for one reason merged, in the place of the first.

    `places` are the sources' addresses, by name. The merged event is about the host; its data has the sources'
    `labels`.
    """
    groups: dict[object, list[Event]] = {}
    for event in events:
        groups.setdefault(_cause(event, places) or id(event), []).append(event)
    return [_one(group, places) if len(group) > 1 else group[0] for group in groups.values()]


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


def _one(group: Sequence[Event], places: Mapping[str, str]) -> Event:
    first = min(group, key=lambda event: event.at)
    labels = list(dict.fromkeys(event.label for event in group))
    label = f"{len(labels)} sources on {_host(places[first.source])}"
    return replace(first, label=label, data={**first.data, "labels": labels})
