"""The kind `sec_current`."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from pydantic import Field

from sources.errors import NotFound
from sources.formats.feeds import read_feed
from sources.model import Entry, Get, Imprint, Listing, Page, Source
from sources.options import Duration

_TITLE = re.compile(r"(?>(?P<form>.+?) - )(?P<name>.*) \((?P<cik>\d{10})\) \((?P<role>[^()]+)\)")
_ACCESSION = re.compile(r"accession-number=([\d-]+)")
_AT_ONCE = 100
_LAST = 5000  # the offset of the last page that the site serves


class SecCurrent(Source):
    """The newest filings at the SEC, minutes after they are accepted: one entry per filing and party to it."""

    default_label = "SEC, latest filings"
    imprint = Imprint("SEC, United States", "US", ["companies", "finance"], "2026-01-12")
    proven = "captures"
    documented = "https://www.sec.gov/search-filings/edgar-search-assistance/accessing-edgar-data"
    asks = "a contact in the user agent; at most 10 requests a second"
    needs_contact = True

    form: str = Field(default="", description='only forms that begin so: "8-K"; default: all')
    url: str = Field(default="https://www.sec.gov/cgi-bin/browse-edgar", description="the search")
    every: Duration = timedelta(minutes=1)
    listing: Listing = "window"

    def start(self) -> Get:
        """The request for the newest hundred."""
        asked = {"action": "getcurrent", "type": self.form, "owner": "include", "output": "atom"}
        return Get(self.url, query={**asked, "count": _AT_ONCE, "start": 0})

    def earlier(self, page: Page) -> Get | None:
        """The request for the hundred before those of a page."""
        start = int(page.get.query.get("start", 0)) + _AT_ONCE
        return replace(page.get, query={**page.get.query, "start": start}) if start <= _LAST else None

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """One entry per filing and party. Raises NotFound for an item without a filing's number."""
        for item in read_feed(page):
            accession, title = _ACCESSION.search(item.id), _TITLE.fullmatch(item.title)
            if not accession or not title:
                raise NotFound(f"{page.url}: the item {item.id!r}, {item.title!r}, names no filing or no party")
            fields = {"form": title["form"], "company": title["name"], "cik": title["cik"], "role": title["role"]}
            key = f"{accession[1]} {title['cik']} {title['role']}"  # the id identifies the filing, not the party
            yield Entry(key, item.title, fields, item.link, item.published)
