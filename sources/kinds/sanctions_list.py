"""The kind `sanctions_list`."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import Annotated

from pydantic import BeforeValidator, Field

from sources.errors import NotFound
from sources.formats.archives import open_content
from sources.formats.dates import find_date
from sources.formats.xml import Element, local_name
from sources.kinds._lists import Row, complete, elements_of, iso_date, join_words, target
from sources.model import Entry, Page, Source
from sources.model.entry import each_alone
from sources.options import Pattern, compile_re2
from sources.pagination.columns import Names
from sources.text import clean

Place = Annotated[tuple[Names, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)]
"""Where something is said: a column, or alternatives of which the first with a value counts; several in one of these
are joined. Columns are compared by their letters and digits.
"""


class SanctionsList(Source):
    """A sanctions list in which several rows or elements are one target: one entry each, with the standard fields.

    What the document is tells how it is read: CSV, a workbook, or XML. In XML the columns are the elements that have
    text ("Name6") and the attributes with their element ("nameAlias@wholeName").
    """

    proven = "captures"

    url: str = Field(description="the list, as CSV, XLSX or XML")
    max_bytes: int | None = Field(default=200_000_000, gt=0)  # some lists have 50 MB
    items: Names = Field(default=(), description="in XML: the path to the elements that are targets")
    key: Place = Field(min_length=1, description="the columns with a target's number; or what is joined to one")
    number: Pattern = Field(default=".*", description="a pattern: the part of the key that counts")
    apart: Place = Field(default=(), description="the columns that tell apart targets that share a key")
    names: Place = Field(min_length=1, description="the columns with a name; a table has to have the first")
    aliases: Place = Field(default=(), description="the columns with further names")
    main: Place = Field(default=(), description="the columns that say what kind of name it is")
    prime: Names = Field(default=(), description="the kinds of the main name, in small letters")
    order: Place = Field(default=(), description="the columns with a name's number: the lowest is the main one")
    split: Pattern | None = Field(default=None, description="a pattern: what is between several values in one cell")
    legacy: str | None = Field(default=None, description="the encoding of a file that is not in UTF-8")
    none: Names = Field(default=(), description="values that say that there is none")
    fields: dict[str, Place] = Field(default_factory=dict, description="the fields, name = column, or columns")
    texts: dict[str, Place] = Field(default_factory=dict, description="as fields, for prose, which is not split")
    numbers: dict[str, Place] = Field(default_factory=dict, description="what makes `identifiers`, by what it is")
    flags: Names = Field(default=(), description='columns that say "true": their names are `measures`')

    def parse(self, page: Page) -> Iterator[Entry]:
        """One entry per target. Raises NotFound or WrongContent for another form, and for an error in its place."""
        if self.legacy and not page.encoding and "\ufffd" in page.body.decode(errors="replace"):
            page = replace(page, encoding=self.legacy)
        found, number = dict[str, list[Row]](), compile_re2(self.number)
        split = compile_re2(self.split).split if self.split else lambda value: [value]
        for rows in self._rows(page):
            known = [{name: text for name, text in row.items() if text not in self.none} for row in rows]
            key = number.match(next(filter(None, _values(self.key, known)), ""))
            found.setdefault(key[0] if key else "", []).extend(known)
        if self.main and not any(any(_values(self.main, rows)) for rows in found.values()):
            raise NotFound(f"{page.url} has no column {' or '.join(map(' '.join, self.main))}, with the kind of a name")
        targets = (each for key, rows in found.items() for each in self._namesakes(key, rows))
        yield from complete((self._entry(key, rows, split) for key, rows in targets), page.url)

    def _rows(self, page: Page) -> Iterator[Sequence[Row]]:
        """The rows of an element, or one row of a table."""
        if page.content[:100].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            yield from (list(_rows_in(item)) for item in elements_of(page, self.items, self.max_bytes))
            return
        for row in each_alone(self._table(page).parse(page)):
            if isinstance(row, Entry):
                yield [{_fold(name): text for name, text in row.fields.items()}]

    def _table(self, page: Page) -> Source:
        """What reads the table. The headings of a CSV are where one of the key's columns is."""
        if page.content[:2] == b"PK":
            from sources.kinds.xlsx import Xlsx  # noqa: PLC0415 - slow to import

            return Xlsx(url=page.url, key=self.key[-1], title=self.names[0], max_bytes=self.max_bytes)
        from sources.kinds.csv import Csv  # noqa: PLC0415 - a document of XML does not need it

        with open_content(page, limit=self.max_bytes).text() as lines:
            above = list(islice(lines, 3))  # a stamp may stand above the headings
        names = [{_fold(name) for name in re.split("[,;\t]", line)} for line in above]
        keys = [key for key, *_ in self.key if "@" not in key]
        places = [(at, key) for at, line in enumerate(names, 1) for key in keys if _fold(key) in line]
        if not places:
            seen = clean(" ".join(above))[:150]
            raise NotFound(f"{page.url} has no column {' or '.join(keys)} in its first lines, which are {seen!r}")
        at, key = places[-1]
        return Csv(url=page.url, key=(key,), title=self.names[0], header=at, max_bytes=self.max_bytes)

    def _namesakes(self, key: str, rows: Sequence[Row]) -> Iterator[tuple[str, Sequence[Row]]]:
        """The targets that share a key: one, or one for each value that tells them apart."""
        marks = list(_values(self.apart, rows))
        if len(set(filter(None, marks))) < 2:
            yield key, rows
            return
        for mark in sorted(set(marks)):
            yield join_words(key, mark), [row for row, own in zip(rows, marks, strict=True) if own == mark]

    def _entry(self, key: str, rows: Sequence[Row], split: Callable[[str], list[str]]) -> Entry:
        def parts(place: Place) -> list[str]:
            return [part for value in _values(place, rows) if value for part in split(value)]

        kinds = (kind.casefold() not in self.prime for kind in _values(self.main, rows))
        numbers = ((len(number), number) for number in _values(self.order, rows))
        names = sorted(zip(kinds, numbers, _values(self.names, rows), strict=True))
        fields = {name: parts(place) for name, place in self.fields.items()}
        fields |= {name: list(map(iso_date, fields[name])) for name in fields.keys() & {"birth_date", "control date"}}
        if any(parts(self.numbers.get("IMO", ()))):  # a ship is built, not born
            fields["built"] = fields.pop("birth_date", [])
        fields |= {name: list(_values(place, rows, ", ")) for name, place in self.texts.items()}
        # a list may say "Listed on 6 Oct. 2001 (amended on 5 Mar. 2009)"
        listed = (find_date(iso_date(said).partition("(")[0].replace(". ", " ")) for said in fields.get("listed", []))
        fields["listed"] = [date.date().isoformat() for date in listed if date]
        fields["identifiers"] = fields.get("identifiers", []) + [
            f"{what} {number.strip().removeprefix(what).strip()}"
            for what, place in self.numbers.items()
            for number in parts(place)
            if number.strip()
        ]
        fields["measures"] = [name for name in self.flags for row in rows if row.get(_fold(name), "").lower() == "true"]
        return target(key, (*(name for *_, name in names), *parts(self.aliases)), fields)


@lru_cache(maxsize=4096)
def _fold(column: str) -> str:
    return "".join(filter(str.isalnum, column)).lower()


def _rows_in(item: Element) -> Iterator[Row]:
    """The attributes of an element, and its texts; and those of the elements in it."""
    for each in item.iter("*"):
        row = {_fold(f"{local_name(each.tag)}{name}"): clean(str(value)) for name, value in each.items() if value}
        leaves = [(_fold(local_name(own.tag)), clean(own.text or "")) for own in each.iterchildren("*") if not len(own)]
        # <DOBs> has several <DOB>
        several = [dict(leaves)] if len(dict(leaves)) == len(leaves) else ({name: text} for name, text in leaves)
        yield from filter(None, (row, *several))


def _values(place: Place, rows: Iterable[Row], sign: str = " ") -> Iterator[str]:
    """What each row says there, "" for nothing."""
    for row in rows:
        for names in place:
            if said := [row[column] for column in map(_fold, names) if row.get(column)]:
                yield sign.join(said)
                break
        else:
            yield ""
