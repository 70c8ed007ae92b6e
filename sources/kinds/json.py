"""The kind `json`."""

import json
import re
from collections.abc import Iterator
from typing import Any, ClassVar

from pydantic import Field

from sources.errors import NotFound, WrongContent
from sources.formats.dates import read_date
from sources.formats.json_paths import JsonPath, check_members, drop_names, find, from_columns, json_lines, list_members
from sources.formats.links import absolute
from sources.formats.selectors import Place, find_values, first
from sources.model import Entry, Get, Page
from sources.model.page import Remainder
from sources.pagination.next_page import Counting, JsonPages, Pages, Tally, is_further_page, to_toml
from sources.text import join_texts, value_text

_WORD = re.compile(r"\w+")


class Json(Counting):
    """The items of a JSON document, one entry each. Places are said in JMESPath: "results", "agency.name", "@"."""

    proven = "captures"
    by_default: ClassVar[type[Pages]] = JsonPages

    url: str = Field(description="the document, usually of an API")
    items: JsonPath = Field(description='path to the list of items; "@" where the document is the list')
    key: JsonPath = Field(description="path, in an item, to what tells it from others; [a, b] for two together")
    title: JsonPath | None = Field(default=None, description="path, in an item, to its title; default: the key")
    link: JsonPath | None = Field(default=None, description="path, in an item, to its address")
    published: JsonPath | None = Field(default=None, description="path, in an item, to its date")
    fields: dict[str, JsonPath] = Field(
        default_factory=dict, description="the fields to compare, name = path; default: every member of the item"
    )
    columns: bool = Field(
        default=False, description="true: items are told in columns, as an object of lists of one length"
    )
    lines: bool = Field(default=False, description='true: each line is a document of its own; "@" is all of them')
    within: Place | None = Field(
        default=None,
        description='place of the document in a page of HTML: "script#__NEXT_DATA__::text", "main@data-page"',
    )
    next: JsonPath | None = Field(default=None, description="path, in the document, to the next page's address")
    pages: JsonPages | None = Field(
        default=None, description='how pages are counted where no address leads on: { parameter = "page" }'
    )

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """One entry per item, then the next page."""
        document = self.document(page)
        items = find(self.items, document)
        if items is None and is_further_page(page):
            return
        if self.columns and isinstance(items, dict):
            items = from_columns(page.url, items)
        if not isinstance(items, list):
            what = "nothing" if items is None else f"no list but {value_text(items)[:60]}"
            raise NotFound(f"{page.url}: items = {self.items!r} finds {what}; seen: {list_members(document)}")
        own = {"key": self.key, "title": self.title, "link": self.link, "published": self.published}
        check_members(page.url, items, own | self.fields)
        tally = Tally()
        yield from tally.of(self._entry(page.url, item) for item in items)
        if isinstance(counting := self.counting, JsonPages):
            following = counting.after(page, tally, document)
        else:
            address = self.next and find(self.next, document)
            url = absolute(page.url, address) if address and isinstance(address, str) else page.url
            following = Get(url) if url != page.url else None
        if following := self.carry_on(page, following):
            yield following

    def document(self, page: Page) -> Any:
        """What the paths are applied to, without the members that are left out."""
        document = json_lines(page, may_be_cut=self.listing == "window") if self.lines else self._whole(page)
        drop_names(document, self.left_out)
        return document

    def _whole(self, page: Page) -> Any:
        """The one document of a page. Of a page of HTML the state may keep it alone: `without_personal`."""
        if not self.within or page.text.lstrip()[:1] in {"{", "["}:
            return page.json()
        text = first(find_values(page.html, self.within))
        if not text:
            raise NotFound(f"{page.url} has nothing, or no text, at {self.within!r} (option within)")
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise WrongContent(f"{page.url} has no JSON at {self.within!r} (option within): {error}") from None

    @property
    def reads_data(self) -> bool:
        """Whether the document stands in a page of HTML."""
        return self.within is not None

    @property
    def left_out(self) -> frozenset[str]:
        """The members of `personal` that neither a field nor a path in `fields` names."""
        left_out = super().left_out
        return left_out and left_out.difference(_WORD.findall(" ".join(self.fields.values())))

    def without_personal(self, page: Page) -> bytes:
        """The document without these members."""
        document = Json.document(self, page)
        return "\n".join(map(json.dumps, document if self.lines else [document])).encode()

    def _entry(self, base: str, item: Any) -> Entry:
        places = (self.key, self.title, self.link, self.published)
        key, title, link, published = (path and find(path, item) for path in places)
        fields = {name: find(path, item) for name, path in self.fields.items()}
        # Registers converted from paper have a blank number now and then: such an item must not fail the whole check.
        blank = isinstance(key, str) and not key.strip()
        return Entry(
            join_texts(map(value_text, key)) if isinstance(key, list) else "(blank)" if blank else key,
            value_text(title),
            fields or (item if isinstance(item, dict) else {"value": item}),
            absolute(base, link) if isinstance(link, str) and link else None,
            read_date(published),
        )

    def remainder(self, page: Page) -> Remainder | None:
        """What the document says of its list as a whole. A path that leaves some items out makes totals useless."""
        from sources.pagination.json_pager import LARGEST, count_pages, find_json_pager, suggest_options  # noqa: PLC0415 - most checks find everything as it was

        if self.lines or len(page.content) > LARGEST:
            return None
        document = self._whole(page)
        found, listed = find_json_pager(page, document), find(self.items, document)
        addresses = [found.following] if found.following else []
        way = next(iter(suggest_options(found.of_all(len(listed) if isinstance(listed, list) else 0))), None)
        option = f"{next(iter(way))} = {to_toml(next(iter(way.values())))}" if way else ""
        ends = found.more is False and not addresses
        total = found.total.value if found.total and "?" not in self.items and not ends else None
        more = bool(found.more) or (found.cursor is not None and found.more is None and not found.total)
        return Remainder(addresses, None, None if ends else count_pages(found), total, more, option)
