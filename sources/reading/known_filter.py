"""Drops a snapshot's entries whose fingerprint is known; accumulates digest and profile over all of them.

Those that are left are buffered in packs, to cross processes and to wait for storage. Entries of a page that a
subprocess parses come in packs, with their fingerprints; a pack whose entries are all new is buffered as it came.
"""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from itertools import chain
from tempfile import TemporaryFile
from typing import IO, Any, overload
from weakref import finalize

from sources.model import Entry
from sources.model.entry import Rows
from sources.options import compile_re2
from sources.reading.entry_fingerprints import (
    MOST_LOOSE,
    Block,
    Digest,
    MarkSet,
    Pack,
    Seen,
    entry_fingerprint,
    part_at,
)

_OWN = ("url", "published", "text")  # an entry's parts that can become empty like a field
PATIENCE = 500  # entries buffered before the known fingerprints are loaded: most sources never need them
_IN_MEMORY = 8_000_000  # bytes of packs; more of them are in a file


def parts(entry: Entry, own: Collection[str] = _OWN) -> list[str]:
    """The names of the fields and of the `own` parts of an entry that have a value, except key and title."""
    return [*entry.fields, *(name for name in own if getattr(entry, name) and name not in entry.fields)]


class Profile:
    """Accumulates statistics over the distinct entries of one snapshot.

    `lacking` counts, for each of the `required` fields, the entries without a value; `odd` counts the keys that do not
    match `key_pattern`, `odd_key` is the first of them. Without `links` an entry's address does not count.
    """

    def __init__(self, required: Collection[str] = (), key_pattern: str | None = None, *, links: bool = True) -> None:
        self._own = _OWN if links else _OWN[1:]
        self.entries = 0
        self.odd = 0
        self.odd_key = ""
        self.required, self.key_pattern = tuple(required), key_pattern
        self.filled: Counter[str] = Counter()  # the number of entries with a value, per field

    def see(self, block: Block) -> None:
        """Add entries, all of them distinct."""
        self.entries += len(block.marks)
        if isinstance(block.entries, Rows):
            for name, filled in block.entries.filled.items():
                if filled:
                    self.filled[name] += filled
        else:
            for entry in block.entries:
                plain = not (entry.url or entry.published or entry.text)
                for name in entry.fields if plain else parts(entry, self._own):
                    self.filled[name] += 1
        odd = [key for key in block.keys if not self._pattern.fullmatch(key)] if self.key_pattern else []
        self.odd += len(odd)
        self.odd_key = self.odd_key or next(iter(odd), "")

    def unsee(self, block: Block) -> None:
        """Take entries out again, whose keys are not looked at."""
        theirs = Profile(links="url" in self._own)
        theirs.see(block)
        self.entries -= theirs.entries
        self.filled -= theirs.filled

    @property
    def lacking(self) -> dict[str, int]:
        """The number of entries without a value, per required field that has any."""
        without = {name: self.entries - self.filled[name] for name in self.required}
        return {name: count for name, count in without.items() if count}

    @cached_property
    def _pattern(self) -> Any:
        return compile_re2(self.key_pattern or "")


class KnownFilter:
    """Takes the entries of a snapshot, and buffers those that the last snapshot did not have with equal content.

    `present` returns the fingerprints of the last snapshot, concatenated; it is called once, and only if needed. Fields
    in `ignore` do not count. `buffer` has the new entries, `order` all keys if `keys` are wanted, `taken` the
    number of entries, duplicates included, and `repeated` how many of these stood on pages that had no others.
    """

    def __init__(
        self,
        present: Callable[[], bytes] = bytes,
        ignore: Collection[str] = (),
        profile: Profile | None = None,
        *,
        keys: bool = False,
    ) -> None:
        self.profile = profile or Profile()
        self.digest = Digest()
        self.order: list[str] = []
        self.buffer = Packed()
        self.taken = self.repeated = 0
        self.ignore = frozenset(ignore)
        self._keys = keys
        self._present: Callable[[], bytes] | None = present
        self._seen, self._left = MarkSet(), MarkSet()  # what was taken, and what is known and was not

    @contextmanager
    def page(self) -> Iterator[None]:
        """What is taken meanwhile is the page of a list: one that only repeats what was taken before is no further page
        of it, as of a site that does not heed the number that it is asked for.
        """
        taken, distinct = self.taken, self.digest.count
        yield
        if self.digest.count == distinct:
            self.repeated += self.taken - taken

    def see(self, entry: Entry) -> None:
        """As `see_block`, for one entry."""
        self.see_block(Block([entry_fingerprint(entry, self.ignore)], [entry]))

    def see_block(self, block: Block, pack: Pack | None = None) -> None:
        """Take the next entries, which `pack` has in serialised form, too. A duplicate of an earlier one only counts in
        `taken`.
        """
        marks = block.marks
        if self._present and len(self.buffer) + len(marks) > PATIENCE:
            self.load()
        self.taken += len(marks)
        first = set(marks) - self._seen.meet(marks)
        seen = _once(block, first)
        self._seen.update(first)
        self.digest.add_all(seen.marks)
        self.profile.see(seen)
        if self._keys:
            self.order += seen.keys
        known = self._left.meet(seen.marks)
        self._left.remove(known)
        if pack and not known and seen is block:
            self.buffer.take(pack)
        elif news := first - known:
            self.buffer.add(_once(seen, news))

    def see_altered(
        self, gone: Sequence[Block], came: Sequence[Block], records: int, *, digest: bytes, filled: Mapping[str, int]
    ) -> None:
        """Take a snapshot of so many `records` of which only that is known in which it differs from the last one: that
        had this `digest`, and so many entries with a value for each field.
        """
        self.digest, self._present, self.taken = Digest.of(digest), None, records
        self.profile.entries, self.profile.filled = self.digest.count, Counter(filled)
        left, now = ({mark for block in blocks for mark in block.marks} for blocks in (gone, came))
        self.digest.remove_all(left - now)
        self.digest.add_all(now - left)
        self._left.update(left - now)
        for block in gone:
            self.profile.unsee(block)
        for block in came:
            self.profile.see(block)
            if news := [at for at, mark in enumerate(block.marks) if mark not in left]:
                self.buffer.add(part_at(block, news))

    def load(self) -> None:
        """Load the known fingerprints, and drop buffered entries that are known."""
        if self._present is None:
            return
        self._left, self._present = MarkSet(self._present()), None
        known = self._left.meet(list(self._seen))  # all of these are buffered
        self._left.remove(known)
        self.buffer = self.buffer.only(lambda mark: mark not in known)

    def left(self) -> set[bytes]:
        """The fingerprints of the last snapshot that were not seen."""
        self.load()
        return set(self._left)

    def forget(self) -> None:
        """Free all fingerprints, of which there may be millions. The filter takes no entries afterwards."""
        self._seen, self._left = MarkSet(), MarkSet()


def _once(block: Block, wanted: set[bytes]) -> Block:
    """The entries with one of these fingerprints, each where it stands first."""
    if len(wanted) == len(block.marks):
        return block
    places = {mark: at for at, mark in reversed(list(enumerate(block.marks))) if mark in wanted}
    return part_at(block, sorted(places.values()))


class _PackFile:
    """Serialised packs in order: a few in memory, those before them in an unnamed file, if there is disk space."""

    def __init__(self) -> None:
        self._recent = deque[Pack]()
        self._size = self._end = 0  # bytes of the recent ones, and of those in the file
        self._stored: list[tuple[int, int]] = []  # of those in the file: the number of entries, and bytes
        self._file: IO[bytes] | None = None

    def __len__(self) -> int:
        return len(self._stored) + len(self._recent)

    def __iter__(self) -> Iterator[Pack]:
        at = 0
        for number, size in self._stored:
            assert self._file  # noqa: S101 - it has them
            yield Pack(number, os.pread(self._file.fileno(), size, at))
            at += size
        yield from self._recent

    def append(self, pack: Pack) -> None:
        """Add a pack at the end."""
        self._recent.append(pack)
        self._size += len(pack.data)
        if self._size > _IN_MEMORY:
            with suppress(OSError):  # without disk space, what was not written stays in memory
                self._write()

    def _write(self) -> None:
        if not self._file:
            self._file = TemporaryFile(buffering=0)  # noqa: SIM115 - closed when this is not needed any more
            finalize(self, self._file.close)
        while self._recent:
            number, data = self._recent[0]
            if os.pwrite(self._file.fileno(), data, self._end) < len(data):
                return
            self._stored.append((number, len(data)))
            self._end += len(data)
            self._size -= len(data)
            self._recent.popleft()


class Packed(Sequence[Seen]):
    """A buffer of entries in order: first serialised packs, then a bounded number of loose entries.

    Iterate it; access by index deserialises everything.
    """

    def __init__(self, loose: Sequence[Block] = ()) -> None:
        self._packs = _PackFile()
        self._loose = list(loose)
        self._number = self._loose_ones = sum(len(block.marks) for block in self._loose)

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[Seen]:
        for marks, entries in self.blocks():
            yield from map(Seen, marks, entries)

    @overload
    def __getitem__(self, at: int) -> Seen: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Seen]: ...
    def __getitem__(self, at: int | slice) -> Seen | Sequence[Seen]:
        return list(self)[at]

    def blocks(self) -> Iterator[Block]:
        """All entries, in blocks."""
        if self._packs:
            from sources.reading.messages import unpack  # noqa: PLC0415 - msgspec is needed for packs alone

            yield from map(unpack, self._packs)
        yield from self._loose

    def add(self, block: Block) -> None:
        """Add entries with their fingerprints. Those that are no Rows join the ones before them."""
        last = self._loose[-1].entries if self._loose else None
        if isinstance(block.entries, list):
            if not isinstance(last, list):
                self._loose.append(Block([], last := []))
            self._loose[-1].marks.extend(block.marks)
            last.extend(block.entries)
        else:
            self._loose.append(block)
        self._number += len(block.marks)
        self._loose_ones += len(block.marks)
        if self._loose_ones > MOST_LOOSE:
            self._tie_up()

    def take(self, pack: Pack) -> None:
        """Add the pack of another buffer."""
        self._tie_up()
        self._packs.append(pack)
        self._number += pack.number

    def only(self, wanted: Callable[[bytes], bool]) -> Packed:
        """The entries whose fingerprint is wanted."""
        left = (part_at(block, [at for at, mark in enumerate(block.marks) if wanted(mark)]) for block in self.blocks())
        return Packed([block for block in left if block.marks])

    def split(self, wanted: Callable[[str], bool]) -> tuple[Packed, Packed]:
        """The entries whose key is wanted, and the others. Packs without a wanted key stay serialised."""
        from sources.reading.messages import unpack  # noqa: PLC0415 - as above

        these, others = Packed(), Packed()
        packed = ((unpack(pack), pack) for pack in self._packs)
        for block, pack in chain(packed, ((block, None) for block in self._loose)):
            at = {place for place, key in enumerate(block.keys) if wanted(key)}
            if pack and not at:
                others.take(pack)
                continue
            for buffer, places in ((these, sorted(at)), (others, sorted({*range(len(block.marks))} - at))):
                if places:
                    buffer.add(part_at(block, places))
        return these, others

    def keys(self) -> Iterator[str]:
        """All keys."""
        for block in self.blocks():
            yield from block.keys

    def _tie_up(self) -> None:
        if self._loose:
            from sources.reading.messages import packs  # noqa: PLC0415 - as above

            for pack in chain.from_iterable(map(packs, self._loose)):
                self._packs.append(pack)
            self._loose, self._loose_ones = [], 0
