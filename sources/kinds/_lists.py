"""What the kinds of sanctions lists share: rows and elements of one target together, and the standard fields.

The fields that every list has where it says the fact: `names`, `birth_date`, `country`, `identifiers`, `programme`,
`listed`; the rest by the list's own labels. No list keeps an order of its aliases, so several values are sorted.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from sources.errors import NotFound, WrongContent
from sources.formats.archives import open_content
from sources.formats.dates import read_date
from sources.formats.xml import Element, ElementPath, elements, paths_seen
from sources.model import Entry, Page, Source
from sources.model.entry import each_alone
from sources.text import clean, listing

if TYPE_CHECKING:
    from sources.pagination.columns import Names

Row = Mapping[str, str]
"""A row of a table: the columns that are not empty."""

_NUMBER = re.compile(r"(?=.*\d|[A-Z]+$)(?!.*(?:@|www\.|://)).{1,50}")  # no word, sentence, or address of a page
_DAY_FIRST = re.compile(r"(\d\d?|dd)/(\d\d?|mm)/(\d{4})", re.IGNORECASE)


def target(key: str, names: Iterable[str], fields: Mapping[str, str | Iterable[str]]) -> Entry:
    """The entry of one target: its title is the first of its `names`. A text stays as it is; several values are joined
    by "; ", each once, in which a ";" of their own becomes ",".
    """
    title, *aliases = dict.fromkeys(filter(None, map(clean, names))) or [""]
    both = "; ".join(filter(None, (_part(title), join_sorted(name for name in aliases if name != title))))
    texts = {name: value if isinstance(value, str) else join_sorted(value) for name, value in fields.items()}
    return Entry(key, title, {"names": both, **texts})


def join_sorted(values: Iterable[str]) -> str:
    """Several values as one text, in an order that does not depend on theirs."""
    return "; ".join(sorted({part for value in values if (part := _part(value))}))


def join_words(*parts: str | None, sign: str = " ") -> str:
    """The parts of a name or an address, without those that are empty."""
    return sign.join(filter(None, (clean(part or "") for part in parts)))


def iso_date(text: str) -> str:
    """A date in ISO form, as exactly as the list says it, the day before the month in "12/03/1960"; unknown parts
    ("00/00/1960", "dd/mm/1960") are left out. What is no date stays as it is.
    """
    text = clean(text)
    if slashed := _DAY_FIRST.fullmatch(text):
        day, month, year = (part.zfill(2) if part.strip("0").isdecimal() else "" for part in slashed.groups())
        if not (month and day):
            return f"{year}-{month}" if month else year or text
        found = read_date(f"{year}-{month}-{day}")
    else:
        found = None if re.fullmatch(r"\d{4}(-\d\d)?", text) else read_date(text)
    return found.date().isoformat() if found else text


def labelled(said: Iterable[Sequence[str]]) -> defaultdict[str, list[str]]:
    """What the lists of OFAC say under labels of their own ("Passport", "Gender", "Website"), each a label, a value and
    a country: numbers are `identifiers`, the first day of listing `listed`, registration `country`; the rest is under
    its label.
    """
    found = defaultdict[str, list[str]](list)
    for label, value, country in said:
        if label.startswith("Listing Date"):
            found["listed"] = [min([iso_date(value), *found["listed"]])]
        elif label == "Nationality of Registration":
            found["country"].append(value)
        elif label[-1:] in (":", "-") or "Date" in label or not _NUMBER.fullmatch(value):
            found[label.strip(" :-")].append(value)
        else:
            found["identifiers"].append(join_words(label, value, country and f"({country})"))
    return found


def rows_by_key(table: Source, page: Page) -> dict[str, list[Row]]:
    """The rows of a table by their keys: one target has several. `table` is a source of the kind csv or xlsx; its
    options say which columns are needed.
    """
    found: dict[str, list[Row]] = {}
    for row in each_alone(table.parse(page)):
        if isinstance(row, Entry):
            found.setdefault(row.key, []).append(row.fields)
    return found


def column(rows: Iterable[Row], *names: str) -> list[str]:
    """All values of one or more columns."""
    return [row[name] for row in rows for name in names if name in row]


def elements_of(page: Page, paths: Names, limit: int | None) -> Iterator[Element]:
    """The elements at the paths in an XML document. Raises NotFound when there is none, WrongContent for no XML."""
    file, item = open_content(page, limit=limit), None
    for item in elements(file, list(map(_path, paths))):
        yield item
    if item is None:
        shown = listing(paths_seen(file), most=20)
        raise NotFound(f"{file.where} has no element {' or '.join(paths)}; it has {shown}")


def refuse_answer(page: Page) -> None:
    """Raise WrongContent for JSON, in which servers of lists say what went wrong."""
    if page.body[:100].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        raise WrongContent(f"{page.url} answered with JSON in place of the list: {clean(page.text[:300])}")


def texts(item: Element, *paths: str) -> list[str]:
    """The texts at paths below an element, which are as those of the kind `xml`: "a/b", "a/@id"."""
    return [text for path in paths for value in _path(path).values(item) if (text := clean(value))]


@cache
def _path(path: str) -> ElementPath:
    return ElementPath.compile(path, {})


def _part(value: str) -> str:
    return clean(value).replace(";", ",")
