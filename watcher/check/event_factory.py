"""The events that a check gives rise to. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypedDict

from alerts.message.wording import cut
from sources import Source
from state.model import Change, ChangeKind, Event, EventKind, Habits, Health, Mention, SourceState, Status
from watcher.check.excerpt import excerpt, excerpts
from watcher.check.outcome import Accepted, Found, Mentioning, Suspicious
from watcher.check.selection import Mass

MOST_MENTIONING = 20  # entries named in a suspicion's summary
_MOST_SETS = 500  # of entities that are mentioned together, and counted
MOST_STANDING = 200  # entries that a baseline remembers to have stood there already
MOST_TEXT = 2000  # characters that are kept of the text of an entry that came or went, if it mentions somebody


class _Common(TypedDict):
    """What the events of one check have in common."""

    source: str
    label: str
    authority: str
    at: datetime
    previous: datetime | None


class EventFactory:
    """Makes the events of one check: what they have in common is said once."""

    def __init__(self, name: str, source: Source, at: datetime, previous: datetime | None) -> None:
        self._common: _Common = {
            "source": name,
            "label": source.label or type(source).default_label or name,
            "authority": source.authority,
            "at": at,
            "previous": previous,
        }
        self._hearsay = {"hearsay": True} if type(source).proven == "hearsay" and previous is None else {}

    def change(self, change: Change, mentions: Sequence[Mention]) -> Event:
        """One change of an entry."""
        entry = change.entry
        data: dict[str, object] = {
            "change": change.kind.value,
            "key": entry.key,
            "title": entry.title,
            "url": entry.url,
            "published": _iso(entry.published),
            "fields": {name: _sides(*sides) for name, sides in change.fields.items()},
            "entry": {name: excerpt(text) for name, text in entry.fields.items()},
        }
        if mentions and entry.text and change.kind is not ChangeKind.CHANGED:
            data["text"] = cut(entry.text, MOST_TEXT)
        return Event(EventKind.CHANGE, data=data, mentions=mentions, **self._common)

    def mass(self, mass: Mass) -> Event:
        """The first of many changes that are told together, and how many more there are."""
        event = self.change(mass.first, ())
        if not mass.count:
            return event
        more = {"count": mass.count, "titles": mass.titles, "fields": sorted(mass.fields)}
        return replace(event, data={**event.data, "more": more})

    def baseline(self, accepted: Accepted, state: SourceState) -> Event:
        """The summary of a first snapshot, or of further pages that are read for the first time: how many entries, and
        which of them mention whom.
        """
        data = {
            "entries": accepted.further or accepted.difference.count,
            "part": accepted.part.words if accepted.part else "",
            "moved": accepted.baseline and state.revision > 0,
            "further": bool(accepted.further),
            "mentioning": len(accepted.mentioning),
            "whom": _whom(accepted.mentioning),
            "mentioned": _mentioned(accepted.mentioning, MOST_STANDING),
        } | self._hearsay
        return Event(EventKind.BASELINE, data=data, mentions=_one_of_each(accepted.mentioning), **self._common)

    def additions(self, entries: int, mentioning: Sequence[Mentioning], added: Sequence[str]) -> Event:
        """The summary of what was stored already when an entity was added: which entries mention it."""
        data = {
            "entries": entries,
            "moved": False,
            "mentioning": len(mentioning),
            "whom": _whom(mentioning),
            "mentioned": _mentioned(mentioning, MOST_STANDING),
            "added": list(added),
        }
        return Event(EventKind.BASELINE, data=data, mentions=_one_of_each(mentioning), **self._common)

    def health(self, health: Health, before: Health, found: Found) -> Event:
        """A source that fails, is not believed, or has recovered; then it says from what."""
        recovered, mentioning = health.status is Status.OK, found.mentioning if isinstance(found, Suspicious) else ()
        data = {
            "status": "recovered" if recovered else health.status.value,
            "reason": before.reason if recovered else health.reason,
            "message": before.message if recovered else health.message,
            "since": _iso(before.since if recovered else health.since),
            "was": before.status.value,
            "mentioning": len(mentioning),
            "mentioned": _mentioned(mentioning, MOST_MENTIONING),
        } | self._hearsay
        if isinstance(found, Suspicious):
            data["snapshot"] = found.snapshot
        if isinstance(found, Accepted) and found.by_hand:
            data["accepted"] = True
        mentions = [mention for item in mentioning for mention in item.mentions]
        return Event(EventKind.HEALTH, data=data, mentions=mentions[:MOST_MENTIONING], **self._common)

    def gap(self) -> Event:
        """A rolling list that has nothing in common with the last one: entries may have come and gone between."""
        return self._word("gap", "nothing in this list was in the last one", self._common["previous"])

    def quiet(self, habits: Habits) -> Event:
        """Nothing new has come for longer than `max_quiet`."""
        return self._word("quiet", "nothing new has come for longer than expected (max_quiet)", habits.newest)

    def restless(self, habits: Habits) -> Event:
        """Some fields change at every check, which is noise; says the line that would silence them."""
        fields = ", ".join(json.dumps(name, ensure_ascii=False) for name in habits.restless_fields)
        what = f"{fields} changed in each of the last {habits.restless} checks"
        return self._word("restless", f"{what}; to ignore it: ignore = [{fields}]", None)

    def log_full(self) -> Event:
        """It has added as much to the log of events as it may."""
        what = "its changes take all the room that they may in the log (max_log)"
        return self._word("log_full", f"{what}; those that mention nothing watched are summed up", None)

    def evidence_full(self) -> Event:
        """The pages that are kept of it take as much room as they may."""
        what = "its pages take all the room that they may in the evidence (max_source)"
        return self._word("evidence_full", f"{what}; its changes are told all the same, without a proof", None)

    def _word(self, status: str, message: str, since: datetime | None) -> Event:
        data: dict[str, object] = {"status": status, "reason": status, "message": message, "mentioned": []}
        data["since"] = _iso(since)
        return Event(EventKind.HEALTH, data=data, **self._common)


def _one_of_each(mentioning: Iterable[Mentioning]) -> list[Mention]:
    """A mention of each entity, so that none is missed later on."""
    mentions = [mention for item in mentioning for mention in item.mentions]
    return list({mention.entity: mention for mention in reversed(mentions)}.values())[::-1]


def _whom(mentioning: Iterable[Mentioning]) -> list[tuple[list[str], int]]:
    """How many entries mention whom: those that mention the same entities are counted together."""
    sets = Counter(tuple(sorted({mention.entity for mention in item.mentions})) for item in mentioning)
    return [(list(entities), number) for entities, number in sets.most_common(_MOST_SETS)]


def _of_every_entity(mentioning: Sequence[Mentioning], most: int) -> Sequence[Mentioning]:
    """The same entries, those first that name an entity for the first time, where there are more than can be kept."""
    if len(mentioning) <= most:
        return mentioning
    seen, first, further = set[str](), list[Mentioning](), list[Mentioning]()
    for item in mentioning:
        named = {mention.entity for mention in item.mentions}
        (further if named <= seen else first).append(item)
        seen |= named
    return [*first, *further]


def _mentioned(mentioning: Sequence[Mentioning], most: int) -> list[dict[str, object]]:
    return [
        {
            "key": item.entry.key,
            "title": item.entry.title,
            "url": item.entry.url,
            "published": _iso(item.entry.published),
            "entities": list(dict.fromkeys(m.entity for m in item.mentions)),
        }
        for item in _of_every_entity(mentioning, most)[:most]
    ]


def _sides(before: str | None, after: str | None) -> dict[str, str | None]:
    before, after = excerpts(before, after)
    return {"before": before, "after": after}


def _iso(time: datetime | None) -> str | None:
    return time.isoformat() if time else None
