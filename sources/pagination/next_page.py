"""Lists of several pages: the request for the next page, by a link or by counting.

Counting ends at a page without entries, at a page equal to the one before or to the first (many sites serve those
beyond their last page), or at the register's stated total.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, TypeVar
from urllib.parse import quote, unquote_plus, urldefrag, urljoin

from pydantic import Field, PositiveInt, model_validator

from sources.formats.json_paths import JsonPath, find
from sources.model import Entry, Get, Page
from sources.model.entry import Rows
from sources.model.page import Remainder
from sources.options import Inner, OptionTable, Selector
from sources.pagination.detail import Detailed

if TYPE_CHECKING:
    from sources.pagination.html_pager import Numbering

T = TypeVar("T", bound=Entry | Rows)


class Tally:
    """Counts a page's entries as they pass by, and computes a fingerprint of their keys."""

    def __init__(self) -> None:
        self.entries = 0
        self._hash = blake2b(digest_size=8)

    def of(self, found: Iterable[T]) -> Iterator[T]:
        """Count entries, also those in Rows, and pass them on."""
        for item in found:
            keys = item.keys if isinstance(item, Rows) else [item.key]
            self.entries += len(keys)
            self._hash.update("".join([f"{len(key)}:{key}" for key in keys]).encode())
            yield item

    @property
    def mark(self) -> str:
        """The fingerprint of the keys so far."""
        return self._hash.hexdigest()


class Pages(OptionTable):
    """The option `pages`: the place of the page number in a request."""

    parameter: str | None = Field(
        default=None, min_length=1, description='the parameter of the address that says it: "page", "offset"'
    )
    url: str | None = Field(default=None, pattern=r"\{\}", description="the page's address, with {} for the number")
    first: int | None = Field(
        default=None, ge=0, description="the first page's number; default: the address's own, else 1, for offsets 0"
    )
    step: PositiveInt | Literal["entries"] = Field(
        default=1, description='what a page adds to the number: 1, another number, or "entries": as many as it has'
    )

    @model_validator(mode="after")
    def _says_where(self) -> Self:
        if self.parameter is not None and self.url is not None:
            raise ValueError('pages needs either a parameter, such as "page", or a url with {} for the page\'s number')
        return self

    def following(self, page: Page, tally: Tally, total: int | None = None) -> Get | None:
        """The request for the next page, None at the end. `total` is the number of pages or entries, if known."""
        marks = page.carry.get("marks", [])
        if not tally.entries or tally.mark in marks:
            return None
        first = self.begins(page.get.url)
        at = page.carry.get("at", first) + (tally.entries if self.step == "entries" else self.step)
        if total is not None and at - page.carry.get("first", first) >= total:
            return None
        carry = {"at": at, "first": page.carry.get("first", first), "marks": [*marks[:1], tally.mark]}
        return self.asking(page, str(at), carry)

    def asking(self, page: Page, value: str, carry: dict[str, Any]) -> Get:
        """The page's request with another page number (`value`), and `carry` for the next step."""
        url = page.get.url
        if self.parameter:
            url = set_parameter(url, self.parameter, value)
        elif self.url:
            url = urljoin(url, self.url.replace("{}", quote(value, safe="")))
        return replace(page.get, url=url, carry=carry, after=0)

    def begins(self, url: str) -> int:
        """The number of the page at this address, from which it is counted on."""
        own = find_parameter(url, self.parameter) if self.parameter else None
        stated = int(own) if own and own.isascii() and own.isdigit() else 1 if self.step == 1 else 0
        return stated if self.first is None else self.first


class JsonPages(Pages):
    """The option `pages` of JSON documents, which may also state the total, or a cursor for the next page."""

    total: JsonPath | None = Field(
        default=None, description="path to how many pages there are; with steps other than 1, how many entries"
    )
    entries: JsonPath | None = Field(
        default=None, description="path to how many entries all pages have: the page that completes them is the last"
    )
    path: JsonPath | None = Field(default=None, description="path to the next page's cursor, which parameter sends")

    @model_validator(mode="after")
    def _cursor_alone(self) -> Self:
        if self.path and not {"first", "step", "total", "entries"}.isdisjoint(self.model_fields_set):
            raise ValueError(
                "pages with a path to the next cursor count nothing: leave out first, step, total and entries"
            )
        return self

    def after(self, page: Page, tally: Tally, document: Any) -> Get | None:
        """The request for the next page, None at the end."""
        if self.path:
            cursor = find(self.path, document)
            is_end = cursor in (None, "", False) or cursor == page.carry.get("at")
            return None if is_end else self.asking(page, str(cursor), {"at": cursor})
        following = self.following(page, tally, _number(self.total, document))
        if following is None or not self.entries:
            return following
        so_far, number = page.carry.get("entries", 0) + tally.entries, _number(self.entries, document)
        if number is not None and so_far >= number:  # beyond the last page, many sites answer 404
            return None
        return replace(following, carry={**following.carry, "entries": so_far})


class Counting(Detailed):
    """The base of kinds that read lists of several pages, and count them where no link leads on.

    `pages` is an option of each. Where the request has {page} or {offset} in it, it can be left out.
    """

    by_default: ClassVar[type[Pages]] = Pages

    pages: Inner[Pages] | None = None

    @property
    def counting(self) -> Pages | None:
        """How pages are counted, if they are."""
        if self.pages or not self.is_numbered:
            return self.pages
        return self.by_default(step="entries" if "offset" in self.placeholders else 1)

    def first_numbers(self) -> dict[str, Any]:
        """What the first request says of where the list goes on."""
        counting = self.counting
        first = counting.begins("") if counting else 1
        return {"page": first, "offset": first, "cursor": None}

    @model_validator(mode="after")
    def _counts_somewhere(self) -> Self:
        cursor = getattr(self.pages, "path", None)
        if "cursor" in self.placeholders and not cursor:
            raise ValueError('{cursor} needs pages = { path = "..." }: the path to the next page\'s cursor')
        if self.pages and not (self.is_numbered or self.pages.parameter or self.pages.url):
            raise ValueError(
                'pages needs a parameter, such as "page", or a url with {} for the page\'s number, or a request with'
                " {page}, {offset} or {cursor} in it"
            )
        if self.pages and getattr(self, "next", None):
            raise ValueError("next follows a link, pages counts: give one of them")
        return self


class HtmlPaged(Counting):
    """The base of kinds that read HTML lists of several pages."""

    next: Selector | None = Field(default=None, description="CSS of the link to the next page")
    pages: Inner[Pages] | None = Field(
        default=None, description='how pages are counted where no link leads on: { parameter = "page" }'
    )

    def following(self, page: Page, tally: Tally) -> Get | None:
        """The request for the next page, None at the end."""
        counting = self.counting
        if counting is None:
            return self.carry_on(page, follow_link(page, self.next))
        following = counting.following(page, tally)
        if following and is_further_page(page) and (counting.parameter or counting.url):
            from sources.pagination.html_pager import is_last  # noqa: PLC0415 - as below

            # Beyond the last page, many sites answer 404: the page's own links may say that none follows.
            if is_last(page, counting.parameter or "", counting.url or "", page.carry["at"]):
                return None
        return self.carry_on(page, following)

    def remainder(self, page: Page) -> Remainder | None:
        """What the page's pager shows."""
        from sources.pagination.html_pager import find_pager  # noqa: PLC0415 - most checks find everything as it was

        found = find_pager(page)
        counted, said = found.numbering, found.said
        addresses = [found.following] if found.following else []
        addresses += counted.later.values() if counted else []
        pages = max(said.pages or 0, max(counted.later) if counted else 0) or None
        option = f"next = {to_toml(found.css)}" if found.css else ""
        option = option or (f"pages = {to_toml(counting_options(page.url, counted))}" if counted else "")
        ends = "listing" in self.model_fields_set or any(step.until or step.keep for step in self.steps)
        more = (found.click is not None or found.scrolls) and not ends  # by its file, or by what was done
        if more and not option:
            option = 'fetch = "browser", with steps that click what brings more until it is gone, or that scroll'
        return Remainder(addresses, said.page, pages, said.entries, more, option)


def follow_link(page: Page, css: str | None) -> Get | None:
    """The request for the next page of a list; None at its end, also when the last page links to itself."""
    get = page.link(css) if css else None
    return get if get and get.url.partition("#")[0] != page.url.partition("#")[0] else None


def _number(path: str | None, document: Any) -> int | None:
    """The number at a path of a document, None where there is none."""
    stated = str(find(path, document)) if path else ""
    return int(stated) if stated.isdecimal() else None


def counting_options(base: str, numbering: "Numbering") -> dict[str, Any]:
    """The option `pages` that counts as numbered links do, without what goes without saying."""
    options: dict[str, Any] = {"parameter": numbering.parameter} if numbering.parameter else {"url": numbering.url}
    options |= {"step": numbering.step} if numbering.step != 1 else {}
    return options if Pages(**options).begins(base) == numbering.first else options | {"first": numbering.first}


def to_toml(value: Any) -> str:
    """A text, a number, or a table of them, as TOML."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{name} = {to_toml(each)}' for name, each in value.items())} }}"
    return json.dumps(value, ensure_ascii=False)


def is_further_page(page: Page) -> bool:
    """Whether the page was requested by counting: if it has no list, the list has ended, which is no failure."""
    return "at" in page.carry


def find_parameter(url: str, name: str) -> str | None:
    """The value of a parameter in an address's query, None when it is absent."""
    parts = (part.partition("=") for part in urldefrag(url)[0].partition("?")[2].split("&"))
    return next((unquote_plus(value) for key, _, value in parts if unquote_plus(key) == name), None)


def set_parameter(url: str, name: str, value: str) -> str:
    """The address with one query parameter set; the others keep their exact spelling."""
    address, _, query = urldefrag(url)[0].partition("?")
    parts = [part for part in query.split("&") if part]
    parameter = f"{quote(name, safe='[]')}={quote(value, safe='')}"
    others = [part for part in parts if unquote_plus(part.partition("=")[0]) != name]
    at = next((at for at, part in enumerate(parts) if part not in others), len(others))
    return f"{address}?{'&'.join([*others[:at], parameter, *others[at:]])}"
