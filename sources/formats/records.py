"""Cuts the content of a large page into records by its bytes, without parsing it, and tells in which records two
contents differ.

A record is what a kind makes one entry of: a line of a CSV file, a row of a table. What stands around the records is
the frame of the page. A page with the same frame and some of the records is one with some of the entries.

Runs of some hundred records are compared by their hash; of the runs that only one of the contents has, the records.
Where a run ends is up to its last record, not to its place, so a record that is put in changes one run, and not all
that follow.
"""

from __future__ import annotations

import re
from bisect import bisect
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from types import MappingProxyType
from typing import IO, Any, NamedTuple

from sources.formats.archives import Content
from sources.formats.decode import codec

_BLOCK = 1 << 20  # bytes that are read at once
_LONGEST = 32 * _BLOCK  # bytes of one piece: a content whose records do not end is not cut
_RUN = 0x1FF  # a run ends with a record whose hash has none of these bits: after 512 records on average
_LONGEST_RUN = 50_000  # records
_MOST_FRAME = 200  # pieces
_MOST = 8_000_000  # bytes of the runs in which two contents differ; beyond, to read all is not much more
_RETURN = re.compile(rb"\r(?=[^\n])")  # which would end another line
WITNESSES = 8


@dataclass(frozen=True)
class RecordCut:
    """How a content is cut.

    `blocks` gives its pieces in order, many at once, and `again` the same without another look whether they are sound;
    `join` makes a content of some of them, for a page in this `encoding` that a source with these `options` reads. The
    first `head` pieces are frame, and those that are not `is_record`, if there is such a function. Pieces that are
    `blank` are nothing at all.

    `outline` gives of a piece of the frame what the meaning of a record can depend on: only contents with equal
    outlines are compared.
    """

    blocks: Callable[[], Iterator[list[bytes]]]
    join: Callable[[Sequence[bytes]], bytes]
    encoding: str
    head: int = 0
    is_record: Callable[[bytes], bool] | None = None
    blank: Collection[bytes] = frozenset()
    outline: Callable[[bytes], Hashable] = bytes
    options: Mapping[str, Any] = field(default_factory=dict)
    again: Callable[[], Iterator[list[bytes]]] | None = None


class Residue(NamedTuple):
    """A content without the records that another one has, too, but for some witnesses.

    `own` says of each of its records whether the other content lacks it; `records` is the number of all.
    """

    content: bytes
    own: Sequence[bool]
    records: int


def split(
    open_content: Callable[[], IO[bytes]], ends: bytes, never: re.Pattern[bytes] | None = None
) -> Iterator[list[bytes]]:
    """The pieces of a content between these `ends`, for `RecordCut.blocks`. Raises ValueError where one is too long, or
    has what there should `never` be.
    """
    with open_content() as stream:
        rest = b""
        while block := stream.read(_BLOCK):
            block = rest + block
            if never and never.search(block):
                raise ValueError(f"{never.pattern!r} in a record")
            *pieces, rest = block.split(ends)
            if len(rest) > _LONGEST:
                raise ValueError(f"a record has more than {_LONGEST:,} bytes")
            yield pieces
    yield [rest]


def differ_in(before: RecordCut, after: RecordCut) -> tuple[Residue, Residue] | None:
    """What only one of two contents has, with witnesses from both; None where that is too much, or their frames do not
    compare.

    Raises what `blocks` raises, and ValueError for an odd beginning.
    """
    old, new = _survey(before), _survey(after)
    if old is None or new is None or (before.encoding, before.options) != (after.encoding, after.options):
        return None
    frames = [list(side.frame.values()) for side in (old, new)]
    if [*map(before.outline, frames[0])] != [*map(after.outline, frames[1])]:
        return None
    common = Counter(old.runs) & Counter(new.runs)
    shown = set(islice(common, 0, None, max(1, len(common) // WITNESSES)))
    if frames[0] != frames[1] and not shown:
        return None
    gone, came = _pick(before, old, common, shown), _pick(after, new, common, shown)
    if gone is None or came is None:
        return None
    return _part(before, old, gone, new, came), _part(after, new, came, old, gone)


def is_bytewise(encoding: str) -> bool:
    """Whether a sign of ASCII is one byte, whatever stands around it, and a page can be said to be in this encoding."""
    return not encoding.startswith(("utf-16", "utf-32", "iso2022", "hz")) and codec(encoding) == encoding


def cut_lines(file: Content, *, head: int = 0, options: Mapping[str, Any] = MappingProxyType({})) -> RecordCut | None:
    """The lines of a text, if its encoding is bytewise; the first `head` are frame."""
    name, _ = file.encoding
    if not is_bytewise(name):
        return None
    blocks, join = partial(split, file.open, b"\n", _RETURN), b"\n".join
    return RecordCut(blocks, join, name, head=head, blank={b"", b"\r"}, options=options)


class _Survey(NamedTuple):
    """The runs of a content in order, as hashes, with the places of their first record and after their last one; the
    frame by its places; how many records there are.
    """

    runs: Sequence[int]
    spans: Sequence[tuple[int, int]]
    frame: Mapping[int, bytes]
    records: int


def _survey(cut: RecordCut) -> _Survey | None:
    runs, spans, run, frame = list[int](), list[tuple[int, int]](), list[int](), dict[int, bytes]()
    at = blank = 0

    def end(place: int) -> None:
        if run:
            runs.append(hash((len(frame), *run)))  # a record means another thing in another part of the frame
            spans.append((place - len(run), place))
            run.clear()

    for pieces in cut.blocks():
        hashes = list(map(hash, pieces))
        odd = {*range(min(max(cut.head - at, 0), len(pieces)))}
        if cut.is_record:
            odd |= {place for place, piece in enumerate(pieces) if not cut.is_record(piece)}
        blank += sum(map(pieces.count, cut.blank)) - sum(pieces[place] in cut.blank for place in odd)
        ends, start = {place + 1 for place, mark in enumerate(hashes) if not mark & _RUN}, 0
        for place in sorted({*ends, *odd, *(place + 1 for place in odd)}):
            if place - 1 in odd:
                frame[at + place - 1] = pieces[place - 1]
            else:
                run += hashes[start:place]
                end(at + place)
            start = place
        run += hashes[start:]
        at += len(pieces)
        if len(run) > _LONGEST_RUN:
            end(at)
        if len(frame) > _MOST_FRAME:
            return None
    end(at)
    return _Survey(runs, spans, frame, at - len(frame) - blank)


class _Picked(NamedTuple):
    """By their places: the records of the runs that only one content has, and one of each run that is shown."""

    own: Mapping[int, bytes]
    witnesses: Mapping[int, bytes]


def _pick(cut: RecordCut, side: _Survey, common: Mapping[int, int], shown: Collection[int]) -> _Picked | None:
    left, ranges = Counter(common), list[tuple[int, int, bool]]()
    for mark, (begins, ends) in zip(side.runs, side.spans, strict=True):
        left[mark] -= 1
        if left[mark] < 0:
            ranges.append((begins, ends, True))
        elif mark in shown:
            ranges.append((begins, begins + 1, False))
    at, size, waiting = 0, 0, iter(ranges)
    own, witnesses = dict[int, bytes](), dict[int, bytes]()
    begins, ends, differs = next(waiting, (-1, -1, False))
    for pieces in (cut.again or cut.blocks)():
        while 0 <= begins < at + len(pieces):
            some = pieces[begins - at : ends - at]
            (own if differs else witnesses).update(enumerate(some, begins))
            size += sum(map(len, some))
            begins += len(some)
            if begins == ends:
                begins, ends, differs = next(waiting, (-1, -1, False))
        at += len(pieces)
        if size > _MOST:
            return None
    return _Picked(own, witnesses)


def _part(cut: RecordCut, side: _Survey, mine: _Picked, other: _Survey, theirs: _Picked) -> Residue:
    there = set(_with_place_in_frame(other, theirs.own))
    here = zip(mine.own, _with_place_in_frame(side, mine.own), strict=True)
    own = {place for place, piece in here if piece not in there and piece[1] not in cut.blank}
    witnesses = {place: piece for place, piece in mine.witnesses.items() if piece not in cut.blank}
    records = {**witnesses, **{place: mine.own[place] for place in own}}
    pieces = {**side.frame, **records}
    content = cut.join([pieces[place] for place in sorted(pieces)])
    if content.startswith(BOM_UTF8) and 0 not in pieces:
        raise ValueError("a byte order mark which is none where it stands")
    return Residue(content, [place in own for place in sorted(records)], side.records)


def _with_place_in_frame(side: _Survey, records: Mapping[int, bytes]) -> Iterator[tuple[int, bytes]]:
    frame = list(side.frame)
    return ((bisect(frame, place), piece) for place, piece in records.items())
