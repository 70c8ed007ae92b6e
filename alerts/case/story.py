"""An entity's case as one story: what each source published about it, in order of time. Pure.

Later edits of a report, and its copies in other outlets, are shown with it. A change in a register is a step of its
own, unless it directly follows another change of the same entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from alerts.case.syndicated import Report, copies
from alerts.message.wording import cut, public_since
from sources.text import clean
from state.model import Event, EventKind, Mention

STANDING = "standing"  # the kind of change of an entry that existed when its source was first read

_NEW = {"added", STANDING}


@dataclass(frozen=True, slots=True)
class StoryItem:
    """One step of a story.

    `change` is added, changed, removed, reappeared, rekeyed (it had `former_key` before) or standing. `at` is when it
    became public as far as is known, `seen` when the check that found it began, `checked` the check of its source
    before that. `fields` are {name: {before, after}} as in a change, `values` are those of an entry that came or went,
    and `text` is that of a new entry. `edits` are later changes of the same entry, `copies` the same report published
    by others.
    """

    id: int
    change: str
    source: str
    label: str
    authority: str
    at: datetime
    seen: datetime
    checked: datetime | None
    published: str | None
    key: str
    title: str
    url: str | None
    fields: Mapping[str, Mapping[str, str | None]]
    text: str = ""
    mentions: Sequence[Mention] = ()
    edits: Sequence[StoryItem] = ()
    copies: Sequence[StoryItem] = ()
    former_key: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def said(self) -> Mapping[str, Any]:
        """What it says, as an event's data has it."""
        former = {} if self.former_key is None else {"former_key": self.former_key}
        told = {"change": self.change, "key": self.key, "title": self.title, "url": self.url, "fields": self.fields}
        return {**told, "entry": self.values, **former}

    @property
    def entry(self) -> tuple[str, str]:
        """The entry that it is about: source and key."""
        return self.source, self.key

    def lead(self, most: int) -> str:
        """Its text in one line of at most `most` characters, without a repetition of its title."""
        said, taken, size = self.title.rstrip(" .…"), list[str](), -1
        for line in map(clean, self.text.splitlines()):
            if line.rstrip(" .…") != said:
                taken.append(line)
                size += len(line) + 1
            if size > most:
                break
        return cut(" ".join(taken), most)

    @property
    def all(self) -> list[StoryItem]:
        """The item, with its edits and copies."""
        return [self, *self.edits, *(each for copy in self.copies for each in copy.all)]


@dataclass(frozen=True, slots=True)
class Story:
    """A case: the entity, its configured names (empty if it is no longer configured), and the items, oldest first.
    `places` are the addresses of sources, for items without one of their own.
    """

    entity: str
    names: Sequence[str]
    since: datetime | None
    items: Sequence[StoryItem]
    places: Mapping[str, str] = field(default_factory=dict)

    @property
    def sources(self) -> int:
        """The number of sources that mention the entity."""
        return len({each.source for item in self.items for each in item.all})

    @property
    def copies(self) -> int:
        """The number of reports that are shown as copies."""
        return sum(len(item.copies) for item in self.items)


def items_of(entity: str, events: Iterable[Event]) -> list[StoryItem]:
    """The items of an entity's story, oldest first; health events are not part of it."""
    steps = sorted(_steps(entity, events), key=lambda item: (item.at, item.seen, item.id))
    return _with_copies(_with_edits(steps))


def _steps(entity: str, events: Iterable[Event]) -> Iterator[StoryItem]:
    """The changes, and the entries that mentioned the entity when a source was first read; one item without a title if
    the log has only their number.
    """
    known: set[tuple[str, str]] = set()
    for event in sorted(events, key=lambda event: (event.at, event.id)):
        data, is_record = event.data, event.authority == "record"
        if event.kind is EventKind.CHANGE:
            new = data["change"] == "added"
            item = _item(
                event,
                data,
                change=data["change"],
                at=public_since(data["published"], event.at) if new and not is_record else event.at,
                checked=event.previous,
                key=data["key"],
                fields=data["fields"],
                former_key=data.get("former_key"),
                values=data.get("entry", {}),
                text=data.get("text", "") if new else "",
                mentions=[mention for mention in event.mentions if mention.entity == entity],
            )
            known.add(item.entry)
            yield item
        elif event.kind is EventKind.BASELINE:
            named = [entry for entry in data.get("mentioned", ()) if entity in entry.get("entities", ())]
            for entry in named or [{}]:
                item = _item(
                    event,
                    entry,
                    change=STANDING,
                    at=event.at if is_record else public_since(entry.get("published"), event.at),
                    checked=None,
                    key=str(entry.get("key") or entry.get("title") or ""),
                    fields={},
                )
                if item.entry not in known:
                    known.add(item.entry)
                    yield item


def _item(event: Event, entry: Mapping[str, Any], **said: Any) -> StoryItem:
    title, url, published = (entry.get(name) for name in ("title", "url", "published"))
    return StoryItem(
        event.id,
        source=event.source,
        label=event.label,
        authority=event.authority,
        seen=event.at,
        title=title or "",
        url=url,
        published=published,
        **said,
    )


def _with_edits(steps: Sequence[StoryItem]) -> list[StoryItem]:
    """Attach later changes of an entry to its first item."""
    first, edits = list[StoryItem](), list[list[StoryItem]]()
    places: dict[tuple[str, str], int] = {}
    for item in steps:
        place = places.get(item.entry if item.former_key is None else (item.source, item.former_key))
        # what is added is another entry, under a key that was used before
        is_edit = place is not None and item.change != "added"
        if place is not None and is_edit and item.authority == "record":
            is_edit = item.change == first[place].change == "changed" and place == len(first) - 1
        if place is not None and is_edit:
            edits[place].append(item)
            places[item.entry] = place
        else:
            places[item.entry] = len(first)
            first.append(item)
            edits.append([])
    return [replace(item, edits=later) if later else item for item, later in zip(first, edits, strict=True)]


def _with_copies(items: Sequence[StoryItem]) -> list[StoryItem]:
    """Attach copies of a report to the first one."""
    new = [place for place, item in enumerate(items) if item.authority == "report" and item.change in _NEW]
    reports = [Report(items[place].title, items[place].text, items[place].at) for place in new]
    first = {place: new[leader] for place, leader in zip(new, copies(reports), strict=True) if leader is not None}
    of_each: dict[int, list[StoryItem]] = {}
    for place, leader in first.items():
        of_each.setdefault(leader, []).append(items[place])
    return [
        replace(item, copies=of_each[place]) if place in of_each else item
        for place, item in enumerate(items)
        if place not in first
    ]
