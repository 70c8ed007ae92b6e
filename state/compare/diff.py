"""Compares a snapshot with the stored entries: the changes, and what to write.

    take(source, page)  passes the entries of each page through a filter (known_filter.py), which buffers those
                        that are new or changed
    finish()            if the fingerprint over all entries is equal, nothing changed, and nothing is loaded;
                        otherwise plans, loads the old content that the plan needs, and compares

Nothing is written here, and nothing is read except through `known`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sources import Entry, Get, Listing, Page, Source
from sources.reading.engine import Sifted, sift
from sources.reading.entry_fingerprints import SIZE, Block, Digest, Seen
from sources.reading.known_filter import KnownFilter, Packed, Profile
from state.compare.changes import LEAST, Changes, changes_of_known, field_changes, longest_rising, rename_fields
from state.errors import StateMovedError
from state.model import NOTHING, Change, ChangeKind, Difference, Known, Standing, StoredEntry

if TYPE_CHECKING:
    from sources.reading.records import Altered

_CONTENT, _DATED, _TITLE, _KEY = range(4)  # what two entries agree in, the surest first


def find_rekeyed(gone: Iterable[Entry], came: Iterable[Entry], *, by_title: bool) -> list[tuple[Entry, Entry]]:
    """The `gone` entries that are a `came` entry under another key, with it.

    Two entries are the same if they agree in something unique on both sides: the content without key and address, also
    where values have the key in them, the title with the date, the key in another spelling, or, with `by_title`, the
    title alone. The last is for complete lists: a window may repeat its titles every day ("Weather in London"). An
    entry is in one pair at most, by the surest of these. Fewer than three pairs count only where both the content and
    the spelling agree: a second licence may say all that the first one said.
    """
    owners: dict[tuple[int, Hashable], Entry] = {}
    left, right = Counter[tuple[int, Hashable]](), dict[tuple[int, Hashable], list[Entry]]()
    for entry in gone:
        for each in _likenesses(entry, by_title=by_title):
            owners[each] = entry
            left[each] += 1
    for entry in came:
        for each in _likenesses(entry, by_title=by_title):
            right.setdefault(each, []).append(entry)
    pairs, paired = [], set[int]()
    for each in sorted((each for each, found in right.items() if left[each] == len(found) == 1), key=itemgetter(0)):
        before, [after] = owners[each], right[each]
        if before.key != after.key and paired.isdisjoint((id(before), id(after))):
            pairs.append((before, after))
            paired |= {id(before), id(after)}
    if len(pairs) >= LEAST:
        return pairs
    alike = [({*_likenesses(one, by_title=False)} & {*_likenesses(other, by_title=False)}) for one, other in pairs]
    return [pair for pair, both in zip(pairs, alike, strict=True) if {_CONTENT, _KEY} <= {kind for kind, _ in both}]


def _likenesses(entry: Entry, *, by_title: bool) -> Iterator[tuple[int, Hashable]]:
    title = "" if entry.title == entry.key else entry.title
    fields = tuple(sorted((name, value) for name, value in entry.fields.items() if value != entry.key))
    if title or entry.text or fields:
        yield _CONTENT, (title, entry.published, entry.text, fields)
        if any(entry.key in value for _, value in fields):
            without = tuple((name, value.replace(entry.key, "\0")) for name, value in fields)
            yield _CONTENT, (title, entry.published, entry.text, without)
    if title and entry.published:
        yield _DATED, (title, entry.published)
    if title and by_title:
        yield _TITLE, title
    # The key without scheme, host, punctuation and case.
    try:
        parts = urlsplit(entry.key)
    except ValueError:
        parts = urlsplit("")
    rest = f"{parts.path}?{parts.query}" if parts.netloc else entry.key
    if spelling := re.sub(r"[\W_]", "", rest.casefold()):
        yield _KEY, spelling


WindowEntry = tuple[datetime | None, int]
"""An entry of the last window: its publication time, and its row id, which grows with the time it was first seen."""


def find_removed_keys(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The keys between two remaining ones, in a list that kept its order: those absent were removed.

    Some entries may have moved: the longest common subsequence counts as the kept order, if it has more than half of
    the remaining entries. Duplicate keys cannot be located, so they are no anchors; they are between others only if all
    are.
    """
    kept = _find_anchors(old, new)
    if not kept:
        return set()
    first, last = kept[0], kept[-1]
    return set(old[first : last + 1]).difference(old[:first], old[last + 1 :])


def find_keys_above(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The keys above all remaining ones, in a list that kept its order: the newest of them may have been removed (see
    `is_newest`).
    """
    kept, there = _find_anchors(old, new), set(new)
    first = next((at for at, key in enumerate(old) if key in there), 0) if kept else 0
    return set(old[:first]) & _once(old)


def is_newest(gone: WindowEntry, still: Sequence[WindowEntry]) -> bool:
    """Whether an absent entry was newer than all remaining ones, so that it cannot have scrolled off.

    By publication time; if one is missing or equal to another, by when they were first seen.
    """
    published, row = gone
    dates = [each for each, _ in still if each]
    if published and len(dates) == len(still) and published != (newest := max(dates)):
        return published > newest
    return row > max(each for _, each in still)


def _find_anchors(old: Sequence[str], new: Sequence[str]) -> list[int]:
    """The indexes in the old list of entries that kept their order; empty unless they are most of the
    remaining ones.
    """
    once = _once(old) & _once(new)
    place = {key: at for at, key in enumerate(old) if key in once}
    now = [place[key] for key in new if key in once]
    kept = [now[at] for at in longest_rising(now)]
    return kept if len(kept) >= 2 and 2 * len(kept) > len(now) else []


def _once(keys: Sequence[str]) -> set[str]:
    return {key for key, count in Counter(keys).items() if count == 1}


_MOVED = "another process changed the state while it was compared; check the source again"
_MANY = 1000  # buffered entries; beyond, simply new ones are not deserialised


class Differ:
    """Takes the entries of a snapshot, and computes its difference from the stored ones.

    `known` may be a function that loads it, called only if needed. `digest` is the stored fingerprint of all present
    entries. A field in `ignore` is never a change. With `keys`, or for a window, `keys` collects the keys in order.
    """

    def __init__(
        self,
        known: Known | Callable[[], Known],
        digest: bytes,
        listing: Listing,
        ignore: Collection[str] = (),
        profile: Profile | None = None,
        *,
        keys: bool = False,
    ) -> None:
        # A local function: a method would make a reference cycle of differ and filter.
        load = cache(known if callable(known) else lambda: known)
        self._load: Callable[[], Known] = load
        self._stored = digest
        self._window = listing == "window"
        self._ignore = frozenset(ignore)
        self._filter = KnownFilter(lambda: load().present(), ignore, profile, keys=keys or self._window)

    @property
    def profile(self) -> Profile:
        """The statistics of the snapshot."""
        return self._filter.profile

    @property
    def keys(self) -> Sequence[str]:
        """The keys so far, in order."""
        return self._filter.order

    def take(self, source: Source, page: Page, read: Iterable[Sifted] | None = None) -> Iterator[Get]:
        """Take the entries of a page, those `read` ahead if given; yields the further requests. Raises ReadError."""
        return sift(source, page, self._filter, read)

    def take_altered(self, altered: Altered, filled: Mapping[str, int]) -> bool:
        """Take a snapshot of which only that is known in which it differs from the last one, which had so many entries
        with a value for each field. Returns whether it was taken: not if it has an entry twice, or what is said to be
        gone was not there.
        """
        known = self._load()
        gone, came = ({mark for block in blocks for mark in block.marks} for blocks in (altered.gone, altered.came))
        keys = {key for block in altered.came for key in block.keys}
        few = [(mark, row) for mark, row in known.rows(gone | came, keys) if mark in gone | came or row.key in keys]
        there = {mark for mark, row in few if mark in gone | came and row.standing is Standing.PRESENT}
        if there != gone or len(came) < sum(len(block.marks) for block in altered.came):
            return False
        self._load = lambda: replace(known, rows=lambda *_: few)  # to find them takes long
        self._filter.see_altered(*altered, digest=self._stored, filled=filled)
        return True

    def see(self, entry: Entry) -> None:
        """Take the next entry. A duplicate counts once."""
        self._filter.see(entry)

    @property
    def taken(self) -> int:
        """The number of entries taken so far, duplicates included, but not those of pages that only repeat others."""
        return self._filter.taken - self._filter.repeated

    def finish(self, *, whole: bool = True, part: bool = False, adds: bool = False) -> Difference:
        """The difference. With `whole=False` not all pages were read, and no entry counts as removed. With `part` the
        list goes on where nothing was read: then too no entry is removed, and what is absent from a window has scrolled
        off. With `adds` the snapshot is meant to add to what is known: nothing is absent.

        Raises StateMovedError when another process changed the source's entries meanwhile.
        """
        known_filter, order = self._filter, self.keys if self._window else ()
        digest, count = known_filter.digest.value(), known_filter.digest.count
        if digest == self._stored:
            return Difference((), (), {}, {}, digest, count, order)
        known = self._load()
        if known is NOTHING:
            known_filter.forget()
            return Difference(Changes((), known_filter.buffer), known_filter.buffer, {}, {}, digest, count, order)
        whole = whole and not adds and (self._window or not part)
        missing = known_filter.left()
        known_filter.forget()
        number = Digest.of(self._stored).count or len(known.present()) // SIZE
        held, came = _split_buffer(known_filter.buffer, known, number)
        plan = Plan(known, missing, held, Standing.SCROLLED if self._window else Standing.REMOVED)
        if plan.found != len(missing):
            raise StateMovedError(_MOVED)
        removed, newest = self._find_removed(plan, known) if whole and not part else ([], set())
        planned: list[PlannedChange] = [*plan.changes, *((ChangeKind.REMOVED, row, None) for row in removed)]
        if whole:
            plan.stand |= {row.id: Standing.SCROLLED for row in plan.absent.values()}
            plan.stand |= {row.id: Standing.REMOVED for row in removed}
        else:  # all that was not read stays present
            digest = known_filter.digest.with_these(plan.absent)
            count += len(plan.absent)
            read = set(order)
            order = [*order, *(key for key in known.order if key not in read)] if self._window else []
        insert = came or plan.insert
        if came and plan.insert:
            came.add(Block([mark for mark, _ in plan.insert], [entry for _, entry in plan.insert]))
        most = len(plan.absent) * 2 > number
        # What leaves the end of a rolling list is loaded only if that is most of it; many are not for a few others.
        few, many = sorted((len(plan.absent), len(insert) + len(plan.returned)))
        replaced = few and not adds and (few >= LEAST or many <= _MANY) and (most or not self._window)
        gone = _load_contents(known, [row.id for row in plan.absent.values()]) if replaced else {}
        rekeyed = _find_rekeyed(gone, [*insert, *plan.returned], by_title=most and not self._window) if gone else {}
        told = rekeyed if whole else {}  # of a list that was not read to its end, what is absent may be there
        went = {row for row, _, _ in told.values()}
        needed = [old.id for _, old, _ in planned if old and old.id not in gone]
        contents = {**gone, **_load_contents(known, needed)}
        changes = [
            Change(ChangeKind.REKEYED, before, after, field_changes(before, after, self._ignore))
            for _, before, after in told.values()
        ]
        for kind, old, seen in planned:
            if (seen and seen.mark in told) or (kind is ChangeKind.REMOVED and old and old.id in went):
                continue
            before, after = contents[old.id] if old else None, seen.entry if seen else None
            fields = field_changes(before, after, self._ignore, about_one=known_filter.digest.count == 1)
            if fields or kind is not ChangeKind.CHANGED:  # else only ignored fields differ
                changes.append(Change(kind, before, after, fields))
        changes, renamed = rename_fields(changes, self.profile.filled, count) if whole else (changes, {})
        return Difference(
            changes=Changes(changes_of_known(changes), came, told.keys()) if came else changes,
            insert=insert,
            update=plan.update,
            stand=plan.stand,
            digest=digest,
            count=count,
            order=order,
            absent=0 if adds else len(plan.absent),
            rekeyed=len(rekeyed),
            gap=whole and self._has_gap(known),
            newest_gone=bool(newest),
            was={row: contents[row] for row in plan.update},
            stood=plan.stood,
            renamed=renamed,
        )

    def has_gap(self) -> bool:
        """Whether the window so far shares no entry with the last one: some in between may have been missed."""
        return self._window and self._filter.digest.value() != self._stored and self._has_gap(self._load())

    def _has_gap(self, known: Known) -> bool:
        return self._window and bool(known.order) and not set(known.order).intersection(self.keys)

    def _find_removed(self, plan: Plan, known: Known) -> tuple[list[StoredEntry], set[int]]:
        """The absent entries that were removed; and the rows of those in a window that were newer than all remaining
        ones, and so cannot have scrolled off.
        """
        absent = list(plan.absent.values())
        if not self._window:
            return absent, set()
        out, above = find_removed_keys(known.order, self.keys), find_keys_above(known.order, self.keys)
        newest = set[int]()
        if tops := [row for row in absent if row.key in above]:
            there = set(known.order).intersection(self.keys)
            rows = {row.key: row.id for _, row in known.rows((), there) if row.standing is Standing.PRESENT}
            still = [rows[key] for key in there if key in rows]
            entries = _load_contents(known, [*still, *(row.id for row in tops)])
            beside, gone = (
                [(entries[row].published, row) for row in rows] for rows in (still, [row.id for row in tops])
            )
            newest = {entry[1] for entry in gone if beside and is_newest(entry, beside)}
        return [row for row in absent if row.key in out or row.id in newest], newest


def _find_rekeyed(
    gone: Mapping[int, Entry], came: Sequence[Seen], *, by_title: bool
) -> dict[bytes, tuple[int, Entry, Entry]]:
    """What came under another key, by its fingerprint: the row that it had, and how it was and is. By its title alone
    only where most entries did: a licence that is renewed has another number and the same holder.
    """
    rows, marks = {id(entry): row for row, entry in gone.items()}, {id(entry): mark for mark, entry in came}
    pairs = find_rekeyed(gone.values(), [entry for _, entry in came], by_title=by_title)
    return {marks[id(after)]: (rows[id(before)], before, after) for before, after in pairs}


def _split_buffer(held: Packed, known: Known, number: int) -> tuple[list[Seen], Packed]:
    """Split the buffered entries: those whose key is stored, and, if there are many, the simply new ones, which stay
    packed. So many entries are present: `number`.

    There may be a million new ones. Keys are compared by hash, so a few more than needed may be loaded.
    """
    if len(held) <= _MANY:
        return list(held), Packed()
    keys = set(map(hash, held.keys())) if len(held) < number else None
    stored = (hash(row.key) for _, row in known.rows())
    old = {key for key in stored if keys is None or key in keys}
    del keys
    these, came = held.split(lambda key: hash(key) in old)
    return list(these), came


def _load_contents(known: Known, ids: Sequence[int]) -> Mapping[int, Entry]:
    contents = known.contents(ids) if ids else {}
    if len(contents) < len(set(ids)):
        raise StateMovedError(_MOVED)
    return contents


PlannedChange = tuple[ChangeKind, StoredEntry | None, Seen | None]
"""One planned change: the row to compare with, and the entry that was seen; None for a removed one."""


class Plan:
    """The changes in the order of the snapshot, what to write, and the absent entries; from keys and fingerprints.

    Entries are matched by key. If each side has one entry with a key, it is the same entry, which changed. Several
    entries with one key, on either side, are distinguished by content: they are added and removed, but never changed.

    `missing` are the fingerprints of present entries that the snapshot does not have, `held` its new or changed
    entries. `away` is the standing for a row that another row with the same key replaces. `found` is the number of
    missing rows, `stood` the former standing of rows that return, `returned` the entries that had been removed.
    """

    def __init__(self, known: Known, missing: Collection[bytes], held: Sequence[Seen], away: Standing) -> None:
        self.changes: list[PlannedChange] = []
        self.insert: list[tuple[bytes, Entry]] = []
        self.update: dict[int, tuple[bytes, Entry]] = {}
        self.stand: dict[int, Standing] = {}
        self.stood: dict[int, Standing] = {}
        self.returned: list[Seen] = []
        self._away = away
        # The row with the same content.
        self._same: dict[bytes, StoredEntry | None] = {seen.mark: None for seen in held}
        # For each key: the number of its entries in the snapshot, the present rows, and the other rows.
        self._now = Counter(seen.entry.key for seen in held)
        self._here: dict[str, list[StoredEntry]] = {key: [] for key in self._now}
        self._elsewhere: dict[str, list[StoredEntry]] = {key: [] for key in self._now}
        gone = dict[bytes, StoredEntry]()  # rows that are present, and missing in the snapshot
        for mark, row in known.rows([*missing, *self._same], self._now.keys()):
            is_here, is_missing = row.standing is Standing.PRESENT, mark in missing
            if is_here and is_missing:
                gone[mark] = row
            if mark in self._same:
                self._same[mark] = row
            if row.key in self._here:
                (self._here if is_here else self._elsewhere)[row.key].append(row)
                self._now[row.key] += is_here and not is_missing
        for seen in held:
            self._match(seen)
        self.found = len(gone)
        matched = self.update.keys() | self.stand.keys()
        self.absent = {mark: row for mark, row in gone.items() if row.id not in matched}

    def _match(self, seen: Seen) -> None:
        here, elsewhere = self._here[seen.entry.key], self._elsewhere[seen.entry.key]
        single = self._now[seen.entry.key] == 1
        same = self._same[seen.mark]
        if single and len(here) == 1:
            self.changes.append((ChangeKind.CHANGED, here[0], seen))
            if same:  # a row with its new content becomes present in its place
                self.stand |= {here[0].id: self._away, same.id: Standing.PRESENT}
                self.stood[same.id] = same.standing
            else:
                self.update[here[0].id] = seen
        elif same:
            self._return(same, seen, changed=False)
        elif single and not here and len(elsewhere) == 1:
            self._return(elsewhere[0], seen, changed=True)
        else:
            self.changes.append((ChangeKind.ADDED, None, seen))
            self.insert.append(seen)

    def _return(self, row: StoredEntry, seen: Seen, *, changed: bool) -> None:
        """An entry returned: REAPPEARED if it had been removed; if it had scrolled off, only a change is reported."""
        self.stand[row.id], self.stood[row.id] = Standing.PRESENT, row.standing
        if row.standing is Standing.REMOVED:
            self.changes.append((ChangeKind.REAPPEARED, row, seen))
            self.returned.append(seen)
        elif changed:
            self.changes.append((ChangeKind.CHANGED, row, seen))
        if changed:
            self.update[row.id] = seen
