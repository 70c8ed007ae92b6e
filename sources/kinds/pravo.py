"""The kind `pravo`."""

from typing import Any

from pydantic import Field, model_validator

from sources.formats.json_paths import JsonPath
from sources.kinds.json import Json
from sources.model import Get, Imprint, Listing
from sources.options import Expect

# The first two of an act's sixteen digits are the region's code, 00 for acts of the federation and treaties.
_FEDERAL = "items[?starts_with(eoNumber, '00')]"


class Pravo(Json):
    """Russia's official publication of laws and orders (publication.pravo.gov.ru), newest first: signed and in force.

    The acts of the regions, more than half of all, are left out by default: `block = "subjects"` reads them alone,
    `block = "all"` everything. The days are those of Moscow.
    """

    default_label = "Official publication (pravo.gov.ru)"
    imprint = Imprint("Official publication of laws, Russia", "RU", ["legislation"], "2026-01-19")
    proven = "captures"
    documented = "http://publication.pravo.gov.ru/"
    asks = "a Russian address; no encryption is needed; robots.txt keeps programs from /Search, /File and /Rss"

    block: str = Field(
        default="",
        pattern="^(all|president|government|assembly|council_[12]|federal_authorities|court|subjects|international"
        "|un_securitycouncil)?$",
        description="whose acts: president, government, assembly, council_1, council_2, federal_authorities, court,"
        " subjects (regions), international, un_securitycouncil, all; default: all but those of the regions",
    )
    url: str = Field(default="http://publication.pravo.gov.ru/api/Documents", description="the site's interface")
    listing: Listing = "window"
    min_entries: int = Field(default=0, ge=0)
    items: JsonPath = "items"
    key: JsonPath = "eoNumber"
    title: JsonPath | None = "complexName"
    link: JsonPath | None = "join('', ['/document/', eoNumber])"
    published: JsonPath | None = "publishDateShort && join('', [publishDateShort, '+03:00'])"
    fields: dict[str, JsonPath] = Field(
        default={
            "number": "number",
            "dated": "documentDate",
            "name": "name",
            "pages": "pagesCount",
            "Justice Ministry number": "jdRegNumber || `null`",
            "Justice Ministry date": "jdRegDate || `null`",
        }
    )
    expect: Expect = Expect(key_pattern="[0-9]{16}")

    @model_validator(mode="before")
    @classmethod
    def _leave_out_regions(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        return {"listing": "window", "items": "items" if given.get("block") else _FEDERAL, **given}

    def start(self) -> Get:
        """The request for the newest acts: the interface has them first without being asked for an order."""
        if "?" in self.url:
            return Get(self.url)
        block = {"Block": self.block} if self.block not in ("", "all") else {}
        return Get(self.url, query={**block, "PageSize": 200, "Index": 1})
