"""Whether a snapshot is plausible, by its counts. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sources import Listing
from sources.options import Expect, as_share
from sources.reading.known_filter import Profile, parts
from state.compare.changes import changes_of_known
from state.compare.diff import LEAST
from state.model import ChangeKind, Difference

_LOST_COUNT, _LOST_SHARE = 5, 0.2  # without `max_lost`, the larger of the two may vanish at once
_NEW_COUNT = 10_000  # without `max_new`, so many may come at once, or as many as are known


class Suspicion(NamedTuple):
    """The reason why a snapshot is not believed: a stable code, and one line for people."""

    code: str
    message: str


def find_doubt(
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
    before = changes_of_known(difference.changes)
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


_GONE_COUNT, _GONE_SHARE = 2, 0.5  # of the fields of an only entry may go at once: these, or this share
_EMPTIED_COUNT, _EMPTIED_SHARE = 5, 0.2  # so many entries, or this share of those with a value, may lose it at once


def find_breaches(profile: Profile, expect: Expect, total: int | None) -> Iterator[Suspicion]:
    """The terms of the contract that the snapshot violates. `total` is the register's stated total, if it was asked
    for.
    """
    if expect.max_entries is not None and profile.entries > expect.max_entries:
        most = f"at most {expect.max_entries} expected (max_entries)"
        yield Suspicion("too_many_entries", f"{entries(profile.entries)}, {most}")
    if total is not None and profile.entries != total:
        yield say_total(profile.entries, total)
    if profile.odd:
        odd = f"{profile.odd} of {entries(profile.entries)} have a key unlike {expect.key_pattern}"
        yield Suspicion("odd_key", f"{odd}: {profile.odd_key[:60]!r} (key_pattern)")
    for name, count in profile.lacking.items():
        yield Suspicion("field_missing", f"{count} of {entries(profile.entries)} have no {name!r} (required)")
    for name, least in expect.filled.items():
        wanted = least if isinstance(least, int) else least * profile.entries
        if profile.filled[name] < wanted:
            have = f"{profile.filled[name]} of {entries(profile.entries)} have a {name!r}"
            yield Suspicion("field_unfilled", f"{have}, at least {as_share(least)} expected (filled)")


def say_total(count: int, total: int) -> Suspicion:
    """A page that states another number of entries than it has."""
    are = "is" if total == 1 else "are"
    return Suspicion("wrong_total", f"{entries(count)} read, the page says that there {are} {total} (total)")


def find_emptied_field(difference: Difference, had: Mapping[str, int]) -> Suspicion | None:
    """A field that many entries lost at once, as when a column moves or a page is half loaded; or None.

    `had` is the number of entries with a value in the last snapshot, per field. The larger of 5 and 20 % of them may
    lose it. The only entry of a source, which is a page about one, may lose two fields, or half of them.
    """
    lost: Counter[str] = Counter()
    for change in changes_of_known(difference.changes):
        if change.before and change.after and change.kind is not ChangeKind.REAPPEARED:
            gone = [name for name, sides in change.fields.items() if sides.after is None]
            if difference.count == 1 and len(gone) > max(_GONE_COUNT, len(change.before.fields) * _GONE_SHARE):
                what = f"{len(gone)} of the {len(change.before.fields)} fields of the only entry are gone at once"
                return Suspicion("field_emptied", what)
            lost.update(set(parts(change.before)) - set(parts(change.after)))
    for name, count in lost.most_common():
        if name == "url" and name not in had:
            continue  # of this source an address is only shown
        if count > max(_EMPTIED_COUNT, had.get(name, 0) * _EMPTIED_SHARE):
            what = f"{count} of the {had.get(name, 0)} entries that had a {name!r} lost it at once"
            return Suspicion("field_emptied", what)
    return None
