"""The kind `un_sanctions`."""

from collections.abc import Iterator
from datetime import timedelta

from pydantic import Field

from sources.kinds._lists import elements_of, join_words, target, texts
from sources.kinds.xml import Xml
from sources.model import Entry, Get, Imprint, Page
from sources.model.entry import each_alone
from sources.options import Duration
from sources.pagination.columns import Names

_NAMES = ("NAME_ORIGINAL_SCRIPT", "INDIVIDUAL_ALIAS/ALIAS_NAME", "ENTITY_ALIAS/ALIAS_NAME")


class UnSanctions(Xml):
    """The United Nations Security Council's consolidated sanctions list: one entry per person or group."""

    default_label = "UN, sanctions list"
    imprint = Imprint("Security Council, United Nations", "UN", ["sanctions"], "2026-02")
    proven = "captures"
    documented = "https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list"
    asks = "nothing known"

    url: str = Field(default="https://scsanctions.un.org/resources/xml/en/consolidated.xml", description="the list")
    every: Duration = timedelta(hours=1)
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
        items = elements_of(page, self.items, self.max_bytes)
        for entry, item in zip(each_alone(super().parse(page)), items, strict=True):
            assert isinstance(entry, Entry)  # noqa: S101 - a document has no further pages
            names = [entry.title.replace(" | ", " "), *texts(item, *_NAMES)]
            documents = (each for each in item.iterfind("INDIVIDUAL_DOCUMENT") if texts(each, "NUMBER"))
            births = item.iterfind("INDIVIDUAL_DATE_OF_BIRTH")
            standard = {
                "birth_date": [
                    *texts(item, "INDIVIDUAL_DATE_OF_BIRTH/DATE", "INDIVIDUAL_DATE_OF_BIRTH/YEAR"),
                    *(join_words(*texts(each, "FROM_YEAR", "TO_YEAR"), sign=" to ") for each in births),
                ],
                "country": texts(item, "NATIONALITY/VALUE"),
                "identifiers": [join_words(*texts(each, "TYPE_OF_DOCUMENT", "NUMBER")) for each in documents],
                "programme": texts(item, "UN_LIST_TYPE"),
                "listed": texts(item, "LISTED_ON"),
            }
            yield target(entry.key, names, {**entry.fields, **standard})
