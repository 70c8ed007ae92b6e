"""An entry: one record of a source; and many records of one table, held as columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import TypeVar, overload

from sources.errors import BadEntry
from sources.formats.dates import EARLIEST, LATEST
from sources.text import clean, clean_lines, fold_name, value_text

LONGEST_KEY = 10_000  # characters
MOST_FIELDS = 100_000  # of an entry that a page may bring

_T = TypeVar("_T")
_name = lru_cache(maxsize=4096)(clean)  # the entries of a source share few field names


@dataclass(frozen=True, slots=True, init=False)
class Entry:
    """One record of a source, in the normal form that is compared.

    `key` identifies the record and does not change when it is edited. Field values may be any JSON value; they are
    stored as text. Fields with an empty value are dropped, so that a new empty column changes nothing. A naive
    `published` is UTC; one before the year 1000 or after 2999 is dropped.

    Raises BadEntry when the key is empty or longer than LONGEST_KEY.
    """

    key: str
    title: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    url: str | None = None
    published: datetime | None = None
    text: str = ""

    def __init__(
        self,
        key: object,
        title: str = "",
        fields: Mapping[str, object] | None = None,
        url: str | None = None,
        published: datetime | None = None,
        text: str = "",
    ) -> None:
        values = {_name(name): value_text(value) for name, value in (fields or {}).items()}
        put = object.__setattr__  # the dataclass is frozen
        put(self, "key", value_text(key))
        put(self, "title", clean(title) or self.key)
        put(self, "fields", {name: value for name, value in values.items() if value})
        put(self, "url", (url or "").strip() or None)
        if published and not published.tzinfo:
            published = published.replace(tzinfo=UTC)
        put(self, "published", published if published and EARLIEST <= published < LATEST else None)
        put(self, "text", clean_lines(text))
        self._check()

    @classmethod
    def of_texts(cls, key: str, title: str, fields: Mapping[str, str]) -> Entry:
        """As `Entry(key, title, fields)`, but faster: texts must be clean and fields not empty. Large registers need
        it.
        """
        entry = cls.of_parts(key, title or key, fields)
        cls._check(entry)
        return entry

    @classmethod
    def of_parts(
        cls,
        key: str,
        title: str,
        fields: Mapping[str, str],
        url: str | None = None,
        published: datetime | None = None,
        text: str = "",
    ) -> Entry:
        """An entry of the parts of another one, unchanged: they are clean."""
        entry, put = object.__new__(cls), object.__setattr__
        put(entry, "key", key)
        put(entry, "title", title)
        put(entry, "fields", fields)
        put(entry, "url", url)
        put(entry, "published", published)
        put(entry, "text", text)
        return entry

    def at(self, url: str) -> Entry:
        """The same entry with an address."""
        return Entry.of_parts(self.key, self.title, self.fields, url.strip() or None, self.published, self.text)

    def without(self, names: Collection[str]) -> Entry:
        """The same entry without the fields of these names, which are as `fold_name` gives them."""
        fields = {name: text for name, text in self.fields.items() if fold_name(name) not in names}
        return Entry.of_parts(self.key, self.title, fields, self.url, self.published, self.text)

    def _check(self) -> None:
        if not self.key:
            raise BadEntry(f"an entry has no key (title: {self.title[:60]!r}); choose a key that every entry has")
        if len(self.key) > LONGEST_KEY:
            raise BadEntry(f"an entry's key has {len(self.key):,} characters ({self.key[:60]!r}); choose a shorter one")

    @property
    def size(self) -> int:
        """The number of characters of all texts."""
        return len("".join((self.key, self.title, self.text, *self.fields, *self.fields.values())))


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

        # Identical columns stay identical objects.
        picked = {own: [texts[at] for at in places] for own, texts in self._columns().items()}
        fields = {name: picked[id(texts)] for name, texts in self.fields.items()}
        return Rows(picked[id(self.keys)], picked[id(self.titles)], fields)

    @cached_property
    def filled(self) -> Mapping[str, int]:
        """The number of records with a value, per field."""
        return {name: len(texts) - texts.count("") for name, texts in self.fields.items()}

    @property
    def size(self) -> int:
        """The number of characters of all texts."""
        lengths = {own: len("".join(texts)) for own, texts in self._columns().items()}
        names = sum(len(name) * filled for name, filled in self.filled.items())
        return names + sum(lengths[id(texts)] for texts in (self.keys, self.titles, *self.fields.values()))

    def joined_columns(self) -> Iterator[str]:
        """All texts, without the names of the fields: those of a column in one, a line for each record."""
        return map("\n".join, self._columns().values())

    def _columns(self) -> Mapping[int, Sequence[str]]:
        """The columns by their identity: keys are mostly also a field, and titles the keys."""
        return {id(texts): texts for texts in (self.keys, self.titles, *self.fields.values())}


def each_alone(items: Iterable[Rows | _T]) -> Iterator[Entry | _T]:
    """The items, with Rows replaced by their entries."""
    for item in items:
        if isinstance(item, Rows):
            yield from item
        else:
            yield item
