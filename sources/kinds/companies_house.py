"""The kind `companies_house`."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from sources.errors import WrongContent
from sources.formats.json_paths import JsonPath, find
from sources.kinds.json import Json
from sources.model import Entry, Get, Imprint, Listing, Page
from sources.model.entry import Rows
from sources.options import NumberOrText
from sources.text import join_texts, value_text

_API = "https://api.company-information.service.gov.uk"
_PUBLIC = "https://find-and-update.company-information.service.gov.uk"
_OF_COMPANY = re.compile(r"/company/(\w{1,10})(?:/|$)")
_PLACE = re.compile(r"\{([^{}]+)\}")

_RESOURCES: Mapping[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("_companies_house.toml").read_text("utf-8")
)
_OF_STREAM = {event: name for name, place in _RESOURCES.items() for event in place.pop("events")}
_PLACES = ("items", "key", "title", "link", "published", "fields")


class CompaniesHouse(Json):
    """One company at Companies House, the United Kingdom's register of companies: its filings, newest first.

    Or, by `resource`, its officers, the persons with significant control, charges, insolvency, or its profile. A
    company that has no charges, no insolvency or no such persons is answered with 404, which is a failure: the fields
    `charges` and `insolvency` of its profile say when the first one comes.

    The streaming interface never ends an answer, so let another program keep what it sends: `resource = "stream"` reads
    that file (`url`), and of the events of one thing only the last.
    """

    default_label = "Companies House"
    imprint = Imprint("Companies House, United Kingdom", "GB", ["companies"], "2022-11-15")
    proven = "captures"
    wanted = "an answer with charges, or with persons with significant control"
    documented = "https://developer-specs.company-information.service.gov.uk/"
    asks = 'a key (free), as auth = "KEY:"; at most 600 requests in five minutes'

    url: str = Field(default=_API, description="the interface, or the stream's file")
    company: NumberOrText = Field(pattern="^[A-Za-z0-9]{1,8}$", description='its number: "01234567", "SC123456"')
    resource: Literal[
        "filing-history", "officers", "persons-with-significant-control", "charges", "insolvency", "profile", "stream"
    ] = Field(default="filing-history", description="what is read of it")
    auth: str | None = Field(pattern=":", description='the key and a colon: "${COMPANIES_HOUSE_KEY}:"')
    listing: Listing = "window"
    items: JsonPath = "items"
    key: JsonPath = "transaction_id"
    personal: tuple[str, ...] = ("date_of_birth", "address", "officer_address")

    @model_validator(mode="before")
    @classmethod
    def _of_the_resource(cls, given: Any) -> Any:
        """Fill in the address, and where things stand in this resource, unless the configuration says it."""
        if not isinstance(given, dict):
            return given
        resource = str(given.get("resource", "filing-history"))
        if resource == "stream":
            if "url" not in given:
                raise ValueError('resource = "stream" needs url: a file with the events, one to a line')
            if own := [place for place in _PLACES if place in given]:
                raise ValueError(f"{own[0]} cannot be given for the stream, whose events are of several resources")
            return {"auth": None, "lines": True, **given}
        if resource not in _RESOURCES or not isinstance(company := given.get("company"), str | int):
            return given  # the options' own types report the fault
        place = {"listing": "complete", "link": _link(company, resource), **_RESOURCES[resource]}
        return {"url": f"{_API}/company/{_full_number(company)}{place.pop('address')}", **place, **given}

    def document(self, page: Page) -> Any:
        """The answer, with a `sentence` in each filing. Raises WrongContent for an answer about another company."""
        document, wanted = super().document(page), _full_number(self.company)
        for path in find(_OWN_PATHS, document) or ():
            found = _OF_COMPANY.match(str(path))
            if found and found[1].upper() != wanted:
                raise WrongContent(f"{page.url} answered for the company {found[1]}, not for {wanted}")
        if self.resource == "filing-history" and isinstance(items := find("items", document), list):
            return {**document, "items": list(map(_with_sentences, items))}
        return document

    def parse(self, page: Page) -> Iterator[Rows | Entry | Get]:
        """One entry per item, then the next page; of a stream, one per thing of the company that it tells of."""
        if self.resource != "stream":
            yield from super().parse(page)
            return
        last: dict[str, Any] = {}
        for event in super().document(page):
            path, at = find("resource_uri", event), find("event.timepoint", event)
            if not isinstance(path, str) or not isinstance(at, int):
                raise WrongContent(f"{page.url}: a line is no event of the stream: {value_text(event)[:80]}")
            if path not in last or at >= last[path]["event"]["timepoint"]:
                last[path] = event
        for path, event in last.items():
            of, resource = _OF_COMPANY.match(path), _OF_STREAM.get(str(event.get("resource_kind")))
            if resource and of and of[1].upper() == _full_number(self.company):
                yield from self._of_event(page.url, event, resource)

    def _of_event(self, base: str, event: Mapping[str, Any], resource: str) -> Iterator[Entry]:
        """What an event tells of: by its address, as another event of the same thing changes that entry."""
        place, data = _RESOURCES[resource], find("data", event)
        fields = place["fields"] | {"deleted": "deleted || `null`"}
        own = {"key": "[resource_uri, number]", "link": _link(self.company, resource), "fields": fields}
        reader = self.model_copy(update={name: place.get(name) for name in _PLACES} | own)
        more = {"resource_uri": event["resource_uri"], "deleted": event["event"].get("type") == "deleted" and "yes"}
        for item in find("cases[?type]", data) or [data if isinstance(data, dict) else {}]:
            yield reader._entry(base, _with_sentences({**item, **more}))  # noqa: SLF001 - a copy of this source


_OWN_PATHS = "[[links.self], items[].links.self, [company_number && join('/', ['/company', company_number])]][] | [?@]"


def _full_number(company: str | int) -> str:
    return f"{company:0>8}".upper()


def _link(company: str | int, resource: str) -> str:
    """The path that gives the public page of a resource, whatever the item: it is below the same address."""
    return f"'{_PUBLIC}/company/{_full_number(company)}{_RESOURCES[resource]['address'].partition('?')[0]}'"


def _with_sentences(item: Any) -> Any:
    """A filing with its sentence, and those of its resolutions and associated filings."""
    if not isinstance(item, dict):
        return item
    parts = {
        name: [{"sentence": _sentence(part)} for part in item[name] if isinstance(part, dict)]
        for name in ("resolutions", "associated_filings")
        if isinstance(item.get(name), list)
    }
    return {**item, **parts, "sentence": _sentence(item)}


def _sentence(filing: Mapping[str, Any]) -> str:
    """The publisher's sentence for a filing, with its values; one that is missing is named in brackets. Where the
    publisher has none, the filing's own words, or the type and the key.
    """
    key, values = value_text(filing.get("description")), filing.get("description_values")
    values = values if isinstance(values, dict) else {}

    def value(place: re.Match[str]) -> str:
        name = place[1].replace(" ", "_")
        return value_text(values.get(name)) or f"[{name.replace('_', ' ')}]"

    said = _PLACE.sub(value, _sentences().get(key, ""))
    own, capital = value_text(values.get("description")), "capital" in values and find(_CAPITAL, values)
    if own.casefold() not in said.casefold():
        said = join_texts([said, own], ": ")
    said = said or join_texts([value_text(filing.get("type")), key], ": ")
    return f"{said} ({capital})" if capital else said


_CAPITAL = "join(', ', capital[].join(' ', [to_string(currency), to_string(figure)]) || `[]`)"


@cache
def _sentences() -> Mapping[str, str]:
    lines = Path(__file__).with_name("_filing_sentences.tsv").read_text("utf-8").splitlines()
    rows = (line.partition("\t") for line in lines if not line.startswith("#"))
    return {key: sentence for sentence, _, keys in rows for key in keys.split(" ")}
