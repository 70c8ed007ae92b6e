"""Entries in compact serialised form, to cross processes and to wait for storage."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import overload

from sources.reading.entry_fingerprints import MOST_LOOSE, Block, Pack, Seen, part_at


class Packed(Sequence[Seen]):
    """A buffer of entries in order: first serialised packs, then a bounded number of loose entries.

    Iterate it; access by index deserialises everything.
    """

    def __init__(self, loose: Sequence[Block] = ()) -> None:
        self._packs: list[Pack] = []
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
        parts = (part_at(block, [at for at, mark in enumerate(block.marks) if wanted(mark)]) for block in self.blocks())
        return Packed([part for part in parts if part.marks])

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

            self._packs += chain.from_iterable(map(packs, self._loose))
            self._loose, self._loose_ones = [], 0
