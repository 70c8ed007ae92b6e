"""The kind `rkn_landing`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar

from pydantic import Field

from sources.kinds._rkn_landing import read_landing
from sources.model import Entry, Get, Page, Proven, Source
from sources.options import Duration
from sources.pagination.next_page import follow_link


class RknLanding(Source):
    """Roskomnadzor's list under law 236-FZ: one entry per company and resource, one field per obligation.

    The fields of the law's obligations are `form` (an electronic form for appeals), `account` (an account at
    Roskomnadzor's site), `branch` (a branch, an office or a Russian legal entity) and `counter` (of users); any further
    one is called by its heading in Latin letters. Values are the statuses in the list's own words.
    """

    proven: ClassVar[Proven | None] = "hearsay"
    documented: ClassVar[str] = "https://236-fz.rkn.gov.ru/"
    asks: ClassVar[str] = "a Russian address, and the Russian national root certificate (ca_file)"
    default_label: ClassVar[str] = "Roskomnadzor, 236-FZ list"

    url: str = Field(default="https://236-fz.rkn.gov.ru/agents/list", description="the page with the list")
    every: Duration = Field(default=timedelta(minutes=5), description="how often it is checked")

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """The entries of the list's table, then its next page, if it has one."""
        yield from read_landing(page)
        following = follow_link(page, "a[rel~=next], link[rel~=next]")
        if following:
            yield following
