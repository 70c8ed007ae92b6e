"""An entry: one record of a source."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from sources.errors import BadEntry
from sources.formats.dates import EARLIEST, LATEST
from sources.text import clean, clean_lines, fold_name, value_text

LONGEST_KEY = 10_000  # characters
MOST_FIELDS = 100_000  # of an entry that a page may bring

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
        put(self, "published", _published(published))
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
        return Entry(self.key, self.title, self.fields, url, self.published, self.text)

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


def _published(given: datetime | None) -> datetime | None:
    """The moment in UTC, or None when it is out of range (`dates.sane`). A naive moment is UTC."""
    if given is None:
        return None
    moment = given if given.tzinfo else given.replace(tzinfo=UTC)
    return moment if EARLIEST <= moment < LATEST else None
