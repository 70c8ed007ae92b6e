"""Reads of a large page only the records that the page before it did not have.

The same kind reads them, of two small pages: each page's frame with the records that the other one lacks
(`sources.formats.records`). That the rest is as it was is sure if

* the page before had as many distinct entries as it has records, so that each record is one entry;
* both small pages give as many entries as they have records, and no requests, and the later one some if the other does;
* the witnesses, which are records of both pages, are read alike in both.

In all other cases, and on any error, there is no answer: then the page is read whole.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import compress, islice
from operator import not_
from typing import NamedTuple

from sources.errors import ReadError
from sources.formats.records import RecordCut, Residue, differ_in
from sources.model import Get, Page, Source
from sources.reading.engine import read_blocks
from sources.reading.entry_fingerprints import Block, part_at

FEWEST = 2  # records: what has none, or one that says "Loading...", may be no content


class Altered(NamedTuple):
    """What differs between two pages: the entries that only the earlier one has, those that only the later one has, and
    how many records the later one has in all.
    """

    gone: Sequence[Block]
    came: Sequence[Block]
    records: int


def find_altered(source: Source, before: Page, after: Page, entries: int) -> Altered | None:
    """What differs between a page, of which `entries` distinct ones were read, and a later one; None if that is not
    sure. Fields that the source ignores make no difference.
    """
    if before.url != after.url and getattr(source, "link", None):  # which may be relative to it
        return None
    try:
        cuts = source.cut(before), source.cut(after)
        parts = cuts[0] and cuts[1] and differ_in(cuts[0], cuts[1])
        if not parts or not cuts[0] or parts[0].records != entries or parts[1].records < FEWEST:
            return None
        gone, came = (_read(source, page, part, cuts[0]) for page, part in zip((before, after), parts, strict=True))
    except (ReadError, ValueError):  # the whole page is read, and says what is wrong
        return None
    if gone is None or came is None or gone.witnesses != came.witnesses or (gone.own and not came.own):
        return None
    return Altered(gone.own, came.own, parts[1].records)


class _Read(NamedTuple):
    own: Sequence[Block]
    witnesses: Sequence[bytes]  # their fingerprints


def find_altered_by_deltas(source: Source, page: Page, start: int, entries: int) -> Altered | None:
    """What the deltas from the byte `start` on alter in a file of which so many `entries` were read before; None if
    that is not sure.
    """
    if type(source).altered is Source.altered or source.listing != "complete" or source.expect.key_pattern:
        return None
    get = replace(page.get, reader="altered", carry={**page.carry, "start": start, "known": entries})
    sides: list[list[Block]] = [[]]
    try:
        for item in read_blocks(source, replace(page, get=get), source.uncompared):
            if isinstance(item, Get):
                sides.append([])
            else:
                sides[-1].append(item if isinstance(item, Block) else item[0])
    except ReadError:
        return None
    gone, came = sides
    former, latter = ({key for block in blocks for key in block.keys} for blocks in sides)
    return Altered(gone, came, entries + len(latter) - len(former))


def _read(source: Source, page: Page, part: Residue, cut: RecordCut) -> _Read | None:
    """The entries of a part of a page; None if they are not one of each record."""
    own, witnesses, flags = list[Block](), list[bytes](), iter(part.own)
    reader = source.model_copy(update={**cut.options, "min_entries": 0})
    small = replace(page, content=part.content, gzip=b"", encoding=cut.encoding)
    for item in read_blocks(reader, small, source.uncompared) if part.own else ():
        if isinstance(item, Get):
            return None
        block = item if isinstance(item, Block) else item[0]
        said = list(islice(flags, len(block.marks)))
        if len(said) < len(block.marks):
            return None
        own.append(part_at(block, [at for at, is_own in enumerate(said) if is_own]))
        witnesses += compress(block.marks, map(not_, said))
    return _Read(own, witnesses) if next(flags, None) is None else None
