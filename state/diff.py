"""A snapshot against what is known: the news, and what must be written.

    see(entry), ...   each entry's fingerprint is taken; an entry that is still there is dropped at once
    finish()          the same fingerprint over all: nothing changed, and nothing was loaded;
                      otherwise plan (plan.py), load the old content that the plan needs, compare

Nothing is written here, and nothing is read but what `known` gives.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from sources import Entry, Listing
from sources.marks import Digest, entry_mark
from sources.profile import Profile
from state.errors import StateMovedError
from state.fields import field_changes
from state.model import Change, ChangeKind, Difference, Known, Standing
from state.plan import Old, Plan, Seen, Step, is_present
from state.rekey import LEAST, rekeyed
from state.window import fell_out

_PATIENCE = 500  # entries held before the known marks are loaded: most sources never need them


class Differ:
    """Takes a snapshot's entries one by one and says how they differ from what is known.

    `known` may be a function that loads it, called only when it is needed. `digest` is the stored fingerprint of
    all present entries. A field named in `ignore` is never a change.
    """

    def __init__(
        self,
        known: Known | Callable[[], Known],
        digest: bytes,
        listing: Listing,
        ignore: Collection[str] = (),
        profile: Profile | None = None,
    ) -> None:
        self._source = known
        self._known: Known | None = None
        self._stored = digest
        self._window = listing == "window"
        self._ignore = frozenset(ignore)
        self.profile = profile or Profile()
        self._digest = Digest()
        self._marks: set[bytes] = set()
        self._order: list[str] = []
        self._held: list[Seen] = []

    def see(self, entry: Entry) -> None:
        """Take the next entry. The same entry once more is no other entry."""
        mark = entry_mark(entry, self._ignore)
        if mark in self._marks:
            return
        self._marks.add(mark)
        self._digest.add(mark)
        self.profile.see(entry)
        if self._window:
            self._order.append(entry.key)
        if self._known is None or not is_present(self._known, mark):
            self._held.append(Seen(mark, entry))
        if self._known is None and len(self._held) > _PATIENCE:
            self._load()

    def finish(self, *, whole: bool = True) -> Difference:
        """The difference. With `whole=False` the end was not reached, and nothing is taken to be gone.

        Raises StateMovedError when another process changed the source's entries meanwhile.
        """
        digest = self._digest.value()
        if digest == self._stored:
            return Difference((), (), {}, {}, digest, self._digest.count, self._order)
        known = self._load()
        plan = Plan(known, self._marks, self._held, Standing.SCROLLED if self._window else Standing.REMOVED)
        removed = self._removed(plan, known) if whole else []
        steps = [*plan.steps, *(Step(ChangeKind.REMOVED, old.row, None) for old in removed)]
        if whole:
            plan.stand |= {old.row.id: Standing.SCROLLED for old in plan.absent}
            plan.stand |= {old.row.id: Standing.REMOVED for old in removed}
        return Difference(
            changes=list(self._changes(steps, known)),
            insert=plan.insert,
            update=plan.update,
            stand=plan.stand,
            digest=digest if whole else self._joint_digest(plan.absent),
            count=self._digest.count + (0 if whole else len(plan.absent)),
            order=self._order if whole else self._joint_order(known.order),
            absent=len(plan.absent),
            rekeyed=self._rekeyed(plan, known),
            gap=whole and self._has_gap(known),
        )

    def has_gap(self) -> bool:
        """Whether the window so far has nothing in common with the last one: something may have been missed between."""
        return self._window and self._digest.value() != self._stored and self._has_gap(self._load())

    def _has_gap(self, known: Known) -> bool:
        return self._window and bool(known.order) and not set(known.order).intersection(self._order)

    def _load(self) -> Known:
        """The known marks. The first call loads them, and drops the held entries that are still there."""
        if self._known is None:
            self._known = known = self._source if isinstance(self._source, Known) else self._source()
            self._held = [seen for seen in self._held if not is_present(known, seen.mark)]
        return self._known

    def _removed(self, plan: Plan, known: Known) -> list[Old]:
        if not self._window:
            return plan.absent
        out = fell_out(known.order, self._order)
        return [old for old in plan.absent if old.row.key in out]

    def _changes(self, steps: Sequence[Step], known: Known) -> Iterator[Change]:
        contents = _contents(known, [step.old.id for step in steps if step.old])
        for step in steps:
            before = contents[step.old.id] if step.old else None
            after = step.seen.entry if step.seen else None
            fields = field_changes(before, after, self._ignore)
            if fields or step.kind is not ChangeKind.CHANGED:  # else it differs in ignored fields alone
                yield Change(step.kind, before, after, fields)

    def _joint_digest(self, unread: Sequence[Old]) -> bytes:
        """The fingerprint of what was read and of what nobody looked for: both are present afterwards."""
        joint = Digest()
        for mark in [*self._marks, *(old.mark for old in unread)]:
            joint.add(mark)
        return joint.value()

    def _joint_order(self, before: Sequence[str]) -> list[str]:
        read = set(self._order)
        return [*self._order, *(key for key in before if key not in read)]

    def _rekeyed(self, plan: Plan, known: Known) -> int:
        """How many came again under other keys. Looked into only if most are absent, as it loads them."""
        if min(len(plan.absent), len(plan.insert)) < LEAST or len(plan.absent) * 2 <= plan.present:
            return 0
        gone = _contents(known, [old.row.id for old in plan.absent])
        return rekeyed(gone.values(), [entry for _, entry in plan.insert], by_title=not self._window)


def _contents(known: Known, ids: Sequence[int]) -> Mapping[int, Entry]:
    contents = known.contents(ids) if ids else {}
    if len(contents) < len(set(ids)):
        raise StateMovedError("another process changed the state while it was compared; check the source again")
    return contents
