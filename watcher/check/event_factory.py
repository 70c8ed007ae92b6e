"""Makes the events of a check. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from alerts.links import web_address
from alerts.message.wording import cut
from sources import Source
from sources.reading.engine import first_url
from state.compare.changes import common_prefix
from state.compare.forms import form_of
from state.compare.text_parts import compare_texts
from state.model import ChangeKind, Clearing, Event, EventKind, Habits, Health, Mention, SourceState, Status
from state.model.past import Listed, ListedSince
from watcher.check.log_limit import MOST_TEXT, MOST_VALUE, Mass, SingleChange
from watcher.check.outcome import Accepted, Found, Mentioning, Suspicious

if TYPE_CHECKING:
    from sources.kinds.text import MovingText

MOST_MENTIONING = 20  # most entries named in the summary of a suspicious snapshot
_MOST_SETS = 500  # most sets of entities, mentioned together, that are counted
MOST_STANDING = 200  # most mentioning entries that the summary of a first snapshot keeps
_MOST_COMPARED = 10_000_000  # characters of a value
_MOST_EVENT = 10_000_000  # characters of all values of an event: of more, each is shortened
_BESIDE = 500  # characters kept beside what differs on a line of a long text
CUT = "[…]"  # in place of what an event does not have of a long text


class EventFactory:
    """Makes the events of one check, with the fields that they share. `listed` says since when others have entries."""

    def __init__(
        self, name: str, source: Source, at: datetime, previous: datetime | None, listed: Listed | None = None
    ) -> None:
        self._name, self._source, self._at, self._previous, self._listed = name, source, at, previous, listed or {}
        self._hearsay = {"hearsay": True} if type(source).proven == "hearsay" and previous is None else {}

    @cached_property
    def _register(self) -> str:
        """The address of the source's page: what else a change has may lead to its entry alone, or nowhere."""
        url = first_url(self._source)
        return url if web_address(url) else ""

    def change(self, told: SingleChange) -> Event:
        """The event for one change of an entry."""
        change, entry = told.change, told.change.entry
        data: dict[str, object] = {
            "change": change.kind.value,
            "key": entry.key,
            "title": entry.title,
            "url": entry.url,
            "register": self._register,
            "published": _iso(entry.published),
            "fields": {
                name: dict(zip(("before", "after"), excerpts(*sides), strict=True))
                for name, sides in change.fields.items()
            },
            "entry": {name: excerpt(text) or "" for name, text in entry.fields.items()},
        }
        if told.cleared:
            data["cleared"] = list(told.cleared)
        if told.was_cleared:
            data["was_cleared"] = list(map(_was_cleared_json, told.was_cleared))
        if change.kind is ChangeKind.REKEYED and change.before:
            data["former_key"] = change.before.key
        if form := form_of(change):
            data["form"] = form
        if entry.text and change.kind in {ChangeKind.ADDED, ChangeKind.REMOVED, ChangeKind.REAPPEARED}:
            data["text"] = cut(entry.text, MOST_TEXT)
        sides = chain.from_iterable((each.before or "", each.after or "") for each in change.fields.values())
        if sum(min(len(text), MOST_VALUE) for text in chain(sides, entry.fields.values())) > _MOST_EVENT:
            from alerts.event.webhook_body import fit  # noqa: PLC0415 - few changes are so large

            data = fit(data, _MOST_EVENT)  # a few such events would fill the memory of whoever reads the log
        return self._make(EventKind.CHANGE, data, told.mentions)

    def held(self, told: SingleChange, held: Suspicious) -> Event:
        """The event for one change in a snapshot that is not believed."""
        event, doubt = self.change(told), held.doubt
        about = {"status": "held", "reason": doubt.code, "message": doubt.message, "snapshot": held.snapshot}
        return replace(event, kind=EventKind.HELD, data={**event.data, **about})

    def mass(self, mass: Mass) -> Event:
        """One event for many changes: the first of them, and the number of the others."""
        event = self.change(SingleChange(mass.first, ()))
        if not mass.count:
            return event
        more = {"count": mass.count, "titles": mass.titles, "fields": sorted(mass.fields)}
        title = f"{mass.count + 1:,} entries written otherwise: {mass.form}"
        form = {"form": mass.form, "title": title} if mass.form else {}
        return replace(event, data={**event.data, "more": more, **form})

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
            "mentioned": _entries_json(mentioning, MOST_STANDING, self._listed),
            **about,
        }
        if was_cleared := [_was_cleared_json(each) for item in mentioning for each in item.was_cleared]:
            data["was_cleared"] = was_cleared
        mentions = [mention for item in mentioning for mention in item.mentions]
        first = {mention.entity: mention for mention in reversed(mentions)}  # one for each entity
        return self._make(EventKind.BASELINE, data, list(first.values())[::-1])

    def health(self, health: Health, before: Health, found: Found, now: datetime) -> Event:
        """The event for a source that fails, is suspicious, or has recovered. A recovery names the former reason; one
        by hand ends what was wrong `now`, whenever the snapshot was read.
        """
        recovered, mentioning = health.status is Status.OK, list[Mentioning]()
        if isinstance(found, Suspicious):
            mentioning += found.mentioning
        elif isinstance(found, Accepted) and found.by_hand:
            mentioning += (Mentioning(told.change.entry, told.mentions) for told in found.news.alone if told.mentions)
        data: dict[str, object] = {
            "status": "recovered" if recovered else health.status.value,
            "reason": before.reason if recovered else health.reason,
            "message": before.message if recovered else health.message,
            "since": _iso(before.since if recovered else health.since),
            "was": before.status.value,
            "mentioning": len(mentioning),
            "mentioned": _entries_json(mentioning, MOST_MENTIONING, self._listed),
            **self._hearsay,
        }
        if recovered and before.status is Status.FAILING and before.alerted_snapshots:
            data["doubted"] = list(dict.fromkeys(each.partition(":")[0] for each in before.alerted_snapshots))
        if isinstance(found, Suspicious):
            data["snapshot"] = found.snapshot
        if isinstance(found, Accepted) and found.by_hand:
            data |= {"accepted": True, "until": now.isoformat()}
        mentions = [mention for item in mentioning for mention in item.mentions]
        return self._make(EventKind.HEALTH, data, mentions[:MOST_MENTIONING])

    def gap(self) -> Event:
        """The event for a rolling list that shares no entry with the last one: entries may have been missed."""
        return self._status("gap", "nothing in this list was in the last one", self._previous)

    def quiet(self, habits: Habits) -> Event:
        """The event for a source with nothing new for longer than `max_quiet`."""
        return self._status("quiet", "nothing new has come for longer than expected (max_quiet)", habits.newest)

    def restless(self, habits: Habits, moving: MovingText | None = None) -> Event:
        """The event for fields that change at every check. It names the line for watch.toml that ignores them; of a
        source that tells of its text alone what leaves out the lines that are `moving`, as to ignore it would hide all.
        """
        fields = list(habits.restless_fields)
        what = f"{', '.join(map(_toml, fields))} changed in each of the last {habits.restless} checks"
        if moving is None:
            return self._status("restless", f"{what}; to ignore it: ignore = {_toml(fields)}", None)
        options = {**moving.options, "ignore": [name for name in fields if name != "text"]}
        advice = ", ".join(f"{name} = {_toml(value)}" for name, value in options.items() if value)
        advice = advice or "no select, remove or remove_lines was found for it"
        return self._status("restless", f"{what}, now {moving.words}; to leave it out: {advice}", None)

    def log_full(self) -> Event:
        """The event for a source that has reached its share of the log of events (`max_log`)."""
        what = "its changes take all the room that they may in the log (max_log)"
        return self._status("log_full", f"{what}; those that mention nothing watched are summed up", None)

    def evidence_full(self) -> Event:
        """The event for a source that has reached its share of the evidence (`max_source`)."""
        what = "its pages take all the room that they may in the evidence (max_source)"
        return self._status("evidence_full", f"{what}; its changes are told all the same, without a proof", None)

    def _status(self, status: str, message: str, since: datetime | None) -> Event:
        data: dict[str, object] = {
            "status": status,
            "reason": status,
            "message": message,
            "mentioned": [],
            "since": _iso(since),
        }
        return self._make(EventKind.HEALTH, data)

    def _make(self, kind: EventKind, data: Mapping[str, object], mentions: Sequence[Mention] = ()) -> Event:
        label, authority = self._source.label_or(self._name), self._source.authority
        data = {**data, **worth_json(self._source)}
        return Event(kind, self._name, label, authority, self._at, self._previous, data, mentions=mentions)


def _entries_json(mentioning: Sequence[Mentioning], most: int, listed: Listed) -> list[dict[str, object]]:
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
            **({"since_at_least": _listed_json(listed[item.entry.key])} if item.entry.key in listed else {}),
        }
        for item in mentioning
    ]


def _listed_json(since: ListedSince) -> dict[str, object]:
    """Since when others have an entry."""
    at = since.witness.at.isoformat()
    return {"at": at, "checked_before": _iso(since.checked_before), "witness": {**since.witness._asdict(), "at": at}}


def _was_cleared_json(clearing: Clearing) -> dict[str, object]:
    """A clearing that has ended, as the event says it that has ended it."""
    about = {"entity": clearing.entity, "key": clearing.key, "who": clearing.who, "at": clearing.at.isoformat()}
    return about | {"why": clearing.why, "until": _iso(clearing.until), "because": clearing.why_ended}


def _toml(value: object) -> str:
    """A text, or a list of texts, as it is written in watch.toml."""
    return json.dumps(value, ensure_ascii=False)


def worth_json(source: Source) -> dict[str, str]:
    """What is known of a source's worth besides its authority: that its records come by others."""
    return {"worth": "republished"} if source.republished and source.authority == "record" else {}


def _iso(time: datetime | None) -> str | None:
    return time.isoformat() if time else None


def excerpts(before: str | None, after: str | None) -> tuple[str | None, str | None]:
    """The two sides of a field, each of at most about 100,000 characters: of a longer one what differs, with the rest
    of its lines.
    """
    if max(len(before or ""), len(after or "")) <= MOST_VALUE:
        return before, after
    if before is None or after is None:
        return excerpt(before), excerpt(after)
    if max(len(before), len(after)) > _MOST_COMPARED:  # of such a text what follows the first difference
        start = max(0, common_prefix(before, after) - _BESIDE)
        before, after = (f"{(start and CUT) or ''}{text[start : start + _MOST_COMPARED]}" for text in (before, after))
    parts, sides = compare_texts(before, after), {"-": list[str](), "+": list[str]()}
    for at, (sign, text) in enumerate(parts):
        if sign == "=" and len(text) > 2 * _BESIDE:
            begin = text.partition("\n")[0][:_BESIDE] + "\n" if at else ""
            end = "\n" + text.rpartition("\n")[2][-_BESIDE:] if at < len(parts) - 1 else ""
            text = f"{begin}{CUT}{end}"  # noqa: PLW2901 - what is equal, without its middle
        for side in sign.replace("=", "-+"):
            sides[side].append(text)
    return excerpt("".join(sides["-"])), excerpt("".join(sides["+"]))


def excerpt(text: str | None) -> str | None:
    """The beginning of a long text."""
    return f"{text[:MOST_VALUE]}\n{CUT}" if text and len(text) > MOST_VALUE else text
