"""The kind `json`."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin

from pydantic import Field

from sources.columns import joined
from sources.dates import read_date
from sources.errors import NotFound
from sources.members import check_members, members
from sources.model import Entry, Get, Page, Source
from sources.selectors import JsonPath, find
from sources.text import value_text


class Json(Source):
    """The items of a JSON document, one entry each. Places are said in JMESPath: "results", "agency.name", "@"."""

    url: str = Field(description="the document, usually of an API")
    items: JsonPath = Field(description='path to the list of items; "@" where the document is the list')
    key: JsonPath = Field(description="path, in an item, to what tells it from others; [a, b] for two together")
    title: JsonPath | None = Field(default=None, description="path, in an item, to its title; default: the key")
    link: JsonPath | None = Field(default=None, description="path, in an item, to its address")
    published: JsonPath | None = Field(default=None, description="path, in an item, to its date")
    fields: dict[str, JsonPath] = Field(
        default_factory=dict, description="the fields to compare, name = path; default: every member of the item"
    )
    next: JsonPath | None = Field(default=None, description="path, in the document, to the next page's address")

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """One entry per item, then the next page."""
        document = page.json()
        items = find(self.items, document)
        if not isinstance(items, list):
            what = "nothing" if items is None else f"no list but {value_text(items)[:60]}"
            raise NotFound(f"{page.url}: items = {self.items!r} finds {what}; seen: {members(document)}")
        own = {"key": self.key, "title": self.title, "link": self.link, "published": self.published}
        check_members(page.url, items, own | self.fields)
        for item in items:
            key, title, link, published = (path and find(path, item) for path in own.values())
            fields = {name: find(path, item) for name, path in self.fields.items()}
            # Registers converted from paper have a blank number now and then: one such item must not cost all others.
            blank = isinstance(key, str) and not key.strip()
            yield Entry(
                joined(map(value_text, key)) if isinstance(key, list) else "(blank)" if blank else key,
                value_text(title),
                fields or (item if isinstance(item, dict) else {"value": item}),
                urljoin(page.url, link) if isinstance(link, str) and link else None,
                read_date(published),
            )
        following = self.next and find(self.next, document)
        if following and isinstance(following, str) and urljoin(page.url, following) != page.url:
            yield Get(urljoin(page.url, following))
