"""The kind `list`."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from lxml.html import HtmlElement
from pydantic import Field

from sources.errors import NotFound
from sources.formats.dates import find_date
from sources.formats.html import text_of
from sources.formats.links import absolute
from sources.formats.selectors import (
    Place,
    describe_inside,
    describe_repeated,
    find_addresses,
    find_dates,
    find_values,
    first,
    parse_place,
    select,
)
from sources.model import Entry, Get, Listing, Page, Proven
from sources.options import Selector
from sources.pagination.next_page import HtmlPaged, Tally, is_further_page
from sources.text import clean, headline, join_texts


class List(HtmlPaged):
    """The repeated elements of an HTML page, one entry each: news, decisions, notices.

    Places in an item are said in CSS: "h3 a" is that element's text, "a@href" its attribute, "." and "@id" the item's
    own; or in XPath: "xpath:.//h3/a".
    """

    proven: ClassVar[Proven | None] = "captures"  # a kind that rests on it may be proven less

    url: str = Field(description="the page with the list")
    item: Selector = Field(description="CSS of the elements that are entries")
    key: Place | None = Field(
        default=None, description="place of what tells an item from others; default: the link, else the title"
    )
    title: Place | None = Field(default=None, description="place of its title; default: the item's first line")
    link: Place | None = Field(default=None, description='place of its address, such as "a@href"')
    published: Place | None = Field(default=None, description='place of its date, such as "time@datetime"')
    fields: dict[str, Place] = Field(
        default_factory=dict, description="the fields to compare, name = place; default: the item's whole text"
    )
    listing: Listing = "window"

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """One entry per item, then the next page. Raises NotFound, which lists the elements that repeat on the page."""
        items = select(page.html, self.item)
        if not items and not is_further_page(page) and self.min_entries:
            seen = f"what repeats: {describe_repeated(page.html)}"
            raise NotFound(f"{page.url} has nothing that matches {self.item!r} (option item); {seen}")
        self._check_places(page.url, items)
        tally = Tally()
        yield from tally.of(self._entry(page.url, item) for item in items)
        if following := self.following(page, tally):
            yield following

    def _entry(self, base: str, item: HtmlElement) -> Entry:
        link = first(find_addresses(item, self.link)) if self.link else ""
        title = first(find_values(item, self.title)) if self.title else headline(text_of(item))
        own = first(find_values(item, self.key)) if self.key else ""
        key = own or (absolute(base, link) if link else title)
        published = first(find_dates(item, self.published)) if self.published else ""
        moment = find_date(clean(published))
        fields = {name: join_texts(find_values(item, place), "; ") for name, place in self.fields.items()}
        if published and not moment:
            fields.setdefault("date", published)  # in the page's own spelling: any change of it counts
        text = "" if self.fields else text_of(item)
        return Entry(key, title, fields, absolute(base, link) if link else None, moment, text)

    def _check_places(self, where: str, items: Sequence[HtmlElement]) -> None:
        own = {"key": self.key, "title": self.title, "link": self.link, "published": self.published}
        places = own | {f"fields.{name}": place for name, place in self.fields.items()}
        for option, place in places.items() if items else ():
            if place and not parse_place(place).optional and not any(find_values(item, place) for item in items):
                seen = f"no item has {place!r} (option {option}); the first one has {describe_inside(items[0])}"
                raise NotFound(f"{where}: {seen}. Where it may be absent, write {place + '?'!r}")
