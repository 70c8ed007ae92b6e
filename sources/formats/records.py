"""Tells in which records two contents of a large page differ, without parsing them.

A record is what a kind makes one entry of: a line of a CSV file, a row of a table. What stands around the records is
the frame of the page. A page with the same frame and some of the records is one with some of the entries.

Both contents are walked in step as long as their bytes agree. Where they do not, the nearest record is looked for from
which on they agree again, and only what is before it is taken apart. Of these records, those that both have only moved.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
from types import MappingProxyType
from typing import IO, Any, NamedTuple

from sources.formats.archives import Content
from sources.formats.decode import codec

_BLOCK = 1 << 20  # bytes that are read at once
_NEAR = 1 << 12  # bytes in which two contents may agree again; else in more and more
_MOST_FRAME = 200  # pieces
_MOST = 8_000_000  # bytes in which two contents differ; beyond, to read all is not much more
_APART = 1 << 19  # bytes from one witness to the next: all together need no process of their own to read them
_RETURN = re.compile(rb"\r(?=[^\n])")  # which would end another line
HEAD = 1_000_000  # bytes in which the first record begins


@dataclass(frozen=True)
class RecordCut:
    """How a content is cut.

    `blocks` gives its bytes; its first `head` ones are frame, and behind them each record is up to where it `ends`.
    `frame` gives the places of what else is frame in some of these bytes: whole records, or up to the end of the
    content. It raises ValueError where not all others are surely records. Records that are `blank` are nothing at all.

    `join` makes a content of parts of the frame and records, for a page in this `encoding` that a source with these
    `options` reads. `outline` gives of a part of the frame what the meaning of a record can depend on: only contents
    with equal outlines are compared.
    """

    blocks: Callable[[], Iterator[bytes]]
    head: int
    ends: bytes
    encoding: str
    frame: Callable[[bytes], Iterator[tuple[int, int]]]
    blank: Collection[bytes] = frozenset()
    join: Callable[[Sequence[bytes]], bytes] = b"".join
    outline: Callable[[bytes], Hashable] = bytes
    options: Mapping[str, Any] = field(default_factory=dict)

    def records(self, some: bytes) -> list[bytes]:
        """Some records one by one, each with its end; the last one of the content may have none."""
        *whole, rest = some.split(self.ends)
        return [piece + self.ends for piece in whole] + ([rest] if rest else [])

    def count(self, some: bytes) -> int:
        """How many some records are, without those that are blank."""
        begin = {blank[:1] for blank in self.blank}
        if any(some.startswith(sign) or self.ends + sign in some for sign in begin):
            return sum(record not in self.blank for record in self.records(some))
        return some.count(self.ends) + (not some.endswith(self.ends))


class Residue(NamedTuple):
    """A content without the records that another one has, too, but for some witnesses.

    `own` says of each of its records whether the other content lacks it; `records` is the number of all.
    """

    content: bytes
    own: Sequence[bool]
    records: int


def read_blocks_of(open_content: Callable[[], IO[bytes]]) -> Iterator[bytes]:
    """The bytes of a file, for `RecordCut.blocks`."""
    with open_content() as stream:
        while block := stream.read(_BLOCK):
            yield block


def differ_in(before: RecordCut, after: RecordCut) -> tuple[Residue, Residue] | None:
    """What only one of two contents has, with witnesses from both; None where that is too much, or their frames do not
    compare.

    Raises what `blocks` and `frame` raise, and ValueError for an odd beginning.
    """
    if (before.encoding, before.options, before.ends) != (after.encoding, after.options, after.ends):
        return None
    mine, theirs = _Unread(before), _Unread(after)
    old, new = _Side(before, mine.take(before.head)), _Side(after, theirs.take(after.head))
    for shared, gone, came in _walk(mine, theirs, before):
        if len(old.frames) != len(new.frames):  # a record means another thing in another part of the frame
            shared, gone, came = b"", shared + gone, shared + came  # noqa: PLW2901 - none of it is shared
        both = _take_apart(before, shared, len(old.frames), own=False)
        for side, own in ((old, gone), (new, came)):
            side.add(both)
            side.add(_take_apart(side.cut, own, len(side.frames), own=True))
        if max(old.size, new.size) > _MOST or len(old.frames) > _MOST_FRAME:
            return None
    if [*map(before.outline, old.frames)] != [*map(after.outline, new.frames)]:
        return None
    if old.frames != new.frames and not any(part.own is False for part in old.parts):
        return None
    moved = Counter(filter(_is_own, old.parts)) & Counter(filter(_is_own, new.parts))
    return old.without(moved), new.without(moved)


def is_bytewise(encoding: str) -> bool:
    """Whether a sign of ASCII is one byte, whatever stands around it, and a page can be said to be in this encoding."""
    return not encoding.startswith(("utf-16", "utf-32", "iso2022", "hz")) and codec(encoding) == encoding


def cut_lines(file: Content, *, head: int = 0, options: Mapping[str, Any] = MappingProxyType({})) -> RecordCut | None:
    """The lines of a text, if its encoding is bytewise; the first `head` are frame, as is a byte order mark."""
    name, skipped = file.encoding
    above = re.match(rb"(?:[^\r\n]*+\r?\n){%d}" % head, file.begins(HEAD)[skipped:])
    if not is_bytewise(name) or above is None:
        return None
    blocks, blank = partial(read_blocks_of, file.open), (b"\n", b"\r\n")
    return RecordCut(blocks, skipped + above.end(), b"\n", name, _no_frame, blank, options=options)


def _no_frame(lines: bytes) -> Iterator[tuple[int, int]]:
    if b"\r" in lines and _RETURN.search(lines):
        raise ValueError("a line that ends as others do not")
    yield from ()


class _Unread:
    """The bytes of a content that are not yet compared: those `held` in memory from the index `at` on, and, unless it
    `is_over`, others.
    """

    def __init__(self, cut: RecordCut) -> None:
        self._blocks = cut.blocks()
        self.held, self.at, self.is_over = b"", 0, False

    def hold(self, size: int) -> int:
        """Hold so many bytes if there are as many; returns how many are held."""
        while not self.is_over and len(self.held) - self.at < size:
            block = next(self._blocks, b"")
            self.held, self.at, self.is_over = self.held[self.at :] + block, 0, not block
        return len(self.held) - self.at

    def take(self, size: int) -> bytes:
        """The next bytes, so many."""
        self.hold(size)
        self.at += size
        return self.held[self.at - size : self.at]

    def whole(self, size: int, ends: bytes) -> bytes:
        """The whole records among the next bytes, so many."""
        if self.is_over and size >= self.hold(0):
            return self.held[self.at :]
        last = self.held.rfind(ends, self.at, self.at + size)
        return self.held[self.at : last + len(ends)] if last >= 0 else b""


def _walk(old: _Unread, new: _Unread, cut: RecordCut) -> Iterator[tuple[bytes, bytes, bytes]]:
    """What both contents have, and what only either has before the next that both have: whole records."""
    reach = _BLOCK
    while any([old.hold(reach), new.hold(reach)]):
        size = _agreement(old, new, cut.ends)
        gone, came = (0, 0) if size else _difference(old, new, cut)
        if not (size or gone or came):
            if not (old.is_over and new.is_over) and reach <= _MOST:
                reach *= 2
                continue
            gone, came = old.hold(0), new.hold(0)
        new.at += size
        yield old.take(size), old.take(gone), new.take(came)
        reach = _BLOCK


def _agreement(old: _Unread, new: _Unread, ends: bytes) -> int:
    """How many bytes of whole records are next in both."""
    left = old.hold(0), new.hold(0)
    size, step, mine = 0, _NEAR, memoryview(old.held)  # whose parts are no copies
    while size < min(left) and step:
        some = mine[old.at + size : old.at + min(size + step, *left)]
        alike = new.held.startswith(some, new.at + size)
        size, step = (size + len(some), 2 * step) if alike else (size, step // 2)
    if left == (size, size) and old.is_over and new.is_over:
        return size
    last = old.held.rfind(ends, old.at, old.at + size)
    return last + len(ends) - old.at if last >= 0 else 0


def _difference(old: _Unread, new: _Unread, cut: RecordCut) -> tuple[int, int]:
    """How many bytes of whole records are before the nearest one that both have, of those held; none if there is no
    such one.
    """
    near = _NEAR
    while True:
        left, right = (cut.records(side.whole(near, cut.ends)) for side in (old, new))
        there = dict(zip(reversed(right), reversed(range(len(right))), strict=True))
        met = min(((at + there[record], at) for at, record in enumerate(left) if record in there), default=None)
        if met:
            return sum(map(len, left[: met[1]])), sum(map(len, right[: met[0] - met[1]]))
        if near >= max(old.hold(0), new.hold(0)):
            return 0, 0
        near *= 4


class _Part(NamedTuple):
    """A part of a content: how many of its frame are before it; whether a record is its own, or a witness, None for a
    part of the frame.
    """

    before: int
    content: bytes
    own: bool | None


_is_own = attrgetter("own")


class _Apart(NamedTuple):
    """Some of a content: the parts that are of interest, and the number of all records."""

    parts: Sequence[_Part]
    records: int


def _take_apart(cut: RecordCut, some: bytes, before: int, *, own: bool) -> _Apart:
    """All records that are one's own, a few of others, and what of the frame is among them."""
    parts, number, place = list[_Part](), 0, 0
    for begins, ends in [*(cut.frame(some) if some else ()), (len(some), len(some))]:
        if records := some[place:begins]:
            number += cut.count(records)
            taken = cut.records(records) if own else _witnesses(records, cut.ends)
            parts += [_Part(before, record, own) for record in taken if record not in cut.blank]
        if begins < ends:
            parts.append(_Part(before, some[begins:ends], None))
            before += 1
        place = ends
    return _Apart(parts, number)


def _witnesses(records: bytes, ends: bytes) -> Iterator[bytes]:
    at = 0
    while (after := records.find(ends, at) + len(ends)) >= len(ends):
        yield records[at:after]
        at = max(after, records.rfind(ends, after, after + _APART) + len(ends))


class _Side:
    """What is known of one of two contents: its parts, its frame, the bytes of its own records, the number of all."""

    def __init__(self, cut: RecordCut, head: bytes) -> None:
        self.cut, self.frames, self.parts = cut, [head], [_Part(0, head, None)]
        self.size = self.records = 0

    def add(self, apart: _Apart) -> None:
        """Some more of it."""
        self.parts += apart.parts
        self.frames += [part.content for part in apart.parts if part.own is None]
        self.size += sum(len(part.content) for part in apart.parts if part.own)
        self.records += apart.records

    def without(self, moved: Mapping[_Part, int]) -> Residue:
        """All parts without so many of these records. Raises ValueError."""
        left, parts = Counter(moved), list[_Part]()
        for part in self.parts:
            if left[part]:
                left[part] -= 1
            else:
                parts.append(part)
        content = self.cut.join([part.content for part in parts])
        if content.startswith(BOM_UTF8) and not self.frames[0]:
            raise ValueError("a byte order mark which is none where it stands")
        return Residue(content, [part.own for part in parts if part.own is not None], self.records)
