"""Many entries in little room, as they cross from one process to another, and wait to be stored."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, overload

from sources.marks import cut
from sources.model import Entry
from sources.rows import Rows


class Seen(NamedTuple):
    """An entry of a snapshot with its fingerprint."""

    mark: bytes
    entry: Entry


class Pack(NamedTuple):
    """So many entries, as bytes."""

    number: int
    data: bytes


class Block(NamedTuple):
    """Some entries with their fingerprints; they are Rows where they came as such."""

    marks: Sequence[bytes]
    entries: Sequence[Entry]


class Packed(Sequence[Seen]):
    """Entries in their order: first those in packs, then the loose ones.

    It is to be gone through from the beginning; one place takes as long as all before it.
    """

    def __init__(self, loose: Sequence[Seen] = ()) -> None:
        self._packs: list[Pack] = []
        self.loose = list(loose)

    def __len__(self) -> int:
        return sum(pack.number for pack in self._packs) + len(self.loose)

    def __iter__(self) -> Iterator[Seen]:
        for block in self.blocks():
            yield from map(Seen, *block)

    @overload
    def __getitem__(self, at: int) -> Seen: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Seen]: ...
    def __getitem__(self, at: int | slice) -> Seen | Sequence[Seen]:
        return list(self)[at]

    def blocks(self) -> Iterator[Block]:
        """All of them, some at a time."""
        yield from map(_unpacked, self._packs)
        if self.loose:
            yield Block([seen.mark for seen in self.loose], [seen.entry for seen in self.loose])

    def append(self, seen: Seen) -> None:
        """Take one more."""
        self.loose.append(seen)

    def extend_by(self, marks: Sequence[bytes], rows: Rows) -> None:
        """Take some more: rows with their fingerprints."""
        self.take(_packed(marks, rows))

    def take(self, pack: Pack) -> None:
        """Take those that another gave away."""
        self._packs += [*self._tied_up(), pack]

    def give(self) -> list[Pack]:
        """Give all away."""
        given, self._packs = [*self._packs, *self._tied_up()], []
        return given

    def _tied_up(self) -> Iterator[Pack]:
        loose, self.loose = self.loose, []
        if loose:
            parts = [(one.key, one.title, one.fields, one.url, one.published, one.text) for _, one in loose]
            yield _packed([seen.mark for seen in loose], parts)


def _packed(marks: Sequence[bytes], entries: Rows | list[tuple[Any, ...]]) -> Pack:
    return Pack(len(marks), pickle.dumps((b"".join(marks), entries)))


def _unpacked(pack: Pack) -> Block:
    marks, entries = pickle.loads(pack.data)  # noqa: S301 - from our own child
    return Block(cut(marks), entries if isinstance(entries, Rows) else [same_entry(*parts) for parts in entries])


def same_entry(
    key: str, title: str, fields: Mapping[str, str], url: str | None, published: datetime | None, text: str
) -> Entry:
    """An entry from its parts, just as they were: they have been cleaned before."""
    entry, put = object.__new__(Entry), object.__setattr__
    put(entry, "key", key)
    put(entry, "title", title)
    put(entry, "fields", fields)
    put(entry, "url", url)
    put(entry, "published", published)
    put(entry, "text", text)
    return entry
