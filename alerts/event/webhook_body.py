"""The body of an event webhook: one event, or several changes, in the envelope of Standard Webhooks. Pure."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from alerts.event.change_json import SCHEMA, add_diffs, change_json
from state.model import UNMARKED, Event, EventKind, Marks

MOST_BODY = 500_000  # characters of a body
CUT = "[…]"  # ends a value that was shortened
_RELATED = 5  # earlier changes that are cited
# Characters of a value and members of a table, of an object that is too large; the last ones are for hostile ones.
_SHORTER = ((10_000, 1_000), (1_000, 200), (200, 50), (50, 10))

Related = Callable[[Event], Sequence[Event]]  # the earlier changes that a change cites


def changes_body(
    changes: Sequence[Event],
    base_url: str | None,
    related: Related,
    hide: Callable[[str], str],
    marks: Mapping[int, Marks],
) -> str:
    """The body for one change, or for several; at most about MOST_BODY characters. `marks` are by number of a change.

    `hide` takes secrets out of each value.
    """
    made = (change_json(each, base_url, related(each)[:_RELATED], marks.get(each.id, UNMARKED)) for each in changes)
    objects = [_each(each, hide) for each in made]
    for each in objects:  # of the values without secrets
        each["fields"] = each["changed"] = add_diffs(each["changed"])
    fitting = [fit(each, MOST_BODY // len(objects)) for each in objects]
    at = max(event.at for event in changes).isoformat()
    if len(changes) == 1:
        return _text({"type": EventKind.CHANGE.value, "timestamp": at, "data": fitting[0]})
    return _text({"type": "changes", "timestamp": at, "data": fitting})


def notice_body(event: Event, title: str, text: str, hide: Callable[[str], str]) -> str:
    """The body for an event that is no change: a first snapshot, the health of a source, a test; or for a change that
    is held, which is its `change`.

    `title` and `text` are the message for people.
    """
    notice: dict[str, Any] = {
        "schema": SCHEMA,
        "id": event.id,
        "at": event.at.isoformat(),
        "previous": event.previous.isoformat() if event.previous else None,
        "source": event.source,
        "label": event.label,
        "authority": event.authority or None,
        **{name: event.data.get(name) for name in ("status", "reason", "message", "since", "entries")},
        "entities": event.entities,
        "title": title,
        "text": text,
    }
    if event.kind is EventKind.HELD:
        notice["change"] = change_json(event)
    fitting = fit(_each(notice, hide), MOST_BODY)
    return _text({"type": event.kind.value, "timestamp": event.at.isoformat(), "data": fitting})


def fit(value: Any, most: int) -> Any:
    """JSON data whose text has at most `most` characters: with shorter values, and then with fewer, if need be."""
    if len(_text(value)) <= most:
        return value
    if "changed" in value:  # the diff says once more what the sides say
        plain = {name: {side: each[side] for side in ("before", "after")} for name, each in value["changed"].items()}
        value = {**value, "fields": plain, "changed": plain}
    for longest, members in _SHORTER:
        shorter = _each(value, partial(_cut, longest=longest), members)
        if len(_text(shorter)) <= most:
            break
    return shorter


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}{CUT}"


def _each(value: Any, change: Callable[[str], str], members: int | None = None, depth: int = 0) -> Any:
    """JSON data with each text changed by itself, so that it is still JSON; at most `members` in lists, and in tables
    below the object itself.
    """
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        items = list(value.items())[: members if depth else None]
        return {name if depth == 0 else change(name): _each(each, change, members, depth + 1) for name, each in items}
    if isinstance(value, list | tuple):
        return [_each(each, change, members, depth + 1) for each in value[:members]]
    return value


def _text(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace").decode("utf-8")
