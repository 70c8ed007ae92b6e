"""The kind `minjust_registry`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar

from pydantic import Field

from sources.errors import NotFound
from sources.formats.json_paths import check_members, list_members
from sources.model import Entry, Get, Page, Proven, Source
from sources.model.coverage import Remainder
from sources.options import Duration
from sources.text import value_text

_SITE = "https://reestrs.minjust.gov.ru/rest/registry"
_REGISTERS = {
    "foreign_agents": "39b95df9-9a68-6b6d-e1e3-e6388507067e",
    "undesirable": "c2d1692e-a9f6-5a79-13ee-5da5b42980df",
    "ngo": "ac648356-fe24-e11a-ceb0-87718bb81ed4",
}
# The interface numbers its columns; these are those of the foreign agents.
_AGENTS = {
    "field_3_s": "grounds",
    "field_4_s": "included",
    "field_5_s": "excluded",
    "field_6_s": "resources",
    "field_7_s": "type",
    "field_8_s": "registration number",
    "field_9_s": "tax number",
}
_AT_ONCE = 500


class MinjustRegistry(Source):
    """A register of Russia's Ministry of Justice: foreign agents, undesirable organisations, NGOs; one entry each."""

    default_label: ClassVar[str] = "Ministry of Justice of Russia"
    proven: ClassVar[Proven | None] = "hearsay"
    documented: ClassVar[str] = "https://minjust.gov.ru/"
    asks: ClassVar[str] = "a Russian address, and the Russian national root certificate (ca_file)"

    registry: str = Field(default="foreign_agents", description="foreign_agents, undesirable, ngo, or a register's id")
    url: str = Field(default="", description="the register's interface; default: .../rest/registry/ID/values")
    every: Duration = Field(default=timedelta(minutes=30), description="how often it is checked")
    key: str = Field(default="field_1_i", description="the column that tells an entry from others")
    title: str = Field(default="field_2_s", description="the column with the name")

    def start(self) -> Get:
        """The request for the first rows."""
        return self._from(0)

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """One entry per row, then the request for the next rows, up to the stated total."""
        document = page.json()
        rows = document.get("values") if isinstance(document, dict) else None
        if not isinstance(rows, list):
            raise NotFound(f"{page.url} has no list of values; seen: {list_members(document)}")
        check_members(page.url, rows, {"key": self.key, "title": self.title})
        names = _AGENTS if self.registry == "foreign_agents" else {}
        for row in rows:
            fields = {names.get(name, name): value for name, value in row.items() if name not in (self.key, self.title)}
            yield Entry(row.get(self.key), value_text(row.get(self.title)), fields)
        read = int((page.get.json or {}).get("offset", 0)) + len(rows)
        if rows and read < int(document.get("size") or 0):
            yield self._from(read)

    def remainder(self, page: Page) -> Remainder | None:
        """How many rows the register has, as it says."""
        document = page.json()
        return Remainder(entries=int(document.get("size") or 0)) if isinstance(document, dict) else None

    def _from(self, offset: int) -> Get:
        url = self.url or f"{_SITE}/{_REGISTERS.get(self.registry, self.registry)}/values"
        asked = {"offset": offset, "limit": _AT_ONCE, "search": "", "facets": {}, "sort": []}
        return Get(url, method="POST", json=asked)
