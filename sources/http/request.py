"""Addresses, the headers of requests, and a request to one address. Pure."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

import httpx

from sources.errors import FetchError
from sources.formats.links import LONGEST_URL, explain_too_long

_SOUND_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HARMLESS = ("accept", "user-agent", "content-type")  # names of headers, or their beginnings
_UNSOUND_VALUE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]|^[ \t]|[ \t]$")


class Validators(NamedTuple):
    """The validators of a page, for a conditional request.

    They are sent only to the address that gave them: to `url` (the page's, after redirects), or without it to the
    request's own. At another address an equal ETag or a later date would make "not modified" refer to another page,
    such as a login.
    """

    etag: str | None = None
    last_modified: str | None = None
    url: str | None = None

    @property
    def conditions(self) -> dict[str, str]:
        """The headers of a conditional request, without a validator that cannot be sent as it came."""
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {
            name: value
            for name, value in given.items()
            if value and value.isascii() and not _UNSOUND_VALUE.search(value)
        }


@lru_cache(maxsize=1024)
def read_address(text: str) -> tuple[httpx.URL, bytes]:
    """Parse an address: returns it without credentials and fragment, and its "user:password". Raises FetchError
    (`bad_url`).
    """
    if len(text) > LONGEST_URL:
        raise FetchError(explain_too_long(text), code="bad_url")
    try:
        url = httpx.URL(text)
        readable = url.scheme in ("http", "https") and bool(url.host)
    except (httpx.InvalidURL, ValueError):  # ValueError: a host name that cannot be decoded, such as http://xn--/
        readable = False
    if not readable:
        shown = re.sub(r"//[^/]*@", "//", text.partition("?")[0])
        raise FetchError(f"{shown[:200]!r} is no http or https address", code="bad_url")
    return bare(url), unquote_to_bytes(url.userinfo)


def bare(url: httpx.URL) -> httpx.URL:
    """The address without user, password and fragment."""
    return url.copy_with(username="", password="", fragment=None) if url.userinfo or url.fragment else url


def shown(url: httpx.URL) -> str:
    """The address for messages: without its query, which may hold a key."""
    host = f"[{url.host}]" if ":" in url.host else url.host
    port = f":{url.port}" if url.port else ""
    return f"{url.scheme}://{host}{port}{url.raw_path.decode('ascii').partition('?')[0]}"


def same_site(one: httpx.URL, other: httpx.URL) -> bool:
    """Whether credentials for `one` may be sent to `other`: the same origin, or the same host upgraded to https."""
    if one.host != other.host:
        return False
    upgraded = one.scheme == "http" and other.scheme == "https" and one.port is None and other.port is None
    return upgraded or (one.scheme == other.scheme and one.port == other.port)


def new_headers(given: Mapping[str, str]) -> httpx.Headers:
    """Headers of a request in UTF-8; httpx's default is ASCII only."""
    return httpx.Headers(given, encoding="utf-8")


def set_headers(given: httpx.Headers, more: Mapping[str, str]) -> None:
    """Set headers, replacing those of the same name. Raises FetchError (`bad_request`)."""
    for name, value in more.items():
        if not _SOUND_NAME.fullmatch(name) or _UNSOUND_VALUE.search(value):
            raise FetchError(
                f"a request cannot be sent: the header {name[:40]!r} is not valid HTTP", code="bad_request"
            )
        given[name] = value


def harmless(headers: Mapping[str, str]) -> dict[str, str]:
    """The request headers that any host may see; all others may hold credentials."""
    return {name: value for name, value in headers.items() if name.lower().startswith(_HARMLESS)}


class Outgoing(NamedTuple):
    """One request to one address; each redirect makes another one. httpx puts Host before the headers."""

    method: str
    url: httpx.URL
    headers: httpx.Headers
    content: bytes = b""

    @property
    def safe(self) -> bool:
        """Whether it may be sent twice."""
        return self.method in ("GET", "HEAD") and not self.content

    def request(self, extra: Mapping[str, str]) -> httpx.Request:
        """As an httpx.Request; `extra` headers come last and replace those of the same name."""
        given = self.headers.copy()
        for name, value in extra.items():
            given.pop(name, None)
            given[name] = value
        return httpx.Request(self.method, self.url, headers=given, content=self.content or None)
