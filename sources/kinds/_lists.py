"""What the kinds of sanctions lists share: the standard fields of an entry, and the forms in which values are said.

The fields that every list has where it says the fact: `names`, `birth_date`, `country`, `identifiers`, `programme`,
`listed`; the rest by the list's own labels. No list keeps an order of its aliases, so several values are sorted.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from sources.errors import NotFound
from sources.formats.archives import open_content
from sources.formats.dates import read_date
from sources.formats.xml import Element, ElementPath, elements, paths_seen
from sources.model import Entry, Page
from sources.text import clean, listing

Row = Mapping[str, str]
"""A row of a table, or an element: the columns that are not empty."""

_NUMBER = re.compile(r"(?=.*\d|[A-Z]+$)(?!.*(?:@|www\.|://)).{1,50}")  # no word, sentence, or address of a page
_ISO = re.compile(r"\d{4}(-\d\d){0,2}")
_DAY_FIRST = re.compile(r"(\d\d?|dd)/(\d\d?|mm)/(\d{4})", re.IGNORECASE)


def target(key: str, names: Iterable[str], fields: Mapping[str, str | Iterable[str]]) -> Entry:
    """The entry of one target: its title is the first of its `names`, which are joined by "; " as are several values
    of a field, each once. A ";" within a name, or in one of several values, becomes ",".
    """
    title, *aliases = dict.fromkeys(filter(None, map(clean, names))) or [""]
    texts = {"names": _join([title, *sorted(aliases)])}
    for name, value in fields.items():
        texts[clean(name)] = clean(value) if isinstance(value, str) else _join_sorted(value)
    return Entry.of_texts(clean(key), title, {name: text for name, text in texts.items() if text})


def complete(entries: Iterable[Entry], where: str) -> Iterator[Entry]:
    """The entries. Raises NotFound when not one has a name, or a programme: then the list has another form."""
    absent = {"names", "programme"}
    for entry in entries:
        absent -= entry.fields.keys()
        yield entry
    if absent:
        raise NotFound(f"{where} is no list in a form that is known: no entry has what makes {listing(sorted(absent))}")


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
        found = None if _ISO.fullmatch(text) else read_date(text)
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


def column(rows: Iterable[Row], *names: str) -> list[str]:
    """All values of one or more columns."""
    return [row[name] for row in rows for name in names if name in row]


def elements_of(page: Page, paths: Sequence[str], limit: int | None) -> Iterator[Element]:
    """The elements at the paths in an XML document. Raises NotFound when there is none, WrongContent for no XML."""
    file, item = open_content(page, limit=limit), None
    for item in elements(file, list(map(_path, paths))):
        yield item
    if item is None:
        raise NotFound(f"{file.where} has no element {' or '.join(paths)}; it has {listing(paths_seen(file), most=20)}")


def texts(item: Element, *paths: str) -> list[str]:
    """The texts at paths below an element, which are as those of the kind `xml`: "a/b", "a/@id"."""
    return [text for path in paths for value in _path(path).values(item) if (text := clean(value))]


@cache
def _path(path: str) -> ElementPath:
    return ElementPath.compile(path, {})


def _join_sorted(values: Iterable[str]) -> str:
    """Several values as one text, in an order that does not depend on theirs; one alone stays as it is."""
    found = sorted(set(filter(None, map(clean, values))))
    return _join(found) if len(found) > 1 else "".join(found)


def _join(values: Iterable[str]) -> str:
    return "; ".join(value.replace(";", ",") for value in values)
