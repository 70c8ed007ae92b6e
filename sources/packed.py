"""Many entries in little room, as they cross from one process to another, and wait to be stored."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, overload

from sources.model import Entry


class Seen(NamedTuple):
    """An entry of a snapshot with its fingerprint."""

    mark: bytes
    entry: Entry


class Pack(NamedTuple):
    """So many entries, as bytes."""

    number: int
    data: bytes


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
        for pack in self._packs:
            for mark, *parts in pickle.loads(pack.data):  # noqa: S301 - from our own child
                yield Seen(mark, same_entry(*parts))
        yield from self.loose

    @overload
    def __getitem__(self, at: int) -> Seen: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Seen]: ...
    def __getitem__(self, at: int | slice) -> Seen | Sequence[Seen]:
        return list(self)[at]

    def append(self, seen: Seen) -> None:
        """Take one more."""
        self.loose.append(seen)

    def take(self, pack: Pack) -> None:
        """Take those that another gave away."""
        if self.loose:
            self._packs.append(self.give())
        self._packs.append(pack)

    def give(self) -> Pack:
        """Give the loose ones away."""
        given, self.loose = self.loose, []
        rows = [(mark, one.key, one.title, one.fields, one.url, one.published, one.text) for mark, one in given]
        return Pack(len(rows), pickle.dumps(rows))


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
