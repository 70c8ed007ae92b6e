"""The changes of a snapshot: of an entry, field by field, and of very many new entries as a view. Pure."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, takewhile
from typing import overload

from sources import Entry
from sources.reading.entry_fingerprints import OWN_LINK, SPECIALS, special_text
from sources.reading.known_filter import Packed
from state.model import Change, ChangeKind, FieldChange

LEAST = 3  # fewer in one snapshot may be a coincidence, unless the key, too, is only written otherwise
LEAST_ENTRIES = 10  # a smaller register may well change as a whole
_STEP, _LONGEST_STEP = 64, 65_536  # characters of two texts that are compared at once


class OneSide(Mapping[str, FieldChange]):
    """The fields of an added or removed entry: a view, as a first snapshot may have 100,000 entries."""

    __slots__ = ("_came", "_fields")

    def __init__(self, fields: Mapping[str, str], *, came: bool) -> None:
        self._fields = fields
        self._came = came

    def __getitem__(self, name: str) -> FieldChange:
        value = self._fields[name]
        return FieldChange(None, value) if self._came else FieldChange(value, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


RENAMED = "label"  # the name under which renamed labels are told


def field_changes(
    before: Entry | None, after: Entry | None, ignore: Collection[str] = (), *, about_one: bool = False
) -> Mapping[str, FieldChange]:
    """The fields that differ, without those in `ignore`; all fields if one side is None.

    `title`, `url`, `published` and `text` have those names, unless the entry has a field of that name. On a page that
    is `about_one`, where fields are called by its labels, one that got another name and kept its value and place is
    told as a change of `label`, from the old name to the new one. Of an entry under another key its address, and
    values that have the key in them, are no changes of their own.
    """
    if before is None or after is None:
        only = after or before
        return OneSide(only.fields, came=after is not None) if only else {}
    changes, rekeyed = {}, before.key != after.key
    for name in SPECIALS if OWN_LINK not in ignore and not rekeyed else [name for name in SPECIALS if name != "url"]:
        changes[name] = FieldChange(special_text(before, name), special_text(after, name))
    for name in _in_order(before.fields, after.fields):
        change = FieldChange(before.fields.get(name), after.fields.get(name))
        if name not in changes or change.before != change.after:
            changes[name] = change
    found = {name: each for name, each in changes.items() if each.before != each.after and name not in ignore}
    if rekeyed:
        found = {
            name: each
            for name, each in found.items()
            if not each.before or each.before.replace(before.key, after.key) != each.after
        }
    if about_one and RENAMED not in before.fields.keys() | after.fields.keys() | set(ignore):
        pairs = [(old, new) for old, new in _find_renamed(before, after) if old in found and new in found]
        for name in chain.from_iterable(pairs):
            del found[name]
        if pairs:
            found[RENAMED] = FieldChange(*map("; ".join, zip(*pairs, strict=True)))
    return found


def _find_renamed(before: Entry, after: Entry) -> Iterator[tuple[str, str]]:
    """The names of a field before and after, where the value is the same, and the fields around it are."""
    kept, places = before.fields.keys() & after.fields.keys(), list[dict[tuple[int, str], list[str]]]()
    for entry in (before, after):
        found = defaultdict[tuple[int, str], list[str]](list)
        above = 0  # fields with the same name before and after
        for name, value in entry.fields.items():
            above += name in kept
            if name not in kept:
                found[above, value].append(name)
        places.append(found)
    for place, names in places[0].items():
        if len(names) == len(places[1].get(place, ())) == 1:
            yield names[0], places[1][place][0]


def rename_fields(
    changes: list[Change], filled: Mapping[str, int], count: int
) -> tuple[list[Change], Mapping[str, str]]:
    """The changes with the new names of fields that none of so many entries has any more, and these: most that had one
    say the same in a field that is new to them. Where all say one thing, as flags do, they must be most of a larger
    register.
    """
    had, pairs, renamed = Counter[str](), Counter[tuple[str, str]](), dict[str, str]()
    for change in changes:
        if change.kind is not ChangeKind.CHANGED or not change.before or not change.after:
            continue
        own = change.before.fields, change.after.fields
        gone = [name for name in change.fields if name not in filled and own[0].get(name) and not own[1].get(name)]
        came = [name for name in change.fields if gone and own[1].get(name) and not own[0].get(name)]
        had.update(gone)
        pairs.update((old, new) for old in gone for new in came if own[0][old] == own[1][new])
    for (old, new), same in pairs.most_common():
        enough = same >= LEAST and 2 * same > had[old] and old not in renamed and new not in renamed.values()
        if enough and (says_several(changes, old, new) or (same >= LEAST_ENTRIES and 2 * same > count)):
            renamed[old] = new
    if not renamed or RENAMED in filled or RENAMED in had:
        return changes, {}
    return [_under_new_names(each, renamed) for each in changes], renamed


def says_several(changes: Iterable[Change], old: str, new: str) -> bool:
    """Whether entries whose field has a new name say several things in it: not all one, as flags do."""
    both = ((each.before.fields, each.after.fields) for each in changes if each.before and each.after)
    return len({was[old] for was, now in both if old in was and was[old] == now.get(new)}) > 1


def _under_new_names(change: Change, renamed: Mapping[str, str]) -> Change:
    """A change of an entry whose fields were `renamed`: of each its value as it was and as it is, by its new name, and
    only what it is called if nothing else changed.
    """
    was, now = change.before.fields if change.before else {}, change.after.fields if change.after else {}
    pairs = {old: new for old, new in renamed.items() if old in was}
    if not pairs or change.kind is not ChangeKind.CHANGED:
        return change
    sides = {pairs.get(name, name): each for name, each in change.fields.items()}
    sides |= {new: FieldChange(was[old], now.get(new)) for old, new in pairs.items()}
    fields = {name: each for name, each in sides.items() if each.before != each.after}
    return change._replace(fields=fields or {RENAMED: FieldChange(*map("; ".join, zip(*pairs.items(), strict=True)))})


def _in_order(before: Mapping[str, str], after: Mapping[str, str]) -> Iterable[str]:
    """The names of both in the kind's order: a field that has come or gone stands where the entry has it, so that it
    leads where the kind puts it first.
    """
    names, later = dict[str, None](), iter(after)
    for name in before:
        if name in after and name not in names:
            names |= dict.fromkeys(takewhile(name.__ne__, later))
        names[name] = None
    return names | dict.fromkeys(later)


class Changes(Sequence[Change]):
    """The changes of `known` entries, then one for each new entry in `came`, created during iteration: there may be a
    million. Those with a fingerprint in `rekeyed` are among the known ones.
    """

    def __init__(self, known: Sequence[Change], came: Packed, rekeyed: Collection[bytes] = ()) -> None:
        self.known, self._came, self._rekeyed = known, came, rekeyed
        self._new = len(came) - sum(mark in rekeyed for mark, _ in came) if rekeyed else len(came)

    def __len__(self) -> int:
        return len(self.known) + self._new

    def __iter__(self) -> Iterator[Change]:
        yield from self.known
        for mark, entry in self._came:
            if mark not in self._rekeyed:
                yield Change(ChangeKind.ADDED, None, entry, OneSide(entry.fields, came=True))

    @overload
    def __getitem__(self, at: int) -> Change: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Change]: ...
    def __getitem__(self, at: int | slice) -> Change | Sequence[Change]:
        return list(self)[at]


def changes_of_known(changes: Sequence[Change]) -> Sequence[Change]:
    """The changes of entries that were stored before."""
    if isinstance(changes, Changes):
        return changes.known
    return [change for change in changes if change.kind is not ChangeKind.ADDED]


def common_prefix(one: str, other: str) -> int:
    """The length of the common prefix."""
    return _longest(min(len(one), len(other)), lambda start, end: one[start:end] == other[start:end])


def common_suffix(one: str, other: str, head: int = 0) -> int:
    """The length of the common suffix of what follows the first `head` characters."""
    ends = len(one), len(other)
    return _longest(
        min(ends) - head,
        lambda start, end: one[ends[0] - end : ends[0] - start] == other[ends[1] - end : ends[1] - start],
    )


def longest_rising(numbers: Sequence[int]) -> list[int]:
    """The places of the longest increasing subsequence, by patience sorting in O(n log n)."""
    # By length: the least last number of a subsequence, and its place.
    ends, at, before = list[int](), list[int](), list[int]()
    for place, number in enumerate(numbers):
        length = bisect_left(ends, number)
        ends[length : length + 1], at[length : length + 1] = [number], [place]
        before.append(at[length - 1] if length else -1)
    found, place = list[int](), at[-1] if at else -1
    while place >= 0:
        found.append(place)
        place = before[place]
    return found[::-1]


def _longest(most: int, equal: Callable[[int, int], bool]) -> int:
    """How far two texts are equal: slices are compared far faster than characters, and short ones take no memory."""
    low, step = 0, _STEP
    while low < most and equal(low, min(low + step, most)):
        low, step = min(low + step, most), min(2 * step, _LONGEST_STEP)
    high = min(low + step, most)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if equal(low, middle) else (low, middle - 1)
    return low
