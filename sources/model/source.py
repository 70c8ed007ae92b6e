"""A source: the options that all kinds have, and what a kind may define."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

from pydantic import ConfigDict, Field, field_validator

from sources.hours import At, Holidays, Hours, Zone
from sources.model.entry import Entry, Rows
from sources.model.page import Get, Page, Remainder
from sources.options import Duration, Expect, Fetch, Inner, Share, Step, WireOptions
from sources.text import fold_name

if TYPE_CHECKING:
    from sources.formats.records import RecordCut

Authority = Literal["record", "statement", "report"]
Listing = Literal["complete", "window"]
Proven = Literal["captures", "documents", "hearsay"]
Topic = Literal[
    "companies",
    "courts",
    "finance",
    "foreign-agents",
    "internet",
    "legislation",
    "media",
    "procurement",
    "sanctions",
    "wanted",
]


class Imprint(NamedTuple):
    """What the catalogue says of a kind of one site: its `publisher` with the country ("OFAC, United States"); its
    `jurisdiction`, a country as in ISO 3166, "EU", "UN", or "int" for no single one; and, as `verified`, the date of
    the newest saved page that it read, as exactly as it is known ("2026-10-02", "2026-10", "2026").
    """

    publisher: str = ""
    jurisdiction: str = ""
    topics: Sequence[Topic] = ()
    verified: str = ""


_NOTHING_EXPECTED = Expect.model_construct()


class Source(WireOptions):
    """One configured place to poll, and how it is read. A kind is a subclass: its class fields are its options.

    `start` gives the first request and `parse` reads its answer; both are pure, so a saved page can replace the site.
    """

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True, validate_default=True)

    kind: ClassVar[str] = ""
    default_label: ClassVar[str] = ""
    mentions_in: ClassVar[Literal["entry", "added_lines"]] = "entry"  # where watched names are searched
    # The proof that the site is as the kind expects: saved pages, the site's documentation, or reports of others.
    proven: ClassVar[Proven | None] = None
    wanted: ClassVar[str] = ""  # what would prove more, in words: of which page nobody has saved an answer
    documented: ClassVar[str] = ""  # the address of the site's documentation
    imprint: ClassVar[Imprint] = Imprint()
    asks: ClassVar[str] = ""  # the site's rules for programs, in words
    wire: ClassVar[Literal["http", "imap"]] = "http"  # how its requests are sent
    polled: ClassVar[bool] = True  # False: nothing is requested, programs push the entries
    republished: ClassVar[bool] = False  # whether others than the authority publish it: an aggregator, a copy
    needs_contact: ClassVar[bool] = False  # whether the site refuses a user agent without a contact address
    rests_on: ClassVar[type["Source"] | None] = None  # the base of a preset

    url: str | None = Field(default=None, description="where it is; a kind for one site has its own default")
    group: str | None = Field(
        default=None,
        description="the group whose options are its defaults: [groups.NAME]",
        json_schema_extra={"format": "group-name"},
    )
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
    personal: tuple[str, ...] = Field(
        default=(),
        description="fields about a private person, such as an identity number or a home address: left out unless"
        " `fields` names them",
    )
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
    expect: Inner[Expect] = Field(
        default_factory=lambda: _NOTHING_EXPECTED, description="what a snapshot must look like to be believed"
    )

    fetch: Fetch = Field(default="http", description="http, or browser: the page as Chromium renders it")
    wait_for: str | None = Field(
        default=None, description="browser: the element that shows that the page is filled (no requests for 0.5 s)"
    )
    steps: tuple[Inner[Step], ...] = Field(
        default=(), description='browser: what to do before reading, such as { fill = "#q", text = "Telegram" }'
    )
    screenshot: bool = Field(
        default=False, description="browser: keep a picture of the page as evidence, and attach it to mails"
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """Describe the options of which a kind only sets another default as the kind above it does."""
        above = [base for base in cls.__mro__[1:] if issubclass(base, Source)]
        for name, option in cls.model_fields.items():
            if not option.description:
                found = (base.model_fields[name].description for base in above if name in base.model_fields)
                option.description = next(filter(None, found), None)

    @field_validator("ignore")
    @classmethod
    def _tells_something(cls, ignore: tuple[str, ...]) -> tuple[str, ...]:
        if cls.mentions_in == "added_lines" and "text" in ignore:
            what = '"text" is all that this kind tells of: no change would ever be told'
            raise ValueError(f"{what}; select, remove or remove_lines of the kind text leave out what moves in it")
        return ignore

    @property
    def uncompared(self) -> tuple[str, ...]:
        """What makes no change: `ignore`, and what a kind adds to it."""
        return self.ignore

    @property
    def reads_data(self) -> bool:
        """Whether it reads what a page has for its scripts: one that shows nothing may have all of it."""
        return False

    @property
    def left_out(self) -> frozenset[str]:
        """The fields of `personal` that the option `fields` does not name: no entry has them."""
        named = set(map(fold_name, getattr(self, "fields", ()))) if self.personal else ()
        return frozenset(name for name in self.personal if fold_name(name) not in named)

    def without_personal(self, page: Page) -> bytes | None:  # noqa: ARG002 - for kinds that can
        """A body with the same entries, without what is left out of these: the state keeps it in the page's place.

        None when the kind cannot write one: then the state keeps the page as it came.
        """
        return None

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
        """Whether entries have pages of their own to read (`sources.pagination.detail`)."""
        return False

    def label_or(self, name: str) -> str:
        """What it is called in messages: its label, that of its kind, or its name."""
        return self.label or self.default_label or name

    def earlier(self, page: Page) -> Get | None:  # noqa: ARG002 - for kinds that can
        """The request for the page before this one in a rolling list, if the site offers it: used to close a gap."""
        return None

    def essence(self, page: Page) -> bytes | None:  # noqa: ARG002 - for kinds that can
        """All of the page that `parse` depends on, if that is faster to extract than to parse.

        Equal bytes mean that the page has not changed, whatever else on it did. None when unknown.
        """
        return None

    def is_versioned(self, get: Get) -> bool:  # noqa: ARG002 - for kinds that can
        """Whether the page that led to a request says which version of its answer there is: while that page is the
        same, so is the answer, which then is not asked for.
        """
        return False

    def since(self, known: Get, get: Get) -> Get | None:  # noqa: ARG002 - for kinds that can
        """The request for the delta from a file that was read (`known`) to a newer one, which is asked for; or for a
        list of deltas, whose reader `deltas` yields the requests, oldest first. The file is then read with these behind
        it (`Page.parts`); in full if a reader raises a ReadError, and where this is None.
        """
        return None

    def altered(self, page: Page) -> Iterator[Entry | Rows | Get]:
        """Of a file brought up to date, what the deltas from byte `carry["start"]` on may have altered: these entries
        as they were, the page's own request, and these entries as they are. `carry["known"]` is how many all were.

        Raises a ReadError where that is not sure: then all entries are read.
        """
        raise NotImplementedError

    def remainder(self, page: Page) -> Remainder | None:  # noqa: ARG002 - for kinds that can
        """What the page shows of the list that it is a page of: whether that goes on, and how to follow. It may take
        as long as the ends of a page take; only kinds of this project are asked.
        """
        return None

    def cut(self, page: Page) -> "RecordCut | None":  # noqa: ARG002 - for kinds that can
        """How to cut a large page into records, each of which `parse` makes one entry of, whatever other records there
        are. None where it has other forms. Only asked of this project's kinds. Raises a ReadError or ValueError.
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
