"""Which fields change at each look at a page, although there is no news: counters, times of generation. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sources import Entry
from state.compare.changes import field_changes

_SHARE = 0.5  # of the entries: a field that changes in so many within a second is no news
_NAMED_SO = re.compile(
    r"updat|refresh|generat|modif|checked|retriev|timestamp|as.?of|now\b|view|visit|hit|like|count|seen|nonce|token|просмотр",
    re.IGNORECASE,
)


class Second(NamedTuple):
    """The result of a second look at the page: the fields that changed, whether the texts did, and how many entries
    kept their key.

    Some kinds read only a text from an entry. It is never among the fields: to ignore it would hide every change.
    """

    moving: Sequence[str]
    texts: bool
    entries: int
    same_key: int


def second_look(first: Sequence[Entry], then: Sequence[Entry], uncompared: Collection[str] = ()) -> Second:
    """Compare two readings of one page, shortly after each other.

    A field is volatile if it changed in half of the entries, or in any if its name is that of a counter or time. Fields
    in `uncompared` are left out.
    """
    now = {entry.key: entry for entry in then}
    pairs = [(entry, now[entry.key]) for entry in first if entry.key in now]
    changed = Counter(name for before, after in pairs for name in field_changes(before, after, uncompared))
    moving = [name for name, times in changed.items() if times >= _SHARE * len(pairs) or _NAMED_SO.search(name)]
    return Second([name for name in moving if name != "text"], "text" in moving, len(first), len(pairs))
