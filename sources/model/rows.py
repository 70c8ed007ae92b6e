"""Many records of one table, held as columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeVar, overload

from sources.model.entry import LONGEST_KEY, Entry
from sources.text import fold_name

_T = TypeVar("_T")


class Rows(Sequence[Entry]):
    """Records as columns: clean `keys` and `titles`, and for each of the `fields` the texts of all, "" where empty.

    A record without a title has its key as title. As a sequence it gives the records as entries, created on access.
    Raises BadEntry as `Entry` does.
    """

    def __init__(self, keys: Sequence[str], titles: Sequence[str], fields: Mapping[str, Sequence[str]]) -> None:
        self.keys, self.fields = keys, fields
        self.titles = titles if all(titles) else [title or key for title, key in zip(titles, keys, strict=True)]
        if not all(keys) or max(map(len, keys), default=0) > LONGEST_KEY:
            list(self)  # creating the entries finds the invalid one

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

    def without(self, names: Collection[str]) -> Rows:
        """The records without the fields of these names, which are as `fold_name` gives them."""
        fields = {name: texts for name, texts in self.fields.items() if fold_name(name) not in names}
        return Rows(self.keys, self.titles, fields)

    def only(self, places: Collection[int]) -> Rows:
        """The records at these indexes, in order."""
        if len(places) == len(self):
            return self

        # Identical columns stay identical objects: keys are mostly also a field, and titles the keys.
        columns = {id(texts): texts for texts in (self.keys, self.titles, *self.fields.values())}
        picked = {own: [texts[at] for at in places] for own, texts in columns.items()}
        fields = {name: picked[id(texts)] for name, texts in self.fields.items()}
        return Rows(picked[id(self.keys)], picked[id(self.titles)], fields)

    @property
    def size(self) -> int:
        """The number of characters of all texts."""
        names = sum(len(name) * (len(self) - texts.count("")) for name, texts in self.fields.items())
        return names + len("".join(self.texts()))

    def texts(self) -> Iterator[str]:
        """All texts, without the names of the fields."""
        return chain(self.keys, self.titles, *self.fields.values())


def each_alone(items: Iterable[Rows | _T]) -> Iterator[Entry | _T]:
    """The items, with Rows replaced by their entries."""
    for item in items:
        if isinstance(item, Rows):
            yield from item
        else:
            yield item
