"""The kind `gleif`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from sources.errors import WrongContent
from sources.formats.json_paths import JsonPath, find
from sources.kinds.json import Json
from sources.model import Entry, Get, Page, Proven
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
# A single change of a record.
_MODIFICATION = {
    "items": "data",
    "key": "id",
    "title": "join(' ', [attributes.lei, attributes.field])",
    "next": None,
    "link": f"join('', ['{_PUBLIC}', attributes.lei])",
    "published": "attributes.date",
    "fields": {
        "was": "attributes.valueOld",
        "now": "attributes.valueNew",
        "what": "attributes.field",
        "how": "attributes.modificationType",
        "record": "attributes.recordType",
    },
}
# Where files have the fields (LEI-CDF 2.1 and 3.1; all of them are optional there).
_IN_FILE = {
    "status": "Entity/EntityStatus",
    "registration": "Registration/RegistrationStatus",
    "expired": "Entity/EntityExpirationDate",
    "expiration reason": "Entity/EntityExpirationReason",
    "successors": "Entity/SuccessorEntity",
    "jurisdiction": "Entity/LegalJurisdiction",
    "other names": "Entity/OtherEntityNames/OtherEntityName",
    "legal form": "Entity/LegalForm",
    "address": "Entity/LegalAddress",
    "headquarters": "Entity/HeadquartersAddress",
    "number": "Entity/RegistrationAuthority/RegistrationAuthorityEntityID",
    "next renewal": "Registration/NextRenewalDate",
}


def _address(name: str) -> str:
    return f"join(', ', ({_ENTITY}.{name}.[addressLines, [city, country]][] | [?@]) || `[]`)"


def _parent(name: str) -> str:
    links = f'relationships."{name}".links'
    return f"{links}.\"lei-record\" && '{_RECORDED}' || {links}.\"reporting-exception\" && 'an exception' || `null`"


class Gleif(Json):
    """Legal entities with a LEI, in GLEIF's register: found by LEI, or by the beginning of the name, one entry each.

    `url` may also be a golden copy, or a delta of it: an XML file, or a ZIP archive with it. Then `search` may be left
    out: all its entities are read. `resource = "field-modifications"` reads the single changes of a LEI's record.
    """

    default_label: ClassVar[str] = "GLEIF"
    proven: ClassVar[Proven | None] = "captures"
    documented: ClassVar[str] = "https://documenter.getpostman.com/view/7679680/SVYrrxuU"
    asks: ClassVar[str] = "at most 60 requests a minute"

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
    fields: dict[str, JsonPath] = Field(
        default={
            "status": f"{_ENTITY}.status",
            "registration": "attributes.registration.status",
            "expired": f"{_ENTITY}.expiration.date",
            "expiration reason": f"{_ENTITY}.expiration.reason",
            "successors": f"join('; ', ({_ENTITY}.successorEntities || [{_ENTITY}.successorEntity])[?lei || name]"
            ".join(' ', [lei || '', name || '']))",
            "jurisdiction": f"{_ENTITY}.jurisdiction",
            "other names": f"join('; ', {_ENTITY}.otherNames[].name || `[]`)",
            "legal form": f"{_ENTITY}.legalForm.other || {_ENTITY}.legalForm.id",
            "address": _address("legalAddress"),
            "headquarters": _address("headquartersAddress"),
            "number": f"{_ENTITY}.registeredAs",
            "direct parent": _parent("direct-parent"),
            "ultimate parent": _parent("ultimate-parent"),
            "next renewal": "attributes.registration.nextRenewalDate",
        }
    )

    @model_validator(mode="before")
    @classmethod
    def _of_the_resource(cls, given: Any) -> Any:
        if not isinstance(given, dict) or given.get("resource") != "field-modifications":
            return given
        return {"listing": "window", **given}

    @model_validator(mode="after")
    def _asks_for_something(self) -> Gleif:
        if len(self.search) < 3 and (self.search or self.url == _RECORDS):
            raise ValueError("search needs at least 3 characters: a LEI, or how the name begins")
        if self.resource == "field-modifications" and not self._lei:
            raise ValueError("field-modifications are those of one record: search has to be its LEI")
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
        if page.body[:100].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
            yield from self._of_file(page)
            return
        is_modification = find("data[0].type", page.json()) == "field-modifications"
        for item in Json.parse(self.model_copy(update=_MODIFICATION) if is_modification else self, page):
            if isinstance(item, Get):
                if urlsplit(item.url).hostname in {urlsplit(self.url).hostname, *self.hosts}:
                    yield item
            elif self._lei and not is_modification and item.key != self._lei:
                raise WrongContent(f"{page.url} answered with the LEI {item.key}, not with {self._lei}")
            else:
                yield from self._with_parents(item) if self.parents else (item,)

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
        of, which = page.carry["entry"], page.carry["which"]
        told = find(f"data.[id, {_ENTITY}.legalName.name]", page.json()) or ()
        found = Entry(of["key"], of["title"], {**of["fields"], which: " ".join(filter(None, told))}, of["url"])
        yield from self._with_parents(found, done=(*page.carry["done"], which))

    def _with_parents(self, entry: Entry, done: Sequence[str] = ()) -> Iterator[Entry | Get]:
        which = next((each for each in _PARENTS if each not in done and entry.fields.get(each) == _RECORDED), None)
        if which is None:
            yield entry
            return
        of = {"key": entry.key, "title": entry.title, "fields": dict(entry.fields), "url": entry.url}
        address = f"{self.url}/{entry.key}/{which.replace(' ', '-')}"
        yield Get(address, reader="parent", carry={"entry": of, "which": which, "done": list(done)})

    def _of_file(self, page: Page) -> Iterator[Entry]:
        from sources.kinds.xml import Xml  # noqa: PLC0415 - slow to import, and few read a file

        fields = {name: f"{path}?" for name, path in _IN_FILE.items() if name in self.fields}
        options = {"items": "LEIRecords/LEIRecord", "key": "LEI", "title": "Entity/LegalName", "fields": fields}
        limits = {"max_bytes": self.max_bytes, "min_entries": self.min_entries}
        begins = self.search.casefold()
        for item in Xml.model_validate({"url": self.url, **options, **limits}).parse(page):
            if isinstance(item, Entry) and (
                item.key == self._lei if self._lei else item.title.casefold().startswith(begins)
            ):
                yield item.at(f"{_PUBLIC}{item.key}")
