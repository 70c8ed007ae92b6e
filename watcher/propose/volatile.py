"""Which fields change at each look at a page, though nothing happens: counters, times of generation. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sources import Entry
from state.compare.field_diff import field_changes

_SHARE = 0.5  # of the entries: what changes in as many within a second is no news
_NAMED_SO = re.compile(
    r"updat|refresh|generat|modif|checked|retriev|timestamp|as.?of|now\b|view|visit|hit|like|count|seen|nonce|token|просмотр",
    re.IGNORECASE,
)


class Second(NamedTuple):
    """What a second look at the page says: the fields that changed meanwhile, whether the entries' texts did, and how
    many entries kept their key.

    A text is all that some kinds read of an entry. It is never one of the fields: ignoring it would hide every change.
    """

    moving: Sequence[str]
    texts: bool
    entries: int
    same_key: int


def second_look(first: Sequence[Entry], then: Sequence[Entry], uncompared: Collection[str] = ()) -> Second:
    """Two readings of one page, shortly after each other.

    A field moves if it changed in half of the entries, or in any if it is called like one that does. What is
    `uncompared` makes no change anyway.
    """
    now = {entry.key: entry for entry in then}
    pairs = [(entry, now[entry.key]) for entry in first if entry.key in now]
    changed = Counter(name for before, after in pairs for name in field_changes(before, after, uncompared))
    moving = [name for name, times in changed.items() if times >= _SHARE * len(pairs) or _NAMED_SO.search(name)]
    return Second([name for name in moving if name != "text"], "text" in moving, len(first), len(pairs))
