"""The kind `sec_daily_index`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar, Literal
from urllib.parse import urljoin

from pydantic import Field, PositiveInt

from sources.errors import NotFound
from sources.formats.json_paths import find, list_members
from sources.kinds._edgar import read_index
from sources.model import Entry, Get, Listing, Page, Proven, Source
from sources.options import Duration

_FOLDER = re.compile(r"\d{4}|QTR[1-4]")


class SecDailyIndex(Source):
    """All filings at the SEC of the last days that have an index: one entry per filing and company."""

    default_label: ClassVar[str] = "SEC, daily index"
    proven: ClassVar[Proven | None] = "captures"
    documented: ClassVar[str] = "https://www.sec.gov/search-filings/edgar-search-assistance/accessing-edgar-data"
    asks: ClassVar[str] = "a contact in the user agent; at most 10 requests a second"
    needs_contact: ClassVar[bool] = True

    index: Literal["form", "company", "master"] = Field(
        default="form", description="which of the day's indexes is read"
    )
    days: PositiveInt = Field(default=2, description="how many days; with one, each new day has nothing of the last")
    url: str = Field(
        default="https://www.sec.gov/Archives/edgar/daily-index/index.json",
        description="the folder of the indexes as index.json, or one index file",
    )
    every: Duration = Field(default=timedelta(hours=1), description="how often it is checked")
    listing: Listing = "window"

    def start(self) -> Get:
        """The request for the folder of years, or for the one index."""
        return Get(self.url, reader="parse" if self.url.endswith((".idx", ".gz")) else "folder")

    def folder(self, page: Page) -> Iterator[Entry | Get]:
        """Requests for the newest indexes in a folder, or for its newest subfolder: of years, then of quarters."""
        names = [str(name) for name in find("directory.item[].name", page.json()) or []]
        name = re.compile(rf"{self.index}\.(\d{{8}})\.idx(\.gz)?")
        days = {found[1]: each for each in sorted(names, reverse=True) if (found := name.fullmatch(each))}
        folders = [each for each in names if _FOLDER.fullmatch(each)]
        if not days and not folders:
            raise NotFound(
                f"{page.url} names neither {self.index} indexes nor folders; seen: {list_members(page.json())}"
            )
        yield from (Get(urljoin(page.url, days[day])) for day in sorted(days, reverse=True)[: self.days])
        if not days:
            yield Get(urljoin(page.url, f"{max(folders)}/index.json"), reader="folder")

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """One entry per row. Raises NotFound, or BadDocument, for what is no index."""
        yield from read_index(page, self.max_bytes)
