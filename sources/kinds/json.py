"""The kind `json`."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from operator import methodcaller
from typing import Any, ClassVar

from pydantic import Field

from sources.errors import BadEntry, NotFound, WrongContent
from sources.formats.archives import open_plain
from sources.formats.dates import read_date
from sources.formats.json_paths import (
    JsonPath,
    check_members,
    cut_items,
    drop_names,
    find,
    finder,
    from_columns,
    json_lines,
    list_members,
    members_of,
    names_of,
)
from sources.formats.links import absolute
from sources.formats.records import RecordCut, cut_lines
from sources.formats.selectors import Place, find_values, first
from sources.model import Entry, Get, Page
from sources.model.entry import Rows
from sources.model.page import Remainder
from sources.options import Inner
from sources.pagination.next_page import Counting, JsonPages, Pages, Tally, is_further_page, to_toml
from sources.text import clean, join_texts, value_text, value_texts

_WORD = re.compile(r"\w+")
_BATCH = 250  # items that are read at once


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
    pages: Inner[JsonPages] | None = Field(
        default=None, description='how pages are counted where no address leads on: { parameter = "page" }'
    )

    def parse(self, page: Page) -> Iterator[Rows | Entry | Get]:
        """One entry per item, then the next page."""
        is_own = type(self).document is not Json.document
        is_stream = self.lines and self.items == "@" and not (is_own or self.next or self.counting)
        document = None if is_stream else self.document(page)
        items = self._lines(page) if is_stream else find(self.items, document)
        if items is None and is_further_page(page):
            return
        if self.columns and isinstance(items, dict):
            items = from_columns(page.url, items)
        if not isinstance(items, list | Iterator):
            what = "nothing" if items is None else f"no list but {value_text(items)[:60]}"
            raise NotFound(f"{page.url}: items = {self.items!r} finds {what}; seen: {list_members(document)}")
        tally = Tally()
        yield from tally.of(self._entries(page.url, iter(items)))
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
        if self.lines:
            return list(self._lines(page))
        document = self._whole(page)
        drop_names(document, self.left_out)
        return document

    def cut(self, page: Page) -> RecordCut | None:
        """Its lines, or the items of its only list, if they are all on this page."""
        names, own = names_of(self.items), (Json.parse, Json.document)
        others = self.columns or self.within or self.next or self.counting
        if names is None or others or (type(self).parse, type(self).document) != own:
            return None
        if self.lines:
            return None if names else cut_lines(open_plain(page))
        return cut_items(open_plain(page), names)

    def _lines(self, page: Page) -> Iterator[Any]:
        left_out = self.left_out
        for document in json_lines(page, may_be_cut=self.listing == "window"):
            drop_names(document, left_out)
            yield document

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

    def _entries(self, where: str, items: Iterator[Any]) -> Iterator[Rows | Entry]:
        paths = {"key": self.key, "title": self.title, "link": self.link, "published": self.published} | self.fields
        seen: dict[str, None] = {}
        try:
            while some := list(islice(items, _BATCH)):
                seen |= members_of(some)
                yield from self._batch(where, some) or [self._entry(where, item) for item in some]
        except BadEntry:
            check_members(where, seen | {**members_of(items)}, paths)  # what is misspelt explains more
            raise
        check_members(where, seen, paths)

    def _batch(self, base: str, items: Sequence[Any]) -> Iterable[Rows | Entry]:
        """As `_entry` for each of many items, column by column; nothing where that does not give the same."""
        # A subclass with an entry, or a parse, of its own knows no Rows.
        is_plain = type(self).parse is Json.parse and type(self)._entry is Json._entry  # noqa: SLF001
        names = None if self.fields else _members(items)
        if len(items) < _BATCH or not is_plain or not (self.fields or names):
            return ()
        places = [(name, finder(path)) for name, path in self.fields.items()]
        places += [(name, methodcaller("get", name)) for name in names or ()]
        fields = {clean(name): value_texts(list(map(find_it, items))) for name, find_it in places}
        keys = value_texts([_key_of(key) for key in map(finder(self.key), items)])
        titles = value_texts(list(map(finder(self.title), items))) if self.title else keys
        rows = Rows(keys, titles, fields)
        if not self.link and not self.published:
            return [rows]
        more = ((self._link(base, item), self._published(item)) for item in items)
        return (Entry.of_parts(each.key, each.title, each.fields, *own) for each, own in zip(rows, more, strict=True))

    def _entry(self, base: str, item: Any) -> Entry:
        title = self.title and find(self.title, item)
        fields = {name: find(path, item) for name, path in self.fields.items()}
        return Entry(
            _key_of(find(self.key, item)),
            value_text(title),
            fields or (item if isinstance(item, dict) else {"value": item}),
            self._link(base, item),
            self._published(item),
        )

    def _link(self, base: str, item: Any) -> str | None:
        link = self.link and find(self.link, item)
        return absolute(base, link).strip() or None if isinstance(link, str) and link else None

    def _published(self, item: Any) -> datetime | None:
        return read_date(find(self.published, item)) if self.published else None

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


def _key_of(key: Any) -> Any:
    # Registers converted from paper have a blank number now and then: such an item must not fail the whole check.
    blank = isinstance(key, str) and not key.strip()
    return join_texts(map(value_text, key)) if isinstance(key, list) else "(blank)" if blank else key


def _members(items: Sequence[Any]) -> Sequence[str] | None:
    """The members of objects, if each has some of them in this order; None where it is not so."""
    if not all(isinstance(item, dict) for item in items):
        return None
    names = max(map(list, items), key=len)
    alike = all(list(item) == names or list(item) == [name for name in names if name in item] for item in items)
    return names if alike and len(set(map(clean, names))) == len(names) else None
