"""The kind `gleif`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from sources.errors import WrongContent
from sources.formats.json_paths import JsonPath, find
from sources.kinds.json import Json
from sources.model import Entry, Get, Imprint, Page
from sources.model.entry import each_alone
from sources.model.page import Remainder
from sources.options import Duration
from sources.pagination.columns import Names
from sources.text import value_text

_LEI = re.compile(r"[A-Z0-9]{18}[0-9]{2}")
_COMMON = re.compile(r".*Record/|\b\w+:")  # as /lei:LEIData/lei:LEIRecords/lei:LEIRecord/lei:Entity/lei:LegalName
_ENTITY = "attributes.entity"
_RECORDS = "https://api.gleif.org/api/v1/lei-records"
_PUBLIC = "https://search.gleif.org/#/record/"
_PARENTS = ("direct parent", "ultimate parent")
_RECORDED = "in the register"
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

    `url` may also be a golden copy, or a delta of it: an XML file, or a ZIP archive with it. Then `search` may be left
    out: all its entities are read. `resource = "field-modifications"` reads the single changes of a LEI's record.
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
    url: str = Field(default=_RECORDS, description="GLEIF's interface for records, or a file")
    every: Duration = timedelta(hours=6)
    min_entries: int = Field(default=0, ge=0)
    items: JsonPath = "data"
    key: JsonPath = "id"
    title: JsonPath | None = f"{_ENTITY}.legalName.name"
    link: JsonPath | None = f"join('', ['{_PUBLIC}', id])"
    next: JsonPath | None = "links.next"
    fields: dict[str, JsonPath] = Field(default={name: path for name, (path, _) in _FIELDS.items()})

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
        if not self.search or urlsplit(self.url).path.lower().endswith((".xml", ".zip")):
            return Get(self.url)
        what = "filter[lei]" if self._lei else "filter[entity.legalName]"
        return Get(self.url, query={what: self.search, "page[size]": 100})

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """One entry per entity, or per change of a record, then the next page. Raises WrongContent for another LEI."""
        if page.content[:100].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
            yield from self._of_file(page)
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

    def _of_file(self, page: Page) -> Iterator[Entry]:
        from sources.kinds.xml import Xml  # noqa: PLC0415 - slow to import, and few read a file

        fields = {name: f"{path}?" for name, (_, path) in _FIELDS.items() if path and name in self.fields}
        places = {"items": "LEIRecords/LEIRecord", "key": "LEI", "title": "Entity/LegalName", "fields": fields}
        limits = self.model_dump(include={"url", "max_bytes", "min_entries"})
        for entry in each_alone(Xml.model_validate(places | limits).parse(page)):
            assert isinstance(entry, Entry)  # noqa: S101 - a file has no further pages
            if self._lei == entry.key or (not self._lei and entry.title.casefold().startswith(self.search.casefold())):
                yield entry.at(f"{_PUBLIC}{entry.key}")
