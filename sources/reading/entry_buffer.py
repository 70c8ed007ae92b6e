"""Entries in compact serialised form, to cross processes and to wait for storage."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import NamedTuple, overload

from sources.model import Entry
from sources.model.rows import Rows
from sources.reading.fingerprints import cut
from sources.reading.frames import PLAIN, BadFrame
from sources.reading.messages import EntryPack, EntryParts, PackForm, RowPack, pack_form, packed

_MOST_LOOSE = 1000


class Seen(NamedTuple):
    """An entry of a snapshot with its fingerprint (`mark`)."""

    mark: bytes
    entry: Entry


class Pack(NamedTuple):
    """Several entries as the bytes of one message (`messages.PackForm`): at most PLAIN bytes, or a single entry."""

    number: int
    data: bytes


class Block(NamedTuple):
    """Some entries with their fingerprints; `entries` are Rows if the kind yielded Rows."""

    marks: list[bytes]
    entries: Rows | list[Entry]


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
        yield from map(_unpacked, self._packs)
        yield from self._loose

    def append(self, seen: Seen) -> None:
        """Add one entry."""
        last = self._loose[-1].entries if self._loose else None
        if not isinstance(last, list):
            self._loose.append(Block([], last := []))
        self._loose[-1].marks.append(seen.mark)
        last.append(seen.entry)
        self._count(1)

    def extend_by(self, marks: list[bytes], rows: Rows) -> None:
        """Add rows with their fingerprints."""
        self._loose.append(Block(marks, rows))
        self._count(len(marks))

    def take(self, packs: Sequence[Pack]) -> None:
        """Add the packs of another buffer."""
        self._tie_up()
        self._packs += packs
        self._number += sum(pack.number for pack in packs)

    def give(self) -> list[Pack]:
        """Remove and return all entries, as packs."""
        self._tie_up()
        given, self._packs, self._number = self._packs, [], 0
        return given

    def only(self, wanted: Callable[[bytes], bool]) -> Packed:
        """The entries whose fingerprint is wanted."""
        parts = (_part(block, wanted) for block in self.blocks())
        return Packed([part for part in parts if part.marks])

    def parted(self, wanted: Callable[[str], bool]) -> tuple[Packed, Packed]:
        """The entries whose key is wanted, and the others. Packs without a wanted key stay serialised."""
        these, others = Packed(), Packed()
        for pack in self._packs:
            these._part(_unpacked(pack), wanted, others, pack)
        for block in self._loose:
            these._part(block, wanted, others)
        return these, others

    def keys(self) -> Iterator[str]:
        """All keys."""
        for _, entries in self.blocks():
            yield from entries.keys if isinstance(entries, Rows) else [entry.key for entry in entries]

    def _part(self, block: Block, wanted: Callable[[str], bool], others: Packed, pack: Pack | None = None) -> None:
        """Add the wanted entries of a block, and the rest to `others`; a pack with none is passed on unchanged."""
        keys = block.entries.keys if isinstance(block.entries, Rows) else [entry.key for entry in block.entries]
        at = {place for place, key in enumerate(keys) if wanted(key)}
        if at:
            self._take(_at(block, sorted(at)))
            others._take(_at(block, [place for place in range(len(keys)) if place not in at]))
        else:
            others._take(block, pack)

    def _take(self, block: Block, pack: Pack | None = None) -> None:
        if block.marks:
            self._packs += [pack] if pack else packs(block)
            self._number += len(block.marks)

    def _count(self, more: int) -> None:
        self._number += more
        self._loose_ones += more
        if self._loose_ones > _MOST_LOOSE:
            self._tie_up()

    def _tie_up(self) -> None:
        self._packs += chain.from_iterable(map(packs, self._loose))
        self._loose, self._loose_ones = [], 0


def _part(block: Block, wanted: Callable[[bytes], bool]) -> Block:
    return _at(block, [at for at, mark in enumerate(block.marks) if wanted(mark)])


def _at(block: Block, places: Sequence[int]) -> Block:
    """The entries of a block at these indexes."""
    entries, marks = block.entries, [block.marks[at] for at in places]
    return Block(marks, entries.only(places) if isinstance(entries, Rows) else [entries[at] for at in places])


def packs(block: Block) -> Iterator[Pack]:
    """Serialise entries in packs that fit in one frame."""
    number = len(block.marks)
    if number > _MOST_LOOSE:
        for start in range(0, number, _MOST_LOOSE):
            yield from packs(_at(block, range(start, min(start + _MOST_LOOSE, number))))
        return
    data = packed(_form(block))
    if len(data) <= PLAIN or (number == 1 and isinstance(block.entries, list)):
        yield Pack(number, data)
    elif number == 1:
        yield from packs(Block(block.marks, list(block.entries)))
    else:
        yield from packs(_at(block, range(number // 2)))
        yield from packs(_at(block, range(number // 2, number)))


def _form(block: Block) -> PackForm:
    marks, entries = b"".join(block.marks), block.entries
    if isinstance(entries, Rows):
        keys, titles, fields = entries.keys, entries.titles, entries.fields
        title_column = None if titles is keys else _by_name(titles, fields)
        return RowPack(
            marks, _by_name(keys, fields), title_column, {name: list(texts) for name, texts in fields.items()}
        )
    return EntryPack(marks, list(map(parts, entries)))


def _by_name(column: Sequence[str], fields: Mapping[str, Sequence[str]]) -> list[str] | str:
    """The name of the field that is this very column, else its texts: a register's key is mostly also a field."""
    return next((name for name, texts in fields.items() if texts is column), None) or list(column)


def _unpacked(pack: Pack) -> Block:
    return block_of(pack_form(pack.data))


def block_of(form: PackForm) -> Block:
    """Deserialise a pack. Raises BadEntry, BadFrame, and ValueError for an invalid time."""
    if isinstance(form, RowPack):
        return Block(cut(form.marks), Rows(*columns_of(form), form.fields))
    return Block(cut(form.marks), [entry_of(each) for each in form.entries])


def columns_of(form: RowPack) -> tuple[list[str], list[str]]:
    """The keys and the titles of a pack. Raises BadFrame where they refer to a field that does not exist."""
    try:
        keys = form.fields[form.keys] if isinstance(form.keys, str) else form.keys
        titles = form.fields[form.titles] if isinstance(form.titles, str) else form.titles
    except KeyError:
        raise BadFrame("a column by the name of a field that is none") from None
    return keys, keys if titles is None else titles


def parts(entry: Entry) -> EntryParts:
    """An entry as a message."""
    published = entry.published.isoformat() if entry.published else None
    return entry.key, entry.title, dict(entry.fields), entry.url, published, entry.text


def entry_of(message: EntryParts) -> Entry:
    """An entry from a message. Raises ValueError for an invalid time."""
    key, title, fields, url, published, text = message
    return Entry.of_parts(key, title, fields, url, datetime.fromisoformat(published) if published else None, text)
