"""Whether a snapshot is plausible, by its counts. Pure."""

from __future__ import annotations

from typing import NamedTuple

from sources import Listing
from state.compare.many_changes import others
from state.compare.rekeying import LEAST
from state.model import ChangeKind, Difference

_LOST_COUNT, _LOST_SHARE = 5, 0.2  # without `max_lost`, the larger of the two may vanish at once
_NEW_COUNT = 10_000  # without `max_new`, so many may come at once, or as many as are known


class Suspicion(NamedTuple):
    """The reason why a snapshot is not believed: a stable code, and one line for people."""

    code: str
    message: str


def doubt(
    difference: Difference,
    *,
    known: int,
    min_entries: int,
    max_lost: float | None,
    listing: Listing,
    max_new: float | None = None,
) -> Suspicion | None:
    """The reason not to believe a snapshot, or None.

    `known` is the number of present entries (0 for a baseline, which is only checked for `min_entries`). `max_lost` and
    `max_new` are counts if they are ints, shares of `known` if they are floats. If a given `max_lost` covers all absent
    entries, changed keys are accepted too: the user allowed so many to go.
    """
    if difference.count < min_entries:
        count = entries(difference.count)
        return Suspicion("too_few_entries", f"{count} read, at least {min_entries} expected (min_entries)")
    if not known:
        return None
    allowed = allowance(known, max_lost, max(_LOST_COUNT, int(known * _LOST_SHARE)))
    settled = max_lost is not None and difference.absent <= allowed
    if not settled and difference.rekeyed >= LEAST and difference.rekeyed * 2 > known:
        share = f"{difference.rekeyed} of {entries(known)}"
        return Suspicion("mass_rekey", f"{share} came again under other keys, as if the site had renumbered them")
    before = others(difference.changes)
    lost = sum(change.kind is ChangeKind.REMOVED for change in before)
    if listing == "complete" and lost > allowed:
        return Suspicion("mass_loss", f"{lost} of {entries(known)} gone at once, more than {allowed} (max_lost)")
    allowed = allowance(known, max_new, max(_NEW_COUNT, known))
    new = len(difference.changes) - len(before)
    if new > allowed:
        return Suspicion("mass_gain", f"{entries(new)} new at once beside {known} known, more than {allowed} (max_new)")
    return None


def allowance(known: int, given: float | None, default: int) -> int:
    """How many entries may do something at once: a given count or share of those known, else a default."""
    if given is None:
        return default
    return given if isinstance(given, int) else int(known * given)


def entries(count: int) -> str:
    """`1 entry`, `2 entries`."""
    return "1 entry" if count == 1 else f"{count} entries"
