"""The kind `gleif`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import ClassVar

from pydantic import Field

from sources.formats.json_paths import JsonPath
from sources.kinds.json import Json
from sources.model import Get, Proven
from sources.options import Duration

_LEI = re.compile(r"[A-Z0-9]{18}[0-9]{2}")
_ENTITY = "attributes.entity"


class Gleif(Json):
    """Legal entities with a LEI, in GLEIF's register: found by LEI, or by the beginning of the name, one entry each."""

    default_label: ClassVar[str] = "GLEIF"
    proven: ClassVar[Proven | None] = "documents"
    documented: ClassVar[str] = "https://documenter.getpostman.com/view/7679680/SVYrrxuU"
    asks: ClassVar[str] = "at most 60 requests a minute"

    search: str = Field(min_length=3, description='a LEI, or how the name begins: "Telegram Group"')
    url: str = Field(default="https://api.gleif.org/api/v1/lei-records", description="GLEIF's interface for records")
    every: Duration = Field(default=timedelta(hours=6), description="how often it is checked")
    min_entries: int = Field(default=0, ge=0, description="fewer entries than this are not believed")
    items: JsonPath = Field(default="data", description="path to the list of items")
    key: JsonPath = Field(default="id", description="path, in an item, to what tells it from others")
    title: JsonPath | None = Field(default=f"{_ENTITY}.legalName.name", description="path, in an item, to its title")
    link: JsonPath | None = Field(
        default="join('', ['https://search.gleif.org/#/record/', id])", description="path, in an item, to its address"
    )
    next: JsonPath | None = Field(default="links.next", description="path, in the document, to the next page's address")
    fields: dict[str, JsonPath] = Field(
        default={
            "jurisdiction": f"{_ENTITY}.jurisdiction",
            "status": f"{_ENTITY}.status",
            "other names": f"join('; ', {_ENTITY}.otherNames[].name || `[]`)",
            "address": f"join(', ', ({_ENTITY}.legalAddress.[addressLines, [city, country]][] | [?@]) || `[]`)",
            "number": f"{_ENTITY}.registeredAs",
            "registration": "attributes.registration.status",
            "next renewal": "attributes.registration.nextRenewalDate",
        },
        description="the fields to compare, name = path",
    )

    def start(self) -> Get:
        """The search."""
        what = "filter[lei]" if _LEI.fullmatch(self.search.upper()) else "filter[entity.legalName]"
        return Get(self.url, query={what: self.search, "page[size]": 100})
