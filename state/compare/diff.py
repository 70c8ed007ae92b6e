"""Compares a snapshot with the stored entries: the changes, and what to write.

    take(source, page)  passes the entries of each page through a filter (known_filter.py), which buffers those
                        that are new or changed
    finish()            if the fingerprint over all entries is equal, nothing changed, and nothing is loaded;
                        otherwise plans (diff_plan.py), loads the old content that the plan needs, compares

Nothing is written here, and nothing is read except through `known`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache

from sources import Entry, Get, Listing, Page, Source
from sources.reading.engine import sift
from sources.reading.entry_buffer import Packed, Seen
from sources.reading.fingerprints import SIZE
from sources.reading.known_filter import KnownFilter
from sources.reading.profile import Profile
from state.compare.diff_plan import Old, Plan, Step
from state.compare.field_diff import field_changes
from state.compare.many_changes import Changes, others
from state.compare.rekeying import LEAST, rekeyed
from state.compare.window_diff import WindowEntry, above, fell_out, is_newest
from state.errors import StateMovedError
from state.model import NOTHING, Change, ChangeKind, Difference, Known, Standing

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
        self._load = load = cache(known if callable(known) else lambda: known)
        self._stored = digest
        self._window = listing == "window"
        self._ignore = frozenset(ignore)
        self._filter = KnownFilter(lambda: load().present, ignore, profile, keys=keys or self._window)

    @property
    def profile(self) -> Profile:
        """The statistics of the snapshot."""
        return self._filter.profile

    @property
    def keys(self) -> Sequence[str]:
        """The keys so far, in order."""
        return self._filter.order

    def take(self, source: Source, page: Page) -> Iterator[Get]:
        """Take the entries of a page; yields the further requests. Raises ReadError."""
        return sift(source, page, self._filter)

    def see(self, entry: Entry) -> None:
        """Take the next entry. A duplicate counts once."""
        self._filter.see(entry)

    @property
    def taken(self) -> int:
        """The number of entries taken so far, duplicates included, but not those of pages that only repeat others."""
        return self._filter.taken - self._filter.repeated

    def finish(self, *, whole: bool = True, part: bool = False) -> Difference:
        """The difference. With `whole=False` not all pages were read, and no entry counts as removed. With `part` the
        list goes on where nothing was read: then too no entry is removed, and what is absent from a window has scrolled
        off.

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
        return self._compared(known, whole=whole and (self._window or not part), part=part)

    def _compared(self, known: Known, *, whole: bool, part: bool) -> Difference:
        """The difference to entries that are known, and are other ones."""
        known_filter, order = self._filter, self.keys if self._window else ()
        digest, count = known_filter.digest.value(), known_filter.digest.count
        missing = known_filter.left()
        known_filter.forget()
        held, came = _sorted_out(known_filter.buffer, known)
        plan = Plan(known, missing, held, Standing.SCROLLED if self._window else Standing.REMOVED)
        if plan.found != len(missing):
            raise _moved()
        newest = self._newest(plan, known) if whole and self._window and not part else set()
        removed = self._removed(plan, known, newest) if whole and not part else []
        steps = [*plan.steps, *(Step(ChangeKind.REMOVED, old.row, None) for old in removed)]
        if whole:
            plan.stand |= {old.row.id: Standing.SCROLLED for old in plan.absent}
            plan.stand |= {old.row.id: Standing.REMOVED for old in removed}
        contents = _contents(known, [step.old.id for step in steps if step.old])
        changes = list(self._changes(steps, contents))
        for seen in plan.insert if came else ():
            came.append(Seen(*seen))
        return Difference(
            changes=Changes(others(changes), came) if came else changes,
            insert=came or plan.insert,
            update=plan.update,
            stand=plan.stand,
            digest=digest if whole else self._joint_digest(plan.absent),
            count=count + (0 if whole else len(plan.absent)),
            order=order if whole else self._joint_order(known.order),
            absent=len(plan.absent),
            rekeyed=self._rekeyed(plan, known, came or plan.insert),
            gap=whole and self._has_gap(known),
            newest_gone=bool(newest),
            was={row: contents[row] for row in plan.update},
            stood=plan.stood,
        )

    def has_gap(self) -> bool:
        """Whether the window so far shares no entry with the last one: some in between may have been missed."""
        return self._window and self._filter.digest.value() != self._stored and self._has_gap(self._load())

    def _has_gap(self, known: Known) -> bool:
        return self._window and bool(known.order) and not set(known.order).intersection(self.keys)

    def _removed(self, plan: Plan, known: Known, newest: Collection[int]) -> list[Old]:
        if not self._window:
            return plan.absent
        out = fell_out(known.order, self.keys)
        return [old for old in plan.absent if old.row.key in out or old.row.id in newest]

    def _newest(self, plan: Plan, known: Known) -> set[int]:
        """The rows of absent entries that were newer than all remaining ones, and so cannot have scrolled off."""
        top = above(known.order, self.keys)
        tops = [old for old in plan.absent if old.row.key in top]
        if not tops:
            return set()
        there = set(known.order).intersection(self.keys)
        rows = {row.key: row.id for _, row in known.rows((), there) if row.standing is Standing.PRESENT}
        still = [rows[key] for key in there if key in rows]
        entries = _contents(known, [*still, *(old.row.id for old in tops)])
        beside = [WindowEntry(entries[each].published, each) for each in still]
        gone = {old.row.id: WindowEntry(entries[old.row.id].published, old.row.id) for old in tops}
        return {row for row, entry in gone.items() if beside and is_newest(entry, beside)}

    def _changes(self, steps: Sequence[Step], contents: Mapping[int, Entry]) -> Iterator[Change]:
        for step in steps:
            before = contents[step.old.id] if step.old else None
            after = step.seen.entry if step.seen else None
            fields = field_changes(before, after, self._ignore)
            if fields or step.kind is not ChangeKind.CHANGED:  # else only ignored fields differ
                yield Change(step.kind, before, after, fields)

    def _joint_digest(self, unread: Sequence[Old]) -> bytes:
        """The fingerprint of the read entries and the unread ones: all of them stay present."""
        return self._filter.digest.with_these(old.mark for old in unread)

    def _joint_order(self, before: Sequence[str]) -> list[str]:
        if not self._window:
            return []
        read = set(self.keys)
        return [*self.keys, *(key for key in before if key not in read)]

    def _rekeyed(self, plan: Plan, known: Known, came: Sequence[tuple[bytes, Entry]]) -> int:
        """How many entries came back under other keys. Loads the absent ones, so only if most entries are absent."""
        if min(len(plan.absent), len(came)) < LEAST or len(plan.absent) * 2 * SIZE <= len(known.present):
            return 0
        gone = _contents(known, [old.row.id for old in plan.absent])
        return rekeyed(gone.values(), [entry for _, entry in came], by_title=not self._window)


def _sorted_out(held: Packed, known: Known) -> tuple[list[Seen], Packed]:
    """Split the buffered entries: those whose key is stored, and, if there are many, the simply new ones, which stay
    packed.

    There may be a million new ones. Keys are compared by hash, so a few more than needed may be loaded.
    """
    if len(held) <= _MANY:
        return list(held), Packed()
    keys = set(map(hash, held.keys())) if len(held) * SIZE < len(known.present) else None
    stored = (hash(row.key) for _, row in known.rows())
    old = {key for key in stored if keys is None or key in keys}
    del keys
    these, came = held.parted(lambda key: hash(key) in old)
    return list(these), came


def _contents(known: Known, ids: Sequence[int]) -> Mapping[int, Entry]:
    contents = known.contents(ids) if ids else {}
    if len(contents) < len(set(ids)):
        raise _moved()
    return contents


def _moved() -> StateMovedError:
    return StateMovedError("another process changed the state while it was compared; check the source again")
