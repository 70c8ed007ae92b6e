"""The kind `un_sanctions`."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

from pydantic import Field

from sources.kinds.xml import Xml
from sources.model import Entry, Get, Imprint, Page, Proven
from sources.options import Duration
from sources.pagination.columns import Names


class UnSanctions(Xml):
    """The United Nations Security Council's consolidated sanctions list: one entry per person or group."""

    default_label: ClassVar[str] = "UN, sanctions list"
    imprint: ClassVar[Imprint] = Imprint("Security Council, United Nations", "UN", ["sanctions"], "2026-02")
    proven: ClassVar[Proven | None] = "captures"
    documented: ClassVar[str] = "https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list"
    asks: ClassVar[str] = "nothing known"

    url: str = Field(default="https://scsanctions.un.org/resources/xml/en/consolidated.xml", description="the list")
    every: Duration = Field(default=timedelta(hours=1), description="how often it is checked")
    items: Names = Field(
        default=("INDIVIDUALS/INDIVIDUAL", "ENTITIES/ENTITY"), description="paths to the elements that are entries"
    )
    key: Names = Field(default=("DATAID",), description="path, in an item, to what tells it from others")
    title: Names = Field(
        default=("FIRST_NAME", "SECOND_NAME?", "THIRD_NAME?", "FOURTH_NAME?"),
        description="paths, in an item, to the parts of its name",
    )

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """One entry per person or group; its title is the whole name, so that a watched name is found in it."""
        for item in super().parse(page):
            yield replace(item, title=item.title.replace(" | ", " ")) if isinstance(item, Entry) else item
