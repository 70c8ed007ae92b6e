"""The keys of a source's table: option types, `[http]` and a source's own, `[browser]` and steps, `expect`."""

import re
from collections.abc import Callable
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Any, Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    TypeAdapter,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core.core_schema import CoreSchema, no_info_plain_validator_function

from sources.text import listing


class OptionTable(BaseModel):
    """A table of the configuration: an unknown key is an error, and no error repeats a value, which may be a secret."""

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True, hide_input_in_errors=True)


class _WhenGiven:
    """Builds the validator of a table within another one with the first such table: at most starts, most are absent."""

    def __get_pydantic_core_schema__(self, table: type[BaseModel], _: GetCoreSchemaHandler) -> CoreSchema:
        def validate(value: object) -> BaseModel:
            return value if isinstance(value, table) else table.model_validate(value)

        return no_info_plain_validator_function(validate, metadata={"table": table})

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(TypeAdapter(schema["metadata"]["table"]).core_schema)


_Table = TypeVar("_Table", bound=BaseModel)
Inner = Annotated[_Table, _WhenGiven()]
"""A table within another one."""

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|[smhdw])")


def parse_duration(value: object) -> timedelta:
    """Read "90s", "15m", "1h30m", "2d" or "1w". Raises ValueError."""
    if isinstance(value, timedelta):
        return value
    text = value.strip().lower() if isinstance(value, str) else ""
    if not text or _DURATION.sub("", text).strip():
        raise ValueError('a duration is a text such as "30s", "15m", "1h30m" or "2d"')
    try:
        return timedelta(seconds=sum(float(number) * _UNITS[unit] for number, unit in _DURATION.findall(text)))
    except OverflowError:
        raise ValueError("this duration is longer than any that can be counted") from None


def format_duration(value: timedelta) -> str:
    """The shortest text that `parse_duration` reads back: "15m", "1h30m"."""
    seconds, parts = value.total_seconds(), []
    for unit in ("d", "h", "m", "s"):
        count, seconds = divmod(seconds, _UNITS[unit])
        if count:
            parts.append(f"{int(count)}{unit}")
    return "".join(parts) or (f"{round(seconds * 1000)}ms" if seconds else "0s")


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema(
        {"type": "string", "pattern": r"^\s*(\d+(\.\d+)?\s*(ms|[smhdw])\s*)+$", "examples": ["15m", "1h30m"]}
    ),
]


def requires(holds: Callable[[Any], object], why: str) -> AfterValidator:
    """The constraint that a value fulfils a condition; `why` says what it has to be."""

    def check(value: Any) -> Any:
        if not holds(value):
            raise ValueError(why)
        return value

    return AfterValidator(check)


def at_least(least: timedelta) -> AfterValidator:
    """The constraint that a duration may not be shorter."""
    return requires(lambda value: value >= least, f'has to be at least "{format_duration(least)}"')


def check_option_selector(selector: str) -> str:
    """The selector, if it compiles and may select elements. Raises ValueError with the reason."""
    from sources.formats.selectors import check_selector  # with lxml slow to import, and few sources have one

    return check_selector(selector)


Selector = Annotated[
    str, AfterValidator(check_option_selector), WithJsonSchema({"type": "string", "format": "css-selector"})
]
"""CSS, or XPath after "xpath:", of elements."""


def parse_share(value: object) -> int | float:
    """Read a count (30) or a share ("30 %", as 0.3). Raises ValueError."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    if isinstance(value, float) and 0 <= value <= 1:
        return value
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*%\s*", value) if isinstance(value, str) else None
    if not match or float(match[1]) > 100:
        raise ValueError('a number of entries (30) or a share of them ("30 %")')
    return float(match[1]) / 100


def as_share(value: float) -> str:
    """Format a count or a share: "30", "95 %"."""
    return str(value) if isinstance(value, int) else f"{value * 100:.4g} %"


Share = Annotated[
    int | float,
    BeforeValidator(parse_share),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*%\s*$"}]}
    ),
]

NumberOrText = Annotated[
    str,
    BeforeValidator(lambda value: str(value) if type(value) is int else value),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
]
"""A text that may be written as a number in TOML; stored as text."""


def _encoding(label: str) -> str:
    from sources.formats.decode import codec

    if codec(label) is None:
        raise ValueError(f'"{label}" is no encoding; such are "utf-8", "windows-1251", "koi8-r"')
    return label


_NO_HEADERS: dict[str, str] = {}  # one shared dict: most sources have no headers


def _headers(headers: dict[str, str]) -> dict[str, str]:
    for name in headers:
        if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name):
            raise ValueError(f'"{name}" is no name of a header')
    return headers or _NO_HEADERS


def _is_proxy(url: str) -> bool:
    parts = urlsplit(url)
    return not url or (parts.scheme in {"http", "https", "socks5", "socks5h"} and bool(parts.hostname))


_A_PROXY = 'a proxy is an address such as "http://proxy.example:3128" or "socks5://127.0.0.1:9050"'
ProxyUrl = Annotated[str, requires(_is_proxy, _A_PROXY)]


class WireOptions(OptionTable):
    """How requests of one source go over the wire; what is not given comes from `[http]` (`under`).

    What neither gives has a default: `deadline`, `largest_page` and `most_pages` say it. Archives and workbooks without
    `max_bytes` have their own (`sources.formats`).
    """

    timeout: Duration | None = Field(
        default=None,
        description="deadline of one request with its redirects, headers, body and immediate retries (30s)",
    )
    max_bytes: int | None = Field(
        default=None, gt=0, le=10_000_000_000, description="largest body in bytes, unpacked (50 MB); 10 GB at most"
    )
    max_pages: int | None = Field(default=None, gt=0, description="most requests in one check (50)")
    proxy: ProxyUrl | None = Field(default=None, description='proxy URL: http://, https:// or socks5://; "" for none')
    ca_file: str | None = Field(default=None, description="PEM file of further certificate authorities to trust")
    headers: Annotated[dict[str, str], AfterValidator(_headers)] = Field(
        default_factory=dict, repr=False, description="further request headers"
    )
    auth: Annotated[str, requires(lambda pair: ":" in pair, 'is written "user:password"')] | None = Field(
        default=None, repr=False, description='"user:password" for HTTP basic authentication'
    )
    encoding: Annotated[str, AfterValidator(_encoding)] | None = Field(
        default=None, description="the text's encoding, whatever the server says"
    )

    def under(self, http: "WireOptions") -> Self:
        """The same options, with those of `[http]` where these give none. Of headers with one name ours counts."""
        update: dict[str, object] = {
            name: value
            for name in _SINGLE
            if (value := getattr(http, name)) is not None and getattr(self, name) is None
        }
        ours = {name.lower() for name in self.headers}
        if inherited := {name: value for name, value in http.headers.items() if name.lower() not in ours}:
            update["headers"] = inherited | self.headers
        return self.model_copy(update=update) if update else self


_SINGLE = tuple(name for name in WireOptions.model_fields if name != "headers")


def deadline(options: WireOptions) -> timedelta:
    """The longest that one request may take."""
    return options.timeout or timedelta(seconds=30)


def largest_page(options: WireOptions) -> int:
    """The most bytes of a page, unpacked."""
    return options.max_bytes or 50_000_000


def most_pages(options: WireOptions) -> int:
    """The most requests in one check."""
    return options.max_pages or 50


class HttpOptions(WireOptions):
    """The `[http]` table: defaults of all sources, and what belongs to the program as a whole."""

    user_agent: str = Field(
        default="registry-watch", description="sent with every request; some sites want a contact in it"
    )
    private_addresses: Literal["refuse", "allow"] | tuple[IPv4Network | IPv6Network, ...] = Field(
        default="refuse", description="addresses on private networks and loopback: refuse, allow, or a list of networks"
    )
    robots: Literal["ignore", "obey"] = Field(
        default="ignore", description="obey: request nothing that a site's robots.txt forbids to programs"
    )
    per_host: int = Field(default=2, ge=1, description="connections at once to one host (name and port)")
    spacing: Duration = Field(default=timedelta(seconds=1), description="least time between two requests to one host")


Fetch = Literal["http", "browser"]
WAIT_FOR = "wait_for"  # what a request may carry: the element to wait for, where that is not the source's own
_ACTIONS = ("fill", "click", "select", "press", "wait_for", "scroll")


class Step(OptionTable):
    """One thing to do on a page before it is read. Elements are named by CSS, "xpath:..." or `text=WORDS`."""

    fill: str | None = Field(default=None, description="the field to write `text` into")
    text: str | None = Field(default=None, repr=False, description="what to write; a secret by reference: ${NAME}")
    on: str | None = Field(
        default=None, description="the host that gets `text`, where it is another than that of the source's address"
    )
    click: str | None = Field(default=None, description="the element to click")
    select: str | None = Field(default=None, description="the list to choose `value` from")
    value: str | None = Field(default=None, repr=False, description="what to choose: an option's value or its text")
    press: str | None = Field(default=None, description='a key to press, such as "Enter"')
    wait_for: str | None = Field(default=None, description="the element that must be visible before the next step")
    scroll: int | None = Field(
        default=None, gt=0, le=500, description="scroll to the end so many times at most, while the page grows"
    )
    until: Literal["gone"] | None = Field(
        default=None, description='"gone": click again and again, until the element is gone, hidden or disabled'
    )
    keep: Selector | None = Field(
        default=None,
        description="CSS of the entries, where each click with `until`, or each scroll, replaces them: all are kept",
    )

    @property
    def action(self) -> str:
        """The key that says what is done."""
        return next(name for name in _ACTIONS if getattr(self, name) is not None)

    @property
    def label(self) -> str:
        """The step for messages, without what is written into fields."""
        return f"{self.action} {getattr(self, self.action)}"

    @model_validator(mode="after")
    def _is_one_action(self) -> Self:
        given = [name for name in _ACTIONS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"a step does one thing, so it has exactly one of {listing(_ACTIONS)}")
        for action, value in {"fill": "text", "select": "value"}.items():
            if (getattr(self, value) is not None) != (given[0] == action):
                raise ValueError(f"{action} needs {value} beside it, and no other step has one")
        if self.on and not self.fill:
            raise ValueError("on is for fill")
        if (self.until and not self.click) or (self.keep and not (self.until or self.scroll)):
            raise ValueError("until is for click, and keep for scroll or for click with until")
        return self


_ENDPOINTS = ("http://", "https://", "ws://", "wss://")
_AN_ENDPOINT = 'is the address of a browser\'s debugging port, such as "http://127.0.0.1:9222"'


class BrowserOptions(OptionTable):
    """The `[browser]` table: the Chromium that renders the pages of sources with `fetch = "browser"`."""

    command: str | None = Field(
        default=None, description="the Chromium to start; default: chromium, chromium-browser or google-chrome in PATH"
    )
    endpoint: Annotated[str, requires(lambda url: url.startswith(_ENDPOINTS), _AN_ENDPOINT)] | None = Field(
        default=None, repr=False, description="the debugging port of a Chromium that runs already, in place of one"
    )
    tabs: int = Field(default=2, ge=1, le=16, description="most pages that are rendered at once")
    memory: int = Field(
        default=1_500_000_000,
        gt=0,
        description="most bytes of memory of the browser with its pages; beyond, the largest is ended",
    )
    idle: Duration = Field(
        default=timedelta(minutes=2), description="how long the browser is kept when no page is rendered"
    )


def compile_re2(pattern: str) -> Any:
    """The regular expression, compiled by RE2, which matches in linear time whatever the pattern. Raises ValueError."""
    import re2  # slow to import, and few configurations have a pattern

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0].decode() if isinstance(error.args[0], bytes) else error
        raise ValueError(f"{pattern!r} is no regular expression (RE2): {reason}") from None


def _check_pattern(pattern: str) -> str:
    compile_re2(pattern)
    return pattern


Pattern = Annotated[str, AfterValidator(_check_pattern), WithJsonSchema({"type": "string", "format": "regex"})]


class Expect(OptionTable):
    """What every snapshot of a source must fulfil; one that does not is suspicious, and not stored."""

    max_entries: int | None = Field(default=None, ge=0, description="more entries than this are not believed")
    required: tuple[str, ...] = Field(default=(), description="fields that every entry has")
    filled: dict[str, Share] = Field(
        default_factory=dict, description='least share of entries that have a value, per field: { date = "95 %" }'
    )
    key_pattern: Pattern | None = Field(
        default=None, description="regular expression (RE2) that all of every key matches"
    )
    total: str | None = Field(
        default=None, description="where the first page says how many entries there are: CSS, or JMESPath in JSON"
    )
    any_page: bool = Field(
        default=False, description="true: read also what is taken for a challenge, login or error page"
    )
    max_quiet: Duration | None = Field(default=None, description="no new entry for so long is worth a word")
