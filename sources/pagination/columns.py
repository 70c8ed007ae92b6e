"""The options `key`, `title` and `fields` of tabular kinds: records with named columns to entries."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from sources.errors import NotFound
from sources.formats.links import absolute, remove_session
from sources.model import Entry
from sources.model.entry import Rows
from sources.text import clean, clean_all, fold_name, join_clean, listing

Names = Annotated[
    tuple[Annotated[str, Field(min_length=1)], ...],
    BeforeValidator(lambda value: (value,) if isinstance(value, str) else value),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
"""One name, or a list of them."""
Fields = Names | dict[str, Names]
"""Columns; or names with the columns, one or several, whose values they stand for."""

BATCH = 250  # records at once; more need more memory and are not faster
_LEADS_NOWHERE = re.compile(r"\s*(?:#|(?:javascript|mailto|tel|data):)", re.IGNORECASE)


class Columns:
    """The columns that make an entry's key, title and fields.

    `seen` are the existing columns, `where` names their table in messages; values of `null` say that there is none.
    Names are matched without regard to case, spaces and invisible characters. Raises NotFound, which lists the existing
    columns, when one is missing.
    """

    def __init__(
        self,
        seen: Sequence[str],
        where: str,
        *,
        key: Names,
        title: Names = (),
        fields: Fields = (),
        link: str | None = None,
        null: Names = (),
    ) -> None:
        self.seen = seen
        self.where = where
        self._key = self._find("key", key)
        self._title = self._find("title", title)
        self._link = next(iter(self._find("link", (link,) if link else ())), None)
        self._null = frozenset(map(clean, null))
        # A field has the configuration's spelling, so that it stays equal when the site changes its capitals.
        own = fields if isinstance(fields, dict) else {name: (name,) for name in fields}
        named = [(self._find("fields", names), clean(name)) for name, names in own.items()]
        self._fields = named if fields else [([at], clean(name)) for at, name in enumerate(seen)]

    def clean(self, values: Sequence[str]) -> Sequence[str]:
        """The values in normal form, "" where there is none."""
        texts = clean_all(values)
        return ["" if text in self._null else text for text in texts] if self._null else texts

    def entry(self, values: Sequence[str]) -> Entry:
        """The record as an entry. Raises BadEntry when the key's columns are all empty."""
        values = self.clean(values)
        said = ((name, join_clean([values[at] for at in places], "; ")) for places, name in self._fields)
        title = join_clean([values[at] for at in self._title]) if self._title else ""
        key = values[self._key[0]] if len(self._key) == 1 else join_clean([values[at] for at in self._key])
        return Entry.of_texts(key, title, {name: text for name, text in said if text})

    def linked(self, record: Sequence[str], base: str, links: Sequence[str] = ()) -> Entry:
        """As `entry`, with its link: what the column `link` says, as a link or as text, or else the record's own link.

        `links` are the addresses that the record's values lead to. Without a column named, that is the one of the
        title, or of the key, or the first. `base` is the page's address.
        """
        entry = self.entry(record)
        if self._link is not None:
            said = (links[self._link] if links else "") or self.clean([record[self._link]])[0]
        else:
            own = (links[at] for at in (*self._title, *self._key, *range(len(links))) if links)
            said = next((link for link in own if not _LEADS_NOWHERE.match(link)), "")
        return entry.at(remove_session(absolute(base, said))) if said else entry

    def rows(self, records: Iterable[Sequence[str]]) -> Iterator[Rows]:
        """Records in batches; each record has a value for each column. Raises BadEntry as `entry` does."""
        rest = iter(records)
        while some := list(islice(rest, BATCH)):
            width = len(self.seen)
            if set(map(len, some)) != {width}:
                # Else values would move to other columns.
                raise ValueError(f"a record of {self.where} has not {width} values")
            yield self.batch(self.clean(list(chain.from_iterable(some))))

    def batch(self, texts: Sequence[str]) -> Rows:
        """Whole records, whose clean values follow one another. Raises BadEntry as `entry` does."""
        width = len(self.seen)
        columns = [texts[at::width] for at in range(width)]
        keys = _join_columns([columns[at] for at in self._key])
        titles = _join_columns([columns[at] for at in self._title]) if self._title else keys
        fields = {name: _join_columns([columns[at] for at in places], "; ") for places, name in self._fields}
        return Rows(keys, titles, fields)

    def _find(self, option: str, names: Names) -> list[int]:
        places = {fold_name(name): at for at, name in reversed(list(enumerate(self.seen)))}
        for name in names:
            if fold_name(name) not in places:
                shown = listing((seen if len(seen) < 80 else f"{seen[:77]}..." for seen in self.seen), most=30)
                raise NotFound(f'{self.where} has no column "{name}" (option {option}); its columns are {shown}')
        return [places[fold_name(name)] for name in names]


def _join_columns(columns: Sequence[Sequence[str]], sign: str = " | ") -> Sequence[str]:
    return columns[0] if len(columns) == 1 else [join_clean(texts, sign) for texts in zip(*columns, strict=True)]
