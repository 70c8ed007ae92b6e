"""The kind `sec_filings`."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated
from urllib.parse import urljoin

from pydantic import AfterValidator, Field

from sources.errors import NotFound
from sources.formats.dates import read_date
from sources.formats.json_paths import find, from_columns, list_members
from sources.model import Entry, Get, Imprint, Listing, Page, Source
from sources.options import Duration, NumberOrText

_FIELDS = {
    "form": "form",
    "filed": "filingDate",
    "period": "reportDate",
    "items": "items",
    "document": "primaryDocument",
    "description": "primaryDocDescription",
    "file number": "fileNumber",
}


def _cik(text: str) -> str:
    """A CIK in ten digits, from one with or without leading zeros. Raises ValueError."""
    digits = text.strip().upper().removeprefix("CIK")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 10):
        raise ValueError('is a number of at most ten digits, such as 320193 or "0000320193"')
    return digits.zfill(10)


class SecFilings(Source):
    """All filings of one company or person at the SEC, newest first, one entry each."""

    default_label = "SEC, filings"
    imprint = Imprint("SEC, United States", "US", ["companies", "finance"], "2026-06-19")
    proven = "captures"
    documented = "https://www.sec.gov/search-filings/edgar-application-programming-interfaces"
    asks = "a contact in the user agent; at most 10 requests a second"
    needs_contact = True

    cik: Annotated[NumberOrText, AfterValidator(_cik)] = Field(description="the number of the filer at the SEC: 320193")
    url: str = Field(default="", description="its submissions; default: those of the cik")
    every: Duration = timedelta(minutes=5)
    listing: Listing = "window"

    def start(self) -> Get:
        """The request for the newest filings: a year, or a thousand."""
        return Get(self.url or f"https://data.sec.gov/submissions/CIK{self.cik}.json")

    def earlier(self, page: Page) -> Get | None:
        """The request for the next older file of filings, which the newest one lists."""
        document = page.json()
        names = page.carry.get("older", find("filings.files[].name", document) or [])
        carry = {"older": names[1:], "name": page.carry.get("name") or document.get("name")}
        return Get(urljoin(page.url, names[0]), carry=carry) if names else None

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """One entry per filing. Raises NotFound when there is no list of them."""
        document = page.json()
        columns = find("filings.recent", document) or document
        if not isinstance(columns, dict) or "accessionNumber" not in columns:
            raise NotFound(f"{page.url} lists no filings; seen: {list_members(document)}")
        name = str(page.carry.get("name") or document.get("name") or self.cik)
        folder = f"https://www.sec.gov/Archives/edgar/data/{int(self.cik)}"
        for row in from_columns(page.url, columns):
            number = row["accessionNumber"]
            link = f"{folder}/{number.replace('-', '')}/{number}-index.htm"
            fields = {field: row.get(member) for field, member in _FIELDS.items()}
            yield Entry(number, f"{row.get('form')}: {name}", fields, link, read_date(row.get("acceptanceDateTime")))
