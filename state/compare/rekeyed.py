"""Entries that came back under other keys. Pure.

If a site changes its addresses, guids or number formats, every entry seems to be removed and added again. A feed whose
window has moved on completely looks similar, but its entries are really new.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from urllib.parse import urlsplit

from sources import Entry

LEAST = 3  # fewer in one snapshot may be a coincidence


def find_rekeyed(gone: Iterable[Entry], came: Iterable[Entry], *, by_title: bool) -> list[tuple[Entry, Entry]]:
    """The `gone` entries that are a `came` entry under another key, with it.

    Two entries are the same if they agree in something unique on both sides: the content without key and address, also
    where values have the key in them, the title with the date, the key in another spelling, or, with `by_title`, the
    title alone. The last is for complete lists: a window may repeat its titles every day ("Weather in London").
    """
    owners: dict[Hashable, Entry] = {}
    left, right = Counter[Hashable](), Counter[Hashable]()
    for entry in gone:
        for each in _likenesses(entry, by_title):
            owners[each] = entry
            left[each] += 1
    likenesses = [(entry, list(_likenesses(entry, by_title))) for entry in came]
    for _, found in likenesses:
        right.update(found)
    pairs = []
    for entry, found in likenesses:
        same = next((each for each in found if left[each] == right[each] == 1), None)
        if same is not None:
            pairs.append((owners[same], entry))
    return pairs


def _likenesses(entry: Entry, by_title: bool) -> Iterator[Hashable]:
    title = "" if entry.title == entry.key else entry.title
    fields = tuple(sorted((name, value) for name, value in entry.fields.items() if value != entry.key))
    if title or entry.text or fields:
        yield "content", title, entry.published, entry.text, fields
        if any(entry.key in value for _, value in fields):
            without = tuple((name, value.replace(entry.key, "\0")) for name, value in fields)
            yield "content", title, entry.published, entry.text, without
    if title and entry.published:
        yield "dated", title, entry.published
    if title and by_title:
        yield "title", title
    # The key without scheme, host, punctuation and case.
    try:
        parts = urlsplit(entry.key)
    except ValueError:
        parts = urlsplit("")
    rest = f"{parts.path}?{parts.query}" if parts.netloc else entry.key
    if spelling := re.sub(r"[\W_]", "", rest.casefold()):
        yield "key", spelling
