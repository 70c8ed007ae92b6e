"""Entries that came back under other keys. Pure.

If a site changes its addresses, guids or number formats, every entry seems to be removed and added again. A feed whose
window has moved on completely looks similar, but its entries are really new.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from operator import itemgetter
from urllib.parse import urlsplit

from sources import Entry

LEAST = 3  # fewer in one snapshot may be a coincidence, unless the key, too, is only written otherwise
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
    return pairs if len(pairs) >= LEAST else [pair for pair in pairs if _is_respelled(*pair)]


def _is_respelled(before: Entry, after: Entry) -> bool:
    """Whether two entries say the same under keys of the same letters and digits."""
    common = set(_likenesses(before, by_title=False)).intersection(_likenesses(after, by_title=False))
    return {_CONTENT, _KEY} <= {kind for kind, _ in common}


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
