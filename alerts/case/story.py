"""An entity's case as one story: what each source published about it, in order of time. Pure.

Later edits of a report, and its copies in other outlets (`is_copy`), are shown with it. A change in a register is a
step of its own, unless it directly follows another change of the same entry.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any

from alerts.message.wording import cut, public_since
from alerts.recognition.language.tokens import words_of
from alerts.recognition.tables import listed, words
from sources.text import clean
from state.model import UNMARKED, Event, EventKind, Marks, Mention

WITHIN = timedelta(days=3)  # a wire story printed later counts as a new one
SHINGLE = 3  # words in a shingle
ENOUGH = 0.55  # least share of the shorter text's shingles

_CANDIDATES = 10  # reports compared with a new one: those that share most shingles
_PLACES = 50  # most reports kept for a shingle: one that every report has finds no copy
_BODY = 12  # words: a shorter text is compared with its headline
_LEAD = 30  # words at the beginning, which have the news
_MOST = 300  # most words of a text that are compared
_SHORT = 3  # words: a replacement of so many words at an end still counts as an edit

_NEGATIONS = frozenset(listed("не ни нет без no not never nor without"))
_EMPTY = words("without_meaning")


@dataclass(frozen=True)
class Report:
    """A report: its headline, its text ("" if the source has none), and when it became public."""

    title: str
    text: str
    at: datetime

    @cached_property
    def headline(self) -> list[str]:
        """The words of the headline."""
        return _words(self.title)

    @cached_property
    def body(self) -> list[str]:
        """The words of the text, up to _MOST."""
        return _words(self.text)

    @cached_property
    def shingles(self) -> frozenset[str]:
        """All shingles by which it can be found."""
        return frozenset([*_shingles(self.headline), *_shingles(self.body)])


def is_copy(one: Report, other: Report) -> bool:
    """Whether two reports are the same one, published twice."""
    left, right = choose_words(one, other)
    mine, theirs = _shingles(left), _shingles(right)
    contained = len(mine & theirs) / min(len(mine), len(theirs)) if mine and theirs else 0.0
    return contained >= ENOUGH and not tells_otherwise(left, right)


def copies(reports: Sequence[Report]) -> list[int | None]:
    """For each report, in order of time, the index of the first one that it is a copy of; None for a new one."""
    first: list[int | None] = []
    places: dict[str, deque[int]] = defaultdict(lambda: deque(maxlen=_PLACES))  # indexes of new reports, by shingle
    for number, report in enumerate(reports):
        shared = Counter(place for shingle in report.shingles for place in places.get(shingle, ()))
        near = {place: number for place, number in shared.items() if report.at - reports[place].at <= WITHIN}
        likely = sorted(near, key=lambda place: (-near[place], place))[:_CANDIDATES]
        found = next((place for place in likely if is_copy(reports[place], report)), None)
        first.append(found)
        if found is None:
            for shingle in report.shingles:
                places[shingle].append(number)
    return first


def _words(text: str) -> list[str]:
    return words_of(text.replace("n't", " not").replace("n’t", " not").replace("ё", "е").replace("Ё", "Е"))[:_MOST]


def choose_words(one: Report, other: Report) -> tuple[list[str], list[str]]:
    """The words to compare: the texts; with headlines if a text is short; the headlines alone if one has no text."""
    if min(len(one.body), len(other.body)) >= _BODY:
        return one.body, other.body
    if one.body and other.body:
        return [*one.headline, *one.body], [*other.headline, *other.body]
    return one.headline, other.headline


def _shingles(words: Sequence[str]) -> set[str]:
    lower = [word.lower() for word in words]
    return {" ".join(lower[at : at + SHINGLE]) for at in range(max(1, len(lower) - SHINGLE + 1))} if lower else set()


def tells_otherwise(left: Sequence[str], right: Sequence[str]) -> bool:
    """Whether a replacement between the texts makes them two events: one side is a denial, or names or numbers were
    replaced by others, or, in the lead, words by others that are not forms of them.
    """
    # The differences between the texts, except what was added before or after.
    matcher = SequenceMatcher(None, [w.lower() for w in left], [w.lower() for w in right], autojunk=False)
    steps = matcher.get_opcodes()
    same = [place for place, step in enumerate(steps) if step[0] == "equal"]
    for place, (tag, start, end, begin, stop) in enumerate(steps):
        inside = bool(same) and same[0] < place < same[-1]
        short = tag == "replace" and max(end - start, stop - begin) <= _SHORT
        if tag == "equal" or not (inside or short):
            continue
        sides, early = (left[start:end], right[begin:stop]), min(start, begin) < _LEAD
        denied = [any(word.lower() in _NEGATIONS for word in side) for side in sides]
        facts = [{word.lower() for word in side if word[0].isdigit() or word[0].isupper()} for side in sides]
        words = [{word.lower() for word in side} - _EMPTY for side in sides]
        if denied[0] is not denied[1] or not _are_alike(*facts) or (early and not _are_alike(*words)):
            return True
    return False


def _are_alike(left: set[str], right: set[str]) -> bool:
    """Whether the words of the shorter side are all forms of words of the other; so if one side has none."""
    few, many = sorted((left, right), key=len)
    return all(any(_is_form(word, other) for other in many) for word in few)


def _is_form(word: str, other: str) -> bool:
    """Whether two words share most of their beginning."""
    pairs = enumerate(zip(word, other, strict=False))
    common = next((at for at, pair in pairs if pair[0] != pair[1]), min(len(word), len(other)))
    return word == other or (common >= 3 and common / max(len(word), len(other)) >= 0.6)


STANDING = "standing"  # the kind of change of an entry that existed when its source was first read

_NEW = {"added", STANDING}


@dataclass(frozen=True, slots=True)
class StoryItem:
    """One step of a story.

    `change` is added, changed, removed, reappeared, rekeyed (it had `former_key` before) or standing. `at` is when it
    became public as far as is known, `seen` when the check that found it began, `checked` the check of its source
    before that. `fields` are {name: {before, after}} as in a change, `values` are those of an entry that came or went,
    and `text` is that of a new entry. `edits` are later changes of the same entry, `copies` the same report published
    by others. What others kept `is_past`, and has a `witness` {kind, where, at} unless the first own reading shows it;
    it may also be `first`: the first capture has it.
    """

    id: int
    change: str
    source: str
    label: str
    authority: str
    worth: str
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
    is_past: bool = False
    witness: Mapping[str, str] | None = None

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
    `places` are the addresses of sources, for items without one of their own. `marks` are what people made of the case,
    `marked` what they made of its changes, by number. `past` is what others saw before that: it is counted nowhere.
    """

    entity: str
    names: Sequence[str]
    since: datetime | None
    items: Sequence[StoryItem]
    places: Mapping[str, str] = field(default_factory=dict)
    marks: Marks = UNMARKED
    marked: Mapping[int, Marks] = field(default_factory=dict)
    past: Sequence[StoryItem] = ()

    @property
    def timeline(self) -> list[StoryItem]:
        """The items and the past, oldest first."""
        return sorted([*self.past, *self.items], key=lambda item: item.at)

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
                is_past="witness" in data,
                witness=data.get("witness"),
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
    of_event = {name: getattr(event, name) for name in ("id", "source", "label", "authority", "worth")}
    of_entry: dict[str, Any] = {
        "title": entry.get("title") or "",
        "url": entry.get("url"),
        "published": entry.get("published"),
    }
    return StoryItem(seen=event.at, **of_event, **of_entry, **said)


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
