"""The types a kind is written with: Source, Entry, Get and Page."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar

from pydantic import ConfigDict, Field

from sources.browser_options import Fetch, Step
from sources.errors import BadEntry, WrongContent
from sources.expect import Expect
from sources.formats.dates import EARLIEST, LATEST
from sources.formats.markup.links import absolute
from sources.hours import At, Holidays, Hours, Zone
from sources.options import Duration, Share, WireOptions
from sources.text import clean, clean_lines, value_text

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from lxml.html import HtmlElement

    from sources.http.transcript import Rendering, Transcript
    from sources.reading.remainder import Remainder
    from sources.reading.row_batch import Rows

Authority = Literal["record", "statement", "report"]
Listing = Literal["complete", "window"]
Proven = Literal["captures", "documents", "hearsay"]

_T = TypeVar("_T")

_name = lru_cache(maxsize=4096)(clean)  # the entries of a source share few field names
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
LONGEST_KEY = 10_000  # characters


@dataclass(frozen=True, slots=True, init=False)
class Entry:
    """One record of a source, in the normal form that is compared.

    `key` identifies the record and does not change when it is edited. Field values may be any JSON value; they are
    stored as text. Fields with an empty value are dropped, so that a new empty column changes nothing. A naive
    `published` is UTC; one before the year 1000 or after 2999 is dropped.

    Raises BadEntry when the key is empty or longer than LONGEST_KEY.
    """

    key: str
    title: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    url: str | None = None
    published: datetime | None = None
    text: str = ""

    def __init__(
        self,
        key: object,
        title: str = "",
        fields: Mapping[str, object] | None = None,
        url: str | None = None,
        published: datetime | None = None,
        text: str = "",
    ) -> None:
        values = {_name(name): value_text(value) for name, value in (fields or {}).items()}
        put = object.__setattr__  # the dataclass is frozen
        put(self, "key", value_text(key))
        put(self, "title", clean(title) or self.key)
        put(self, "fields", {name: value for name, value in values.items() if value})
        put(self, "url", (url or "").strip() or None)
        put(self, "published", _published(published))
        put(self, "text", clean_lines(text))
        self._check()

    @classmethod
    def of_texts(cls, key: str, title: str, fields: Mapping[str, str]) -> Entry:
        """As `Entry(key, title, fields)`, but faster: texts must be clean and fields not empty. Large registers need
        it.
        """
        entry = object.__new__(cls)
        put = object.__setattr__
        put(entry, "key", key)
        put(entry, "title", title or key)
        put(entry, "fields", fields)
        put(entry, "url", None)
        put(entry, "published", None)
        put(entry, "text", "")
        entry._check()
        return entry

    def at(self, url: str) -> Entry:
        """The same entry with an address."""
        return Entry(self.key, self.title, self.fields, url, self.published, self.text)

    def _check(self) -> None:
        if not self.key:
            raise BadEntry(f"an entry has no key (title: {self.title[:60]!r}); choose a key that every entry has")
        if len(self.key) > LONGEST_KEY:
            raise BadEntry(f"an entry's key has {len(self.key):,} characters ({self.key[:60]!r}); choose a shorter one")

    @property
    def size(self) -> int:
        """The number of characters of all texts."""
        return len("".join((self.key, self.title, self.text, *self.fields, *self.fields.values())))


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
class Page:
    """One fetched response. `url` is the final address after redirects, `fetched` the time (UTC).

    The body is decoded by byte order mark, then the HTTP charset, then the document's declaration, then detection;
    `encoding` (the source's option) overrides all of them. `transcript` is the exchange over the wire, if it is kept
    for evidence; `gzip` is the body as the gzip stream that was received, if gzip was its only coding. `rendering` is
    what a browser reports of a page that it rendered.
    """

    get: Get
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched: datetime
    encoding: str | None = None
    transcript: Transcript | None = field(default=None, repr=False, compare=False)
    gzip: bytes = field(default=b"", repr=False, compare=False)
    rendering: Rendering | None = field(default=None, repr=False, compare=False)

    @property
    def carry(self) -> Mapping[str, Any]:
        """The request's data for its reader method."""
        return self.get.carry

    @property
    def content_type(self) -> str:
        """The media type in lower case without parameters, or "" when none was sent."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @cached_property
    def text(self) -> str:
        """The body as text."""
        from sources.formats.decode import decode

        return decode(self.body, self.headers.get("content-type", ""), self.encoding)

    @cached_property
    def html(self) -> HtmlElement:
        """The body as an lxml tree. Raises WrongContent when it is no HTML, BadDocument when the tree is empty."""
        from sources.formats.markup.html import parse_html

        return parse_html(self)

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The body as BeautifulSoup: convenient, about ten times slower than `html`."""
        from bs4 import BeautifulSoup

        return BeautifulSoup(self.text, "lxml")

    def json(self) -> Any:
        """The body as JSON. Raises WrongContent when it is not JSON."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError) as error:
            what = self.content_type or "no content type"
            raise WrongContent(f"{self.url} did not answer with JSON ({what}): {error}") from None

    def link(self, css: str) -> Get | None:
        """A request for what the first element that matches `css` links to, or None when there is no such element."""
        for element in self.html.cssselect(css):
            href = element.get("href")
            if href:
                return Get(absolute(self.url, href.strip()), reader=self.get.reader, carry=self.get.carry)
        return None

    def once(self, what: Hashable, make: Callable[[], _T]) -> _T:
        """Memoise the result of `make` under `what`, for this page."""
        if what not in self._made:
            self._made[what] = make()
        made: _T = self._made[what]
        return made

    @cached_property
    def _made(self) -> dict[Hashable, Any]:
        return {}

    def again(self, after: float = 0) -> Get:
        """The same request once more, `after` seconds from now."""
        return replace(self.get, after=after)


def _published(given: datetime | None) -> datetime | None:
    """The moment in UTC, or None when it is out of range (`dates.sane`). A naive moment is UTC."""
    if given is None:
        return None
    moment = given if given.tzinfo else given.replace(tzinfo=UTC)
    return moment if EARLIEST <= moment < LATEST else None


_NOTHING_EXPECTED = Expect()


class Source(WireOptions):
    """One configured place to poll, and how it is read. A kind is a subclass: its class fields are its options.

    `start` gives the first request and `parse` reads its answer; both are pure, so a saved page can replace the site.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    kind: ClassVar[str] = ""
    default_label: ClassVar[str] = ""
    mentions_in: ClassVar[Literal["entry", "added_lines"]] = "entry"  # where watched names are searched
    # The proof that the site is as the kind expects: saved pages, the site's documentation, or reports of others.
    proven: ClassVar[Proven | None] = None
    documented: ClassVar[str] = ""  # the address of the site's documentation
    asks: ClassVar[str] = ""  # the site's rules for programs, in words
    needs_contact: ClassVar[bool] = False  # whether the site refuses a user agent without a contact address
    rests_on: ClassVar[type[Source] | None] = None  # the base of a preset

    url: str | None = Field(default=None, description="where it is; a kind for one site has its own default")
    enabled: bool = Field(default=True, description="false: not checked, its state is kept")
    label: str = Field(default="", description="its name in messages")
    every: Duration = Field(default=timedelta(minutes=15), description="how often it is checked")
    schedule: Literal["learned", "fixed"] = Field(
        default="learned", description="fixed: checked at `every`, whatever [schedule] says"
    )
    hours: Hours | None = Field(
        default=None, description='the hours in which it is checked, such as "mon-fri 08:00-20:00"'
    )
    at: At | None = Field(
        default=None,
        description='when it is checked, in place of `every`: an expression of cron ("0 9 * * 1-5") or of systemd\'s'
        ' OnCalendar ("*:00,30")',
    )
    zone: Zone | None = Field(default=None, description="the time zone of `hours` and `at`; default `timezone`")
    holidays: Holidays | None = Field(
        default=None, description='a country on whose holidays it is not checked, such as "RU" or "DE-BY"'
    )
    authority: Authority = Field(default="record", description="record, statement (a party speaking) or report (press)")
    listing: Listing = Field(
        default="complete",
        description="complete: an absent entry was removed; window: a rolling list, old entries scroll off",
    )
    ignore: tuple[str, ...] = Field(default=(), description="volatile fields that never make a change")
    was: tuple[str, ...] = Field(default=(), description="former names of this source: renaming keeps the state")
    reread: Duration = Field(default=timedelta(days=1), description="how often it is read in full, without validators")
    min_entries: int = Field(default=1, ge=0, description="fewer entries than this are not believed")
    max_lost: Share | None = Field(
        default=None, description='entries that may vanish at once: 30 or "30 %"; default the larger of 5 and 20 %'
    )
    max_new: Share | None = Field(
        default=None,
        description='entries that may come at once: 500 or "50 %"; default the larger of 10,000 and all that are known',
    )
    max_changed: Share | None = Field(
        default=None,
        description='entries in which the same field may change at once: 30 or "80 %"; default half of them',
    )
    expect: Expect = Field(
        default_factory=lambda: _NOTHING_EXPECTED, description="what a snapshot must look like to be believed"
    )

    fetch: Fetch = Field(default="http", description="http, or browser: the page as Chromium renders it")
    wait_for: str | None = Field(
        default=None, description="browser: the element that shows that the page is filled (no requests for 0.5 s)"
    )
    steps: tuple[Step, ...] = Field(
        default=(), description='browser: what to do before reading, such as { fill = "#q", text = "Telegram" }'
    )
    screenshot: bool = Field(
        default=False, description="browser: keep a picture of the page as evidence, and attach it to mails"
    )

    @property
    def uncompared(self) -> tuple[str, ...]:
        """What makes no change: `ignore`, and what a kind adds to it."""
        return self.ignore

    def start(self) -> Get:
        """The first request of a check."""
        if not self.url:
            raise NotImplementedError(f"{type(self).__name__} has neither a url nor a start()")
        return Get(self.url)

    def requested(self) -> Get:
        """The request that says which list the source reads; pages that are asked before it do not count."""
        return self.start()

    @property
    def dated(self) -> bool:
        """Whether requests have placeholders for dates, which are filled when they are sent."""
        return False

    @property
    def has_details(self) -> bool:
        """Whether entries have pages of their own to read (`sources.extract.detail`)."""
        return False

    def earlier(self, page: Page) -> Get | None:  # noqa: ARG002 - for kinds that can
        """The request for the page before this one in a rolling list, if the site offers it: used to close a gap."""
        return None

    def essence(self, page: Page) -> bytes | None:  # noqa: ARG002 - for kinds that can
        """All of the page that `parse` depends on, if that is faster to extract than to parse.

        Equal bytes mean that the page has not changed, whatever else on it did. None when unknown.
        """
        return None

    def remainder(self, page: Page) -> Remainder | None:  # noqa: ARG002 - for kinds that can
        """What the page shows of the list that it is a page of: whether that goes on, and how to follow. It may take
        as long as the ends of a page take; only kinds of this project are asked.
        """
        return None

    def light(self, page: Page) -> bool:  # noqa: ARG002 - for kinds that can
        """Whether no single step of parsing this page can take long, whatever its size and content, so that it can be
        parsed in-process. Only asked of this project's kinds.
        """
        return False

    def parse(self, page: Page) -> Iterator[Entry | Rows | Get]:
        """The entries of a page, each or many at once, and any further requests.

        Raises a ReadError when the page cannot be read.
        """
        raise NotImplementedError


__all__ = ["Authority", "Entry", "Get", "Listing", "Page", "Proven", "Source"]
