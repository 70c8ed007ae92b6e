"""Which events go to which channels. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fnmatch import fnmatchcase

from alerts.options import AlertRule
from state.model import ChangeKind, Event, EventKind


def channels_for(event: Event, rules: Sequence[AlertRule]) -> list[str]:
    """The channels that are told of an event: in the order of the rules, each once.

    A baseline is about a source as a whole, so it goes wherever changes of that source may go. A test alert is sent to
    the channel that it tests, whatever the rules say.
    """
    if event.kind is EventKind.TEST:
        return []
    to = [channel for rule in rules if _matches(rule, event) for channel in rule.to]
    return list(dict.fromkeys(to))


def _matches(rule: AlertRule, event: Event) -> bool:
    if rule.health is not (event.kind is EventKind.HEALTH):
        return False
    if rule.sources is not None and not any(fnmatchcase(event.source, pattern) for pattern in rule.sources):
        return False
    authorities = (rule.authority,) if isinstance(rule.authority, str) else rule.authority
    if authorities is not None and event.authority not in authorities:
        return False
    return event.kind is not EventKind.CHANGE or _matches_change(rule, event)


def _matches_change(rule: AlertRule, event: Event) -> bool:
    return (
        _overlap(rule.entities, event.entities)
        and _overlap(rule.changes, [ChangeKind(event.data["change"])])
        and _overlap(rule.fields, touched(event))
    )


def touched(event: Event) -> set[str]:
    """The names of the fields that a change touches: those that differ, or all of an entry that came or went."""
    names = set(event.data["fields"])
    return names if event.data["change"] == ChangeKind.CHANGED else names | set(event.data.get("entry", ()))


def _overlap(wanted: Collection[str] | None, there: Collection[str]) -> bool:
    return wanted is None or any(item in wanted for item in there)
