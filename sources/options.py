"""Option types that several tables share, and the HTTP options: `[http]` and each source's own."""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|[smhdw])")


def parse_duration(value: object) -> timedelta:
    """Read "90s", "15m", "1h30m", "2d" or "1w". Raises ValueError."""
    if isinstance(value, timedelta):
        return value
    text = value.strip().lower() if isinstance(value, str) else ""
    if not text or _DURATION.sub("", text).strip():
        raise ValueError('a duration is a text such as "30s", "15m", "1h30m" or "2d"')
    return timedelta(seconds=sum(float(number) * _UNITS[unit] for number, unit in _DURATION.findall(text)))


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


def _text(value: object) -> object:
    return str(value) if type(value) is int else value


NumberOrText = Annotated[
    str, BeforeValidator(_text), WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "integer"}]})
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


def _proxy(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https", "socks5", "socks5h"} or not parts.hostname:
        raise ValueError('a proxy is an address such as "http://proxy.example:3128" or "socks5://127.0.0.1:9050"')
    return url


def _auth(pair: str) -> str:
    if ":" not in pair:
        raise ValueError('is written "user:password"')
    return pair


TIMEOUT = timedelta(seconds=30)
MAX_BYTES = 50_000_000
MAX_PAGES = 50


class WireOptions(BaseModel):
    """How requests of one source go over the wire; what is not given comes from `[http]` (`under`).

    What neither gives has a default: `deadline`, `largest_page` and `most_pages` say it. Archives and workbooks without
    `max_bytes` have their own (`sources.formats`).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    timeout: Duration | None = Field(
        default=None,
        description="deadline of one request with its redirects, headers, body and immediate retries (30s)",
    )
    max_bytes: int | None = Field(default=None, gt=0, description="largest body in bytes, unpacked (50 MB)")
    max_pages: int | None = Field(default=None, gt=0, description="most requests in one check (50)")
    proxy: Annotated[str, AfterValidator(_proxy)] | None = Field(
        default=None, description="proxy URL: http://, https:// or socks5://"
    )
    ca_file: str | None = Field(default=None, description="PEM file of further certificate authorities to trust")
    headers: Annotated[dict[str, str], AfterValidator(_headers)] = Field(
        default_factory=dict, description="further request headers"
    )
    auth: Annotated[str, AfterValidator(_auth)] | None = Field(
        default=None, description='"user:password" for HTTP basic authentication'
    )
    encoding: Annotated[str, AfterValidator(_encoding)] | None = Field(
        default=None, description="the text's encoding, whatever the server says"
    )

    def under(self, http: WireOptions) -> Self:
        """The same options, with those of `[http]` where these give none. Of headers with one name ours counts."""
        update: dict[str, object] = {
            name: value
            for name in _SINGLE
            if (value := getattr(http, name)) is not None and getattr(self, name) is None
        }
        if http.headers and (headers := _merged(http.headers, self.headers)) != self.headers:
            update["headers"] = headers
        return self.model_copy(update=update) if update else self


_SINGLE = tuple(name for name in WireOptions.model_fields if name != "headers")


def _merged(base: dict[str, str], own: dict[str, str]) -> dict[str, str]:
    ours = {name.lower() for name in own}
    return {name: value for name, value in base.items() if name.lower() not in ours} | own


def deadline(options: WireOptions) -> timedelta:
    """The longest that one request may take."""
    return options.timeout or TIMEOUT


def largest_page(options: WireOptions) -> int:
    """The most bytes of a page, unpacked."""
    return options.max_bytes or MAX_BYTES


def most_pages(options: WireOptions) -> int:
    """The most requests in one check."""
    return options.max_pages or MAX_PAGES


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
