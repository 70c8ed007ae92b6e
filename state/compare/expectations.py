"""Whether a snapshot meets its source's contract: its profile against `expect`, and against the last profile. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from sources.expect import Expect
from sources.options import as_share
from sources.reading.profile import Profile, parts
from state.compare.many_changes import others
from state.compare.plausibility import Suspicion, entries
from state.model import Difference

_EMPTIED_COUNT, _EMPTIED_SHARE = 5, 0.2  # so many entries, or this share of those with a value, may lose it at once


def breach(profile: Profile, expect: Expect, total: int | None) -> Suspicion | None:
    """The first term of the contract that the snapshot violates, or None.

    `total` is the register's stated total, if it was asked for.
    """
    return next(_breaches(profile, expect, total), None)


def _breaches(profile: Profile, expect: Expect, total: int | None) -> Iterator[Suspicion]:
    if expect.max_entries is not None and profile.entries > expect.max_entries:
        yield Suspicion(
            "too_many_entries", f"{entries(profile.entries)}, at most {expect.max_entries} expected (max_entries)"
        )
    if total is not None and profile.entries != total:
        are = "is" if total == 1 else "are"
        said = f"{entries(profile.entries)} read, the page says that there {are} {total} (total)"
        yield Suspicion("wrong_total", said)
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


def emptied(difference: Difference, had: Mapping[str, int]) -> Suspicion | None:
    """A field that many entries lost at once, as when a column moves or a page is half loaded; or None.

    `had` is the number of entries with a value in the last snapshot, per field. The larger of 5 and 20 % of them may
    lose it.
    """
    lost: Counter[str] = Counter()
    for change in others(difference.changes):
        if change.before and change.after:
            lost.update(set(parts(change.before)) - set(parts(change.after)))
    for name, count in lost.most_common():
        if count > max(_EMPTIED_COUNT, had.get(name, 0) * _EMPTIED_SHARE):
            return Suspicion(
                "field_emptied", f"{count} of the {had.get(name, 0)} entries that had a {name!r} lost it at once"
            )
    return None
