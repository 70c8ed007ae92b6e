"""The kind `gleif`: GLEIF's interface for records, and its golden copies, of which CSV is read faster than XML.

A delta has the records that are new or altered since 8 hours, a day, a week or a month before. It has no checksum: with
it there must be as many as the index says.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from sources.errors import BadDocument, NotFound, WrongContent
from sources.formats.archives import open_content
from sources.formats.dates import read_date
from sources.formats.delimited import fit_row, read_delimited
from sources.formats.json_paths import JsonPath, find, list_members
from sources.formats.links import absolute
from sources.kinds.json import Json
from sources.model import Entry, Get, Imprint, Page
from sources.model.entry import each_alone
from sources.model.page import Remainder
from sources.options import Duration
from sources.pagination.columns import Names
from sources.text import clean, clean_all, join_clean, listing, value_text

_LEI = re.compile(r"[A-Z0-9]{18}[0-9]{2}")
_COMMON = re.compile(r".*Record/|\b\w+:")  # as /lei:LEIData/lei:LEIRecords/lei:LEIRecord/lei:Entity/lei:LegalName
_ENTITY = "attributes.entity"
_RECORDS = "https://api.gleif.org/api/v1/lei-records"
_PUBLIC = "https://search.gleif.org/#/record/"
_PARENTS = ("direct parent", "ultimate parent")
_RECORDED = "in the register"
_INDEX = b'"full_file"'  # in what names golden copies
_CSV = re.compile(rb'(\xef\xbb\xbf)?"?LEI"?,')
_REACH = {"IntraDay": timedelta(hours=8), "LastDay": timedelta(1), "LastWeek": timedelta(7), "LastMonth": timedelta(31)}
_MOST_ALTERED = 50_000  # records that are compared in memory; where deltas have more, all of the file is read
_NAME = "Entity.LegalName"
_MODIFICATION = {  # a single change of a record
    "title": "join(' ', [attributes.lei, attributes.field])",
    "link": f"join('', ['{_PUBLIC}', attributes.lei])",
    "published": "attributes.date",
    "fields": {"was": "attributes.valueOld", "now": "attributes.valueNew", "what": "attributes.field"},
}


def _address(name: str) -> str:
    return f"join(', ', ({_ENTITY}.{name}.[addressLines, [city, country]][] | [?@]) || `[]`)"


def _parent(name: str) -> str:
    links = f'relationships."{name}".links'
    return f"{links}.\"lei-record\" && '{_RECORDED}' || {links}.\"reporting-exception\" && 'an exception' || `null`"


_HEIRS = f"({_ENTITY}.successorEntities || [{_ENTITY}.successorEntity])[?lei || name]"
_SUCCESSORS = f"join('; ', {_HEIRS}.join(' ', [lei || '', name || '']))"
# The fields: where the interface has them, and where files do (LEI-CDF 2.1 and 3.1; all are optional there).
_FIELDS = {
    "status": (f"{_ENTITY}.status", "Entity/EntityStatus"),
    "registration": ("attributes.registration.status", "Registration/RegistrationStatus"),
    "expired": (f"{_ENTITY}.expiration.date", "Entity/EntityExpirationDate"),
    "expiration reason": (f"{_ENTITY}.expiration.reason", "Entity/EntityExpirationReason"),
    "successors": (_SUCCESSORS, "Entity/SuccessorEntity"),
    "jurisdiction": (f"{_ENTITY}.jurisdiction", "Entity/LegalJurisdiction"),
    "other names": (f"join('; ', {_ENTITY}.otherNames[].name || `[]`)", "Entity/OtherEntityNames/OtherEntityName"),
    "legal form": (f"{_ENTITY}.legalForm.other || {_ENTITY}.legalForm.id", "Entity/LegalForm"),
    "address": (_address("legalAddress"), "Entity/LegalAddress"),
    "headquarters": (_address("headquartersAddress"), "Entity/HeadquartersAddress"),
    "number": (f"{_ENTITY}.registeredAs", "Entity/RegistrationAuthority/RegistrationAuthorityEntityID"),
    "direct parent": (_parent("direct-parent"), ""),
    "ultimate parent": (_parent("ultimate-parent"), ""),
    "next renewal": ("attributes.registration.nextRenewalDate", "Registration/NextRenewalDate"),
}


class Gleif(Json):
    """Legal entities with a LEI, in GLEIF's register: found by LEI, or by the beginning of the name, one entry each.

    `url` may also be an index of golden copies, of which newer ones cost a delta, or such a file: CSV, XML, ZIP. Then
    `search` may be left out: all entities are read. `resource = "field-modifications"` reads the changes of a record.
    """

    default_label = "GLEIF"
    imprint = Imprint("GLEIF", "int", ["companies", "finance"], "2025-05-11")
    proven = "captures"
    documented = "https://documenter.getpostman.com/view/7679680/SVYrrxuU"
    asks = "at most 60 requests a minute"

    search: str = Field(default="", description='a LEI, or how the name begins: "Telegram Group"')
    resource: Literal["lei-records", "field-modifications"] = Field(
        default="lei-records", description="what is read: records, or the changes of one"
    )
    parents: bool = Field(default=False, description="true: ask who the parents are, by two requests for each entity")
    hosts: Names = Field(
        default=(), description="further hosts to which the answer's address of the next page may lead"
    )
    url: str = Field(default=_RECORDS, description="the interface for records, an index of golden copies, or a file")
    every: Duration = timedelta(hours=6)
    min_entries: int = Field(default=0, ge=0)
    items: JsonPath = "data"
    key: JsonPath = "id"
    title: JsonPath | None = f"{_ENTITY}.legalName.name"
    link: JsonPath | None = f"join('', ['{_PUBLIC}', id])"
    next: JsonPath | None = "links.next"
    fields: dict[str, JsonPath] = Field(default={name: path for name, (path, _) in _FIELDS.items()})

    @model_validator(mode="before")
    @classmethod
    def _has_room_for_a_file(cls, given: Any) -> Any:
        """Give gigabytes room and time, unless the configuration says how much: each golden copy has as many."""
        if not isinstance(given, dict) or not _leads_to_a_file(str(given.get("url", ""))):
            return given
        return {"max_bytes": 10_000_000_000, "timeout": "1h", "reread": "7d", **given}

    @model_validator(mode="after")
    def _asks_for_something(self) -> Gleif:
        is_short = len(self.search) < 3 and (self.search or self.url == _RECORDS)
        if is_short or (self.resource == "field-modifications" and not self._lei):
            raise ValueError("search needs 3 characters: a LEI, or how the name begins; field-modifications need a LEI")
        return self

    @property
    def _lei(self) -> str:
        return self.search.upper() if _LEI.fullmatch(self.search.upper()) else ""

    def start(self) -> Get:
        """The search, the changes of a record, or the file."""
        if self.resource == "field-modifications":
            return Get(f"{self.url}/{self._lei}/field-modifications", query={"page[size]": 200})
        if not self.search or _leads_to_a_file(self.url):
            return Get(self.url)
        what = "filter[lei]" if self._lei else "filter[entity.legalName]"
        return Get(self.url, query={what: self.search, "page[size]": 100})

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """One entry per entity or change of a record; the next page, or a file. Raises WrongContent for another LEI."""
        if page.content[:100].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
            if page.deltas_at or _CSV.match(open_content(page, limit=self.max_bytes).begins()):
                yield from self._read_parts(page, page.parts)
            else:
                yield from self._read_xml(page)
            return
        if _INDEX in page.body:
            yield _find_golden_copy(page)
            return
        is_modification = find("data[0].type", page.json()) == "field-modifications"
        reader = self.model_copy(update=_MODIFICATION) if is_modification else self
        items: Iterator[Entry | Get] = each_alone(Json.parse(reader, page))
        for item in items:
            if isinstance(item, Get):
                if not self._elsewhere(item.url):
                    yield item
            elif self._lei and not is_modification and item.key != self._lei:
                raise WrongContent(f"{page.url} answered with the LEI {item.key}, not with {self._lei}")
            else:
                yield from self._with_parents(item)

    def essence(self, page: Page) -> bytes | None:
        """The golden copy that an index names, with its version."""
        get = _find_golden_copy(page) if _INDEX in page.body else None
        return json.dumps([get.url, get.carry["version"]]).encode() if get else None

    def is_versioned(self, get: Get) -> bool:
        """Whether the index said when the file was published."""
        return bool(get.carry.get("version"))

    def since(self, known: Get, get: Get) -> Get | None:
        """The request for the smallest delta that reaches back to the golden copy that is known."""
        had, wanted = (read_date(each.carry.get("version")) for each in (known, get))
        reach = [name for name, span in _REACH.items() if had and wanted and had < wanted <= had + span]
        return next((Get(get.carry["deltas"][name]) for name in reach if name in get.carry["deltas"]), None)

    def altered(self, page: Page) -> Iterator[Entry | Get]:
        """An entry may be altered whose record stands in a delta."""
        parts, first = page.parts, page.deltas_at.index(page.carry["start"]) + 1
        touched = {each.lei for part in parts[first:] for each in self._records(part)}
        if len(touched) > _MOST_ALTERED:
            raise BadDocument(f"the deltas of {page.url} have {len(touched):,} records: too many to compare them alone")
        known = others = 0
        for each in self._newest(parts[:first]):
            known += (is_wanted := self._wants(each.lei, each.name))
            others += each.lei not in touched
            if is_wanted and each.lei in touched:
                yield each.entry()
        if known != page.carry["known"]:
            raise BadDocument(f"{page.url} had {known:,} entries, and {page.carry['known']:,} are known")
        yield page.get
        yield from self._read_parts(page, parts[first:], others)

    def remainder(self, page: Page) -> Remainder | None:
        """What the answer says of its list; the next page is followed already, unless it is on another host."""
        found, host = super().remainder(page), self._elsewhere(find("links.next", page.json()) or "")
        return found and found._replace(option=f"hosts = {json.dumps([host])}" if host else "")

    def _elsewhere(self, address: str) -> str:
        """The host of an address, "" for the source's own and those that are allowed."""
        host = urlsplit(address).hostname or ""
        return "" if host in {urlsplit(self.url).hostname, *self.hosts} else host

    def document(self, page: Page) -> Any:
        """The answer; the address of one record has that alone in place of a list. Fields are named without what goes
        for all: "Registration/NextRenewalDate".
        """
        document = super().document(page)
        if isinstance(document, dict) and isinstance(document.get("data"), dict):
            return {**document, "data": [document["data"]]}
        for changed in find("data[?type=='field-modifications'].attributes", document) or ():
            changed["field"] = _COMMON.sub("", value_text(changed.get("field")))
        return document

    def parent(self, page: Page) -> Iterator[Entry | Get]:
        """A record with its parent, of which the page is the record; then the request for the next parent."""
        entry, (which, *others) = page.carry["entry"], page.carry["parents"]
        told = find(f"data.[id, {_ENTITY}.legalName.name]", page.json()) or ()
        fields = {**entry["fields"], which: " ".join(filter(None, told))}
        yield from self._with_parents(Entry(entry["key"], entry["title"], fields, entry["url"]), others)

    def _with_parents(self, entry: Entry, parents: Sequence[str] = _PARENTS) -> Iterator[Entry | Get]:
        recorded = [each for each in parents if entry.fields.get(each) == _RECORDED]
        if not self.parents or not recorded:
            yield entry
            return
        parts = {"key": entry.key, "title": entry.title, "fields": dict(entry.fields), "url": entry.url}
        address = f"{self.url}/{entry.key}/{recorded[0].replace(' ', '-')}"
        yield Get(address, reader="parent", carry={"entry": parts, "parents": recorded})

    @property
    def _paths(self) -> Mapping[str, str]:
        """Where in a record of a file each field is."""
        return {name: path for name, (_, path) in _FIELDS.items() if path and name in self.fields}

    def _wants(self, lei: str, name: str) -> bool:
        return self._lei == lei or (not self._lei and clean(name).casefold().startswith(self.search.casefold()))

    def _read_parts(self, page: Page, parts: Sequence[Page], others: int = 0) -> Iterator[Entry]:
        """The entries of parts of a page, which has so many `others`."""
        for each in self._newest(parts):
            others += 1
            if self._wants(each.lei, each.name):
                yield each.entry()
        if page.deltas_at and others != (said := page.carry["records"]):
            raise BadDocument(f"{page.url} has {others:,} records with its deltas, and the index says {said}")

    def _newest(self, parts: Sequence[Page]) -> Iterator[GoldenRecord]:
        """The records of the first part as the deltas behind it leave them."""
        latest = {each.lei: part for part in parts[1:] for each in self._records(part)}
        for part in parts:
            yield from (each for each in self._records(part) if latest.get(each.lei, parts[0]) is part)

    def _records(self, part: Page) -> Iterator[GoldenRecord]:
        file = open_content(part, limit=self.max_bytes)
        with file.text() as stream:
            rows = read_delimited(stream, ",", '"', file.where)
            _, names = next(rows, (0, list[str]()))
            if not {"LEI", _NAME}.issubset(names):
                raise NotFound(f"{file.where} has no column LEI, or {_NAME}; it has {listing(names, most=20)}")
            lei, name = names.index("LEI"), names.index(_NAME)
            own = {field: _columns_of(path, names) for field, path in self._paths.items()}
            for line, row in rows:
                cells = fit_row(row, names, f"{file.where}, line {line}", ragged=False)
                yield GoldenRecord(cells[lei], cells[name], cells, own)

    def _read_xml(self, page: Page) -> Iterator[Entry]:
        from sources.kinds.xml import Xml  # noqa: PLC0415 - slow to import, and few read such a file

        places = {"items": "LEIRecords/LEIRecord", "key": "LEI", "title": "Entity/LegalName"}
        fields = {name: f"{path}?" for name, path in self._paths.items()}
        limits = {"url": page.url, "max_bytes": self.max_bytes, "min_entries": self.min_entries}
        for entry in each_alone(Xml.model_validate({**places, "fields": fields, **limits}).parse(page)):
            assert isinstance(entry, Entry)  # noqa: S101 - a file has no further pages
            if self._wants(entry.key, entry.title):
                yield entry.at(f"{_PUBLIC}{entry.key}")


def _leads_to_a_file(url: str) -> bool:
    path = urlsplit(url).path.lower()
    return "/golden-copies/" in path or path.endswith((".csv", ".xml", ".zip"))


def _find_golden_copy(page: Page) -> Get:
    """The request for the newest golden copy that an index names. Raises WrongContent, and NotFound without one."""
    newest = find("[data][] | [0]", page.json()) or {}  # alone, or the first of several
    files = find("lei2 || @", newest)
    url, records = find("full_file.csv.[url, record_count]", files) or (None, None)
    if not url:
        raise NotFound(f"{page.url} names no golden copy of records in CSV; it has {list_members(page.json())}")
    deltas = {
        name: absolute(page.url, str(at)) for name in _REACH if (at := find(f"delta_files.{name}.csv.url", files))
    }
    said = {"version": find("publish_date", newest), "records": records, "deltas": deltas}
    return Get(absolute(page.url, str(url)), carry=said)


class GoldenRecord(NamedTuple):
    """A record of a golden copy: its row, and which cells of it each field has, by the elements that XML would have."""

    lei: str
    name: str
    row: Sequence[str]
    fields: Mapping[str, Sequence[Sequence[int]]]

    def entry(self) -> Entry:
        """The entry, as it would be read of XML."""
        said = [
            join_clean([join_clean([self.row[at].strip() for at in each], ", ") for each in elements], "; ")
            for elements in self.fields.values()
        ]
        lei, title, *texts = clean_all([self.lei, self.name, *said])
        fields = {name: text for name, text in zip(self.fields, texts, strict=True) if text}
        return Entry.of_texts(lei, title, fields).at(f"{_PUBLIC}{lei}")


def _columns_of(path: str, names: Sequence[str]) -> Sequence[Sequence[int]]:
    """The columns of each element at a path, without its attributes. It has a number where there may be several."""
    place, elements = path.replace("/", "."), defaultdict[str, list[int]](list)
    for at, name in enumerate(names):
        if f"{name}.".startswith(f"{place}.") and not name.endswith((".xmllang", ".type")):
            number = name[len(place) + 1 :].partition(".")[0]
            elements[number if number.isdigit() else ""].append(at)
    return list(elements.values())
