"""Makes the events of a check. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypedDict

from alerts.message.wording import cut
from sources import Source
from state.compare.changes import common_prefix
from state.model import Change, ChangeKind, Event, EventKind, Habits, Health, Mention, SourceState, Status
from watcher.check.log_limit import MOST_VALUE, Mass
from watcher.check.outcome import Accepted, Found, Mentioning, Suspicious

MOST_MENTIONING = 20  # most entries named in the summary of a suspicious snapshot
_MOST_SETS = 500  # most sets of entities, mentioned together, that are counted
MOST_STANDING = 200  # most mentioning entries that the summary of a first snapshot keeps
CUT = "[…]"  # in place of what an event does not have of a long text
MOST_TEXT = 2000  # most characters kept of the text of an added or removed entry that mentions an entity


class _Common(TypedDict):
    """The fields that all events of one check share."""

    source: str
    label: str
    authority: str
    at: datetime
    previous: datetime | None


class EventFactory:
    """Makes the events of one check, with the fields that they share."""

    def __init__(self, name: str, source: Source, at: datetime, previous: datetime | None) -> None:
        self._common: _Common = {
            "source": name,
            "label": source.label_or(name),
            "authority": source.authority,
            "at": at,
            "previous": previous,
        }
        self._hearsay = {"hearsay": True} if type(source).proven == "hearsay" and previous is None else {}

    def change(self, change: Change, mentions: Sequence[Mention]) -> Event:
        """The event for one change of an entry."""
        entry = change.entry
        data: dict[str, object] = {
            "change": change.kind.value,
            "key": entry.key,
            "title": entry.title,
            "url": entry.url,
            "published": _iso(entry.published),
            "fields": {
                name: dict(zip(("before", "after"), excerpts(*sides), strict=True))
                for name, sides in change.fields.items()
            },
            "entry": {name: excerpt(text) for name, text in entry.fields.items()},
        }
        if mentions and entry.text and change.kind is not ChangeKind.CHANGED:
            data["text"] = cut(entry.text, MOST_TEXT)
        return Event(EventKind.CHANGE, data=data, mentions=mentions, **self._common)

    def mass(self, mass: Mass) -> Event:
        """One event for many changes: the first of them, and the number of the others."""
        event = self.change(mass.first, ())
        if not mass.count:
            return event
        more = {"count": mass.count, "titles": mass.titles, "fields": sorted(mass.fields)}
        return replace(event, data={**event.data, "more": more})

    def baseline(self, accepted: Accepted, state: SourceState) -> Event:
        """The summary of a first snapshot, or of further pages that are read for the first time: the number of entries,
        and which of them mention an entity.
        """
        about = {
            "part": accepted.part.words if accepted.part else "",
            "moved": accepted.baseline and state.revision > 0,
            "further": bool(accepted.further),
        } | self._hearsay
        return self._summary(accepted.further or accepted.difference.count, accepted.mentioning, about)

    def additions(self, entries: int, mentioning: Sequence[Mentioning], added: Sequence[str]) -> Event:
        """The summary for an added entity: which of the entries already stored mention it."""
        return self._summary(entries, mentioning, {"moved": False, "added": list(added)})

    def _summary(self, entries: int, mentioning: Sequence[Mentioning], about: Mapping[str, object]) -> Event:
        sets = Counter(tuple(sorted({mention.entity for mention in item.mentions})) for item in mentioning)
        data = {
            "entries": entries,
            "mentioning": len(mentioning),
            # the number of entries for each set of entities that they mention together
            "whom": [(list(entities), number) for entities, number in sets.most_common(_MOST_SETS)],
            "mentioned": _entries_json(mentioning, MOST_STANDING),
            **about,
        }
        mentions = [mention for item in mentioning for mention in item.mentions]
        first = {mention.entity: mention for mention in reversed(mentions)}  # one for each entity
        return Event(EventKind.BASELINE, data=data, mentions=list(first.values())[::-1], **self._common)

    def health(self, health: Health, before: Health, found: Found) -> Event:
        """The event for a source that fails, is suspicious, or has recovered. A recovery names the former reason."""
        recovered, mentioning = health.status is Status.OK, found.mentioning if isinstance(found, Suspicious) else ()
        data = {
            "status": "recovered" if recovered else health.status.value,
            "reason": before.reason if recovered else health.reason,
            "message": before.message if recovered else health.message,
            "since": _iso(before.since if recovered else health.since),
            "was": before.status.value,
            "mentioning": len(mentioning),
            "mentioned": _entries_json(mentioning, MOST_MENTIONING),
        } | self._hearsay
        if isinstance(found, Suspicious):
            data["snapshot"] = found.snapshot
        if isinstance(found, Accepted) and found.by_hand:
            data["accepted"] = True
        mentions = [mention for item in mentioning for mention in item.mentions]
        return Event(EventKind.HEALTH, data=data, mentions=mentions[:MOST_MENTIONING], **self._common)

    def gap(self) -> Event:
        """The event for a rolling list that shares no entry with the last one: entries may have been missed."""
        return self._status("gap", "nothing in this list was in the last one", self._common["previous"])

    def quiet(self, habits: Habits) -> Event:
        """The event for a source with nothing new for longer than `max_quiet`."""
        return self._status("quiet", "nothing new has come for longer than expected (max_quiet)", habits.newest)

    def restless(self, habits: Habits) -> Event:
        """The event for fields that change at every check. It names the line for watch.toml that ignores them."""
        fields = ", ".join(json.dumps(name, ensure_ascii=False) for name in habits.restless_fields)
        what = f"{fields} changed in each of the last {habits.restless} checks"
        return self._status("restless", f"{what}; to ignore it: ignore = [{fields}]", None)

    def log_full(self) -> Event:
        """The event for a source that has reached its share of the log of events (`max_log`)."""
        what = "its changes take all the room that they may in the log (max_log)"
        return self._status("log_full", f"{what}; those that mention nothing watched are summed up", None)

    def evidence_full(self) -> Event:
        """The event for a source that has reached its share of the evidence (`max_source`)."""
        what = "its pages take all the room that they may in the evidence (max_source)"
        return self._status("evidence_full", f"{what}; its changes are told all the same, without a proof", None)

    def _status(self, status: str, message: str, since: datetime | None) -> Event:
        data: dict[str, object] = {"status": status, "reason": status, "message": message, "mentioned": []}
        data["since"] = _iso(since)
        return Event(EventKind.HEALTH, data=data, **self._common)


def _entries_json(mentioning: Sequence[Mentioning], most: int) -> list[dict[str, object]]:
    """At most `most` of the entries; if there are more, the first ones of each entity."""
    if len(mentioning) > most:
        seen, first, further = set[str](), list[Mentioning](), list[Mentioning]()
        for item in mentioning:
            named = {mention.entity for mention in item.mentions}
            (further if named <= seen else first).append(item)
            seen |= named
        mentioning = [*first, *further][:most]
    return [
        {
            "key": item.entry.key,
            "title": item.entry.title,
            "url": item.entry.url,
            "published": _iso(item.entry.published),
            "entities": list(dict.fromkeys(m.entity for m in item.mentions)),
        }
        for item in mentioning
    ]


def _iso(time: datetime | None) -> str | None:
    return time.isoformat() if time else None


def excerpts(before: str | None, after: str | None) -> tuple[str | None, str | None]:
    """The two sides of a field, from the first line that differs, each cut to about 100,000 characters."""
    if max(len(before or ""), len(after or "")) <= MOST_VALUE:
        return before, after
    start = common_prefix(before, after) if before and after else 0
    start = (after or before or "").rfind("\n", 0, start) + 1
    return _from(before, start), _from(after, start)


def excerpt(text: str) -> str:
    """The beginning of a long text."""
    return _from(text, 0) or ""


def _from(text: str | None, start: int) -> str | None:
    if text is None:
        return None
    part = text[start : start + MOST_VALUE]
    begin = f"{CUT}\n" if start else ""
    return f"{begin}{part}\n{CUT}" if start + MOST_VALUE < len(text) else begin + part
