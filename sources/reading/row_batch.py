"""Records of one table, many at a time: what it takes to know an entry again is done for all of them together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeVar, overload

from sources.model import LONGEST_KEY, Entry
from sources.reading.fingerprints import row_fingerprints

_T = TypeVar("_T")


class Rows(Sequence[Entry]):
    """Records with their clean `keys` and `titles`, and of each of their `fields` the texts of all, "" where a record
    has none. Where there is no title the key stands for it.

    As a sequence it is the records as entries, made where they are asked for. Raises BadEntry as `Entry` does.
    """

    def __init__(self, keys: Sequence[str], titles: Sequence[str], fields: Mapping[str, Sequence[str]]) -> None:
        self.keys, self.fields = keys, fields
        self.titles = titles if all(titles) else [title or key for title, key in zip(titles, keys, strict=True)]
        if not all(keys) or max(map(len, keys), default=0) > LONGEST_KEY:
            list(self)  # one of them tells what is wrong with it

    def __len__(self) -> int:
        return len(self.keys)

    @overload
    def __getitem__(self, at: int) -> Entry: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Entry]: ...
    def __getitem__(self, at: int | slice) -> Entry | Sequence[Entry]:
        if isinstance(at, slice):
            return [self[place] for place in range(len(self))[at]]
        fields = {name: text for name, texts in self.fields.items() if (text := texts[at])}
        return Entry.of_texts(self.keys[at], self.titles[at], fields)

    def only(self, places: Collection[int]) -> Rows:
        """The records at these places, in their order."""
        if len(places) == len(self):
            return self

        # The same column stays the same: keys are mostly those of a field, and titles the keys.
        columns = {id(texts): texts for texts in (self.keys, self.titles, *self.fields.values())}
        picked = {own: [texts[at] for at in places] for own, texts in columns.items()}
        fields = {name: picked[id(texts)] for name, texts in self.fields.items()}
        return Rows(picked[id(self.keys)], picked[id(self.titles)], fields)

    def marks(self, ignore: Collection[str] = ()) -> list[bytes]:
        """The fingerprint of each, as `entry_fingerprint` gives it."""
        return row_fingerprints(self.keys, self.titles, self.fields, ignore)

    @property
    def size(self) -> int:
        """How many characters they hold."""
        names = sum(len(name) * (len(self) - texts.count("")) for name, texts in self.fields.items())
        return names + len("".join(self.texts()))

    def texts(self) -> Iterator[str]:
        """All that they say, but for the names of the fields."""
        return chain(self.keys, self.titles, *self.fields.values())


def each_alone(items: Iterable[Rows | _T]) -> Iterator[Entry | _T]:
    """The items with the entries of all rows among them one by one."""
    for item in items:
        if isinstance(item, Rows):
            yield from item
        else:
            yield item
