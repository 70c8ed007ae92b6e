"""What a message says in its title: enough for a phone's lock screen. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from alerts.grouping import apart
from alerts.message.wording import NOTHING, counted, cut, harmless, lasting, shorten, shorten_both
from sources.text import clean
from state.model import ChangeKind, Event, EventKind

TEST_TITLE = "Test alert from Registry Watch: this channel works"

_VALUE = 60  # characters of a value
_NAME = 90  # characters of an entry's name when more than the name is to be told


WORDS = {
    "gap": "entries may have been missed",
    "quiet": "nothing new for too long",
    "restless": "it changes at every check",
    "log_full": "its changes take too much room",
    "evidence_full": "its pages are not kept any more",
}


def title_of(events: Sequence[Event], limit: int) -> str:
    """The title of a message about events in the order in which it tells them, in at most `limit` characters."""
    begin, what, end = _parts(events)
    what, end = harmless(what), harmless(end)
    if len(begin) + len(end) > limit // 2:
        end = ""  # the source stands in the body too
    room = limit - len(begin) - len(f" ({end})" if end else "")
    return cut(f"{begin}{cut(what, max(1, room))}{f' ({end})' if end else ''}", limit)


def _parts(events: Sequence[Event]) -> tuple[str, str, str]:
    """What a title begins with, what has happened, and what stands in brackets after it: how much more, or where."""
    lead, more = events[0], _more(sum(map(told_by, events)) - 1)
    match lead.kind:
        case EventKind.CHANGE:
            what = "flapping" if lead.data.get("flapping") else lead.data["change"]
            return f"{lead.authority.upper()} {what}: ", change_words(lead.data), more or lead.label
        case EventKind.HEALTH:
            return f"{lead.data['status'].upper()}: ", _health(lead), more
        case EventKind.BASELINE:
            new, added = apart([event for event in events if event.kind is EventKind.BASELINE])
            what = _baseline(new) if new else _additions(added)
            return "", what, _more(sum(map(told_by, events)) - len(new or added))
    return "", TEST_TITLE, ""


def told_by(event: Event) -> int:
    """How many changes an event tells of, or 1 of what is no change."""
    return 1 + int(event.data.get("more", {}).get("count", 0))


def _more(number: int) -> str:
    return f"+{number:,} more" if number else ""


def change_words(data: Mapping[str, Any]) -> str:
    """What changed, in few words: the entry, and the first of its fields with both values."""
    fields = data["fields"]
    if data["change"] != ChangeKind.CHANGED or not fields:
        return str(data["title"])
    title = shorten(data["title"], _NAME)
    name = next((name for name in fields if name not in {"url", "published"}), next(iter(fields)))
    before, after = fields[name]["before"] or "", fields[name]["after"] or ""
    others = f", and {counted(len(fields) - 1, 'more field', 'more fields')}" if len(fields) > 1 else ""
    if "\n" in before or "\n" in after:
        return f"{title}, {_first_difference(before, after)}{others}"
    before, after = shorten_both(clean(before), clean(after), _VALUE)
    what = "" if name == "title" else f"{title}, {name}: "
    return f"{what}{before or NOTHING} → {after or NOTHING}{others}"


def _first_difference(before: str, after: str) -> str:
    """The first line that was put in, or else the first that was taken out."""
    old, new = before.splitlines(), after.splitlines()
    before_lines, after_lines = set(old), set(new)
    added = next((line for line in new if line not in before_lines), None)
    gone = next((line for line in old if line not in after_lines), None)
    if added is None and gone is None:
        return "text: other order of its lines"
    return f"new text: {added}" if added is not None else f"text taken out: {gone}"


def _baseline(events: Sequence[Event]) -> str:
    """What is watched from now on, and who is in it already."""
    entries = sum(event.data["entries"] for event in events)
    mentioning = sum(event.data["mentioning"] for event in events)
    what = events[0].label if len(events) == 1 else counted(len(events), "new source", "new sources")
    return f"Watching {what}: {counted(entries, 'entry', 'entries')}, {_mentioning(events, mentioning)}"


def _additions(events: Sequence[Event]) -> str:
    """Who is watched from now on, and in how many stored entries."""
    whom = ", ".join(dict.fromkeys(entity for event in events for entity in event.entities))
    number = sum(event.data["mentioning"] for event in events)
    return f"Newly watched: {whom}: {counted(number, 'stored entry mentions', 'stored entries mention')} it"


def _mentioning(events: Sequence[Event], mentioning: int) -> str:
    """`1 mentions telegram`, `7 mention what you watch`, `none mentions what you watch`."""
    named = dict.fromkeys(entity for event in events for item in event.data["mentioned"] for entity in item["entities"])
    whom = ", ".join(named) if len(events) == 1 and 0 < len(named) <= 3 else "what you watch"
    return f"{f'{mentioning:,}' if mentioning else 'none'} {'mentions' if mentioning < 2 else 'mention'} {whom}"


def _health(event: Event) -> str:
    data = event.data
    why = clean(data.get("message") or data.get("reason") or "no reason was given")
    about_channel, about_evidence = "channel" in data, data.get("reason") == "evidence"
    if data["status"] == "failing":
        fails = "delivered to" if about_channel else "kept" if about_evidence else "read"
        return f"{event.label} cannot be {fails}: {why}"
    if data["status"] == "given up":
        return f"{event.label}: {counted(data['lost'], 'alert', 'alerts')} will not be delivered: {why}"
    if data["status"] in WORDS:
        return f"{event.label}: {WORDS[data['status']]}"
    if data["status"] == "suspicious":
        return f"{event.label} was read, but is not believed: {why}"
    if about_evidence:
        return f"{event.label} can be kept again{_after(event)}"
    well = "works" if about_channel else "is believed" if data.get("was") == "suspicious" else "can be read"
    by_hand = ": its held snapshot was accepted" if data.get("accepted") else ""
    return f"{event.label} {well} again{_after(event)}{by_hand}"


def _after(event: Event) -> str:
    since = event.data.get("since")
    return f" after {lasting(event.at - datetime.fromisoformat(since))}" if since else ""
