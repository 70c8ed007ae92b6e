"""The kind `ch_sanctions`."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import zip_longest

from pydantic import Field

from sources.formats.xml import Element, local_name
from sources.kinds._lists import complete, elements_of, iso_date, join_words, target, texts
from sources.model import Entry, Imprint, Page, Source
from sources.options import Duration

_LIST = "swiss-sanctions-list"
# An information whose label says that it is a number: "IMO Number: 8405270", "Tax ID No.: 7701234".
_NUMBER = re.compile(r"([^:]*\b(?:number|no|id)\b[^:]*?)\.?: *(\S*\d\S*?)\.?", re.IGNORECASE)
_LAST = ("family-name", "maiden-name", "suffix")  # the kinds of parts that end a name, in this order
_LISTED = "modification[@modification-type='listed']"
_DOCUMENT = "identity/identification-document[number]"
_ADDRESS = ("c-o", "address-details", "p-o-box", "zip-code", "location", "area", "country")


class ChSanctions(Source):
    """Switzerland's sanctions list (SECO): one entry per person, entity or ship.

    Targets stay in the file when they are de-listed: one of which that is the last modification is no entry any more.
    A title has given names before the family name; a name in each spelling of its parts is one of the names.
    """

    default_label = "Switzerland, sanctions list"
    imprint = Imprint("SECO, Switzerland", "CH", ["sanctions"], "2026-08")
    proven = "captures"
    documented = "https://www.sesam.search.admin.ch/sesam-search-web/pages/search.xhtml?lang=en"
    asks = "nothing known"

    url: str = Field(
        default="https://www.sesam.search.admin.ch/sesam-search-web/pages/downloadXmlGesamtliste.xhtml"
        "?action=downloadXmlGesamtlisteAction&lang=en",
        description="the whole list, as XML",
    )
    every: Duration = timedelta(hours=1)
    max_bytes: int | None = Field(default=200_000_000, gt=0)  # the list has 40 MB

    def parse(self, page: Page) -> Iterator[Entry]:
        """One entry per target. Raises NotFound or WrongContent for another form, and for an error in its place."""
        sets, places = dict[str, tuple[str, str]](), dict[str, str]()
        # Places follow the targets that refer to them: so the document is read twice.
        for item in elements_of(page, (f"{_LIST}/sanctions-program", f"{_LIST}/place"), self.max_bytes):
            places[item.get("ssid", "")] = ", ".join(texts(item, "location", "area", "country"))
            programme = "".join(each.text or "" for each in item.iterfind("program-key[@lang='eng']"))
            for each in item.iterfind("sanctions-set[@lang='eng']"):
                sets[each.get("ssid", "")] = programme, each.text or ""
        targets = elements_of(page, (f"{_LIST}/target",), self.max_bytes)
        yield from complete((_entry(item, sets, places) for item in targets if not _is_delisted(item)), page.url)


def _is_delisted(item: Element) -> bool:
    """Whether the last modification is a de-listing; of several on one day, the list has the last one first."""
    last = max(item.iterchildren("modification"), key=lambda each: each.get("effective-date", ""), default=None)
    return last is not None and last.get("modification-type") == "de-listed"


def _entry(item: Element, sets: Mapping[str, tuple[str, str]], places: Mapping[str, str]) -> Entry:
    what = next(item.iterchildren("individual", "entity", "object"), item)
    names = sorted(what.iterfind("identity/name"), key=_rank)
    own = [sets.get(number, ("", "")) for number in texts(item, "sanctions-set-id", "@sanctions-set-id")]
    said = texts(what, "other-information")
    fields = {
        "type": what.get("object-type") or local_name(what.tag),
        "birth_date" if what.tag == "individual" else "founded": map(
            _date, what.iterfind("identity/day-month-year[@year]")
        ),
        "country": texts(what, "identity/nationality/country"),
        "identifiers": [
            *(join_words(each.get("document-type"), *texts(each, "number")) for each in what.iterfind(_DOCUMENT)),
            *(join_words(*found.groups()) for each in said if (found := _NUMBER.fullmatch(each))),
        ],
        "programme": (programme for programme, _ in own),
        "measures": (measures for _, measures in own),
        "listed": max((each.get("effective-date", "") for each in item.iterfind(_LISTED)), default=""),
        "sex": what.get("sex", ""),
        "place of birth": (_place(each, places) for each in what.iterfind("identity/place-of-birth")),
        "address": (_place(each, places) for each in what.iterfind("identity/address")),
        "justification": texts(what, "justification"),
        "other information": said,
        "foreign identifier": texts(item, "foreign-identifier"),
        "relation": (f"{each.get('relation-type')}: {each.get('target-id')}" for each in what.iterfind("relation")),
    }
    return target(item.get("ssid", ""), (text for name in names for text in _spellings(name)), fields)


def _rank(name: Element) -> tuple[bool, bool, int, str]:
    """The main name comes first; then by number, as the list says nothing of their order."""
    number = name.get("ssid", "")
    return name.xpath("../@main") != ["true"], name.get("name-type") != "primary-name", len(number), number


def _spellings(name: Element) -> Iterator[str]:
    """A name put together of its parts, without titles; then once for each script or language, in which the parts
    have their first variants, their second, and so on.
    """
    parts = sorted(name.iterfind("name-part"), key=_order)
    values = [each.findtext("value") if each.get("name-part-type") != "title" else "" for each in parts]
    yield join_words(*values)
    variants: dict[tuple[str, str], list[list[str]]] = {}
    for at, part in enumerate(parts):
        for each in part.iterfind("spelling-variant"):
            of = variants.setdefault((each.get("lang", ""), each.get("script", "")), [[] for _ in parts])
            of[at].append(each.text or "")
    for columns in variants.values():
        for row in zip_longest(*columns, fillvalue=""):
            yield join_words(*(variant or value for variant, value in zip(row, values, strict=True)))


def _order(part: Element) -> tuple[int, int]:
    kind, order = part.get("name-part-type", ""), part.get("order", "")
    return _LAST.index(kind) if kind in _LAST else -1, int(order) if order.isdecimal() else 0


def _date(element: Element) -> str:
    """The date of a `day-month-year`, as exactly as it is known."""
    return iso_date(f"{element.get('day') or 'dd'}/{element.get('month') or 'mm'}/{element.get('year')}")


def _place(element: Element, places: Mapping[str, str]) -> str:
    return join_words(*texts(element, *_ADDRESS), places.get(element.get("place-id", "")), sign=", ")
