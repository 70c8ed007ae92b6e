"""A request as a kind asks for it; the page that came for it, decoded and parsed on demand; what it shows of its list,
and how much of that list was read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from sources.formats.download import Body, Download, part_of
from sources.formats.links import absolute

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from lxml.html import HtmlElement

    from sources.model.transcript import Rendering, Transcript

PUSH = "PUSH"  # the method of what nobody requests: a program hands the page over
DELTAS = "deltas-behind"  # among the headers of a file brought up to date: where in the body each of its deltas begins
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


@dataclass(frozen=True, slots=True)
class Get:
    """One request, as a kind asks for it. The scheduler decides when it goes out.

    `reader` names the kind's method that parses the answer, `carry` is JSON data for it, `after` the seconds to wait
    before the request. `form` and `json` make a body; only requests without one are conditional.
    """

    url: str
    method: str = "GET"
    query: Mapping[str, str | int] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    json: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    reader: str = "parse"
    carry: Mapping[str, Any] = field(default_factory=dict)
    after: float = 0

    @property
    def conditional(self) -> bool:
        """Whether the request may carry validators: a GET without a body."""
        return self.method == "GET" and self.form is None and self.json is None

    @property
    def identity(self) -> str:
        """The request as one string, by which a stored answer is found again. Headers and `after` do not count."""
        return self.said(self.reader)

    def said(self, reader: str = "") -> str:
        """As `identity`, with another `reader`."""
        return _encode([self.method, self.url, dict(self.query), self.form and dict(self.form), self.json, reader])


@dataclass(frozen=True)
class Page(Download):
    """One fetched response. `url` is the final address after redirects, `fetched` the time (UTC).

    `content` is the body, a file where it is large: read in slices, by `open`, or all of it as `body`.

    `transcript` is the exchange over the wire, if it is kept for evidence; `gzip` is the body as the gzip stream that
    was received, if gzip was its only coding. `rendering` is what a browser reports of a page that it rendered.
    `deltas` are those by which a file was brought up to date in this check.
    """

    get: Get
    url: str
    status: int
    headers: Mapping[str, str]
    content: Body
    fetched: datetime
    encoding: str | None = None
    transcript: Transcript | None = field(default=None, repr=False, compare=False)
    gzip: Body = field(default=b"", repr=False, compare=False)
    rendering: Rendering | None = field(default=None, repr=False, compare=False)
    deltas: Sequence[Page] = field(default=(), repr=False, compare=False)

    @property
    def carry(self) -> Mapping[str, Any]:
        """The request's data for its reader method."""
        return self.get.carry

    @property
    def pushed_by(self) -> str | None:
        """Who handed the page over; None for one that was fetched."""
        return self.headers.get("pushed-by") if self.get.method == PUSH else None

    @property
    def adds(self) -> bool:
        """Whether the page only adds to what is known: what it does not have stays as it was (206 Partial Content). So
        does a push, and a part of a mailbox; sites answer so where their kind has asked for a part.
        """
        return self.status == 206 and (self.get.method == PUSH or not self.url.startswith("http"))

    @property
    def deltas_at(self) -> Sequence[int]:
        """Where the deltas begin, oldest first, that bring the file before them up to date; none as it came."""
        return [int(start) for start in self.headers.get(DELTAS, "").split()]

    @property
    def parts(self) -> Sequence[Page]:
        """The file as it came, and each delta behind it: for readers in this process."""
        headers = {name: text for name, text in self.headers.items() if name != DELTAS}
        places = pairwise([0, *self.deltas_at, len(self.content) + 1])
        contents = [part_of(self.content, slice(start, after - 1)) for start, after in places]
        return [replace(self, headers=headers, content=each, gzip=b"", deltas=()) for each in contents]

    @cached_property
    def html(self) -> HtmlElement:
        """The body as an lxml tree. Raises WrongContent when it is no HTML, BadDocument when the tree is empty."""
        from sources.formats.html import parse_html

        return parse_html(self)

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The body as BeautifulSoup: convenient, about ten times slower than `html`."""
        from bs4 import BeautifulSoup

        return BeautifulSoup(self.text, "lxml")

    def link(self, css: str) -> Get | None:
        """A request for what the first element that matches `css` links to, or None when there is no such element.

        `css` may also be XPath, "xpath:...".
        """
        from sources.formats.selectors import select

        for element in select(self.html, css):
            href = element.get("href")
            if href:
                return Get(absolute(self.url, href.strip()), reader=self.get.reader, carry=self.get.carry)
        return None

    def again(self, after: float = 0) -> Get:
        """The same request once more, `after` seconds from now."""
        return replace(self.get, after=after)


class Remainder(NamedTuple):
    """What one page shows of its list.

    `addresses` are those of later pages, in order, `page` is its own number. `pages` and `entries` are how many there
    are, as it says. `more` is set where it says that there are more, without an address. `option` is the line of TOML
    that would follow, "" where none is known.
    """

    addresses: Sequence[str] = ()
    page: int | None = None
    pages: int | None = None
    entries: int | None = None
    more: bool = False
    option: str = ""


class ListCoverage(NamedTuple):
    """How much of a list was read, where that was not all of it; None for a number that is not known."""

    pages_read: int
    entries_read: int
    pages: int | None
    entries: int | None
    option: str
    rolling: bool = False  # the source's listing is a window, though its configuration does not say so

    @property
    def words(self) -> str:
        """What is read, for people: "1 of 3 pages is read"."""
        verb = "is" if self.pages_read == 1 else "are"
        if self.pages and self.pages > self.pages_read:
            return f"{self.pages_read} of {self.pages} pages {verb} read"
        if self.entries and self.entries > self.entries_read:
            return f"{self.entries_read} of {self.entries} entries are read"
        return f"{'1 page is' if self.pages_read == 1 else f'{self.pages_read} pages are'} read, and there are more"

    @property
    def advice(self) -> str:
        """The options that would change that, "" where none is known."""
        others = [f"this option would read the others: {self.option}"] if self.option else []
        window = ['where the first page of a rolling list is enough: listing = "window"'] if self.rolling else []
        return "; ".join([*others, *window])
