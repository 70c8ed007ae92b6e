"""Addresses; a request to one of them; and what a response says: its headers, and whether it is the page, an error or a
redirect. Pure.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from http.client import responses
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

import httpx

from sources.errors import BadRedirect, FetchError, HttpStatus
from sources.formats.download import Body
from sources.formats.links import LONGEST_URL, explain_too_long
from sources.model import Get
from sources.model.transcript import Transcript

_SOUND_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HARMLESS = ("accept", "user-agent", "content-type")  # names of headers, or their beginnings
_UNSOUND_VALUE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]|^[ \t]|[ \t]$")
_LONGEST_WAIT = timedelta(hours=6)
REDIRECTS = {301, 302, 303, 307, 308}


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


def same_in_archives(url: httpx.URL, location: str = "") -> str:
    """One string for all addresses that archives take for one: whatever their scheme, default port, last slash and
    fragment. That of `location`, if it is given, which is relative to `url`: "" where it is no address.
    """
    try:
        url = url.join(location) if location else url
        path, mark, query = url.raw_path.decode("ascii").partition("?")
    except (httpx.InvalidURL, ValueError):
        return ""
    port = f":{url.port}" if url.port not in {None, 80, 443} else ""
    return f"{url.host}{port}{path.rstrip('/')}{mark}{query}"


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


def encode(get: Get) -> httpx.Request:
    """What a `Get` alone says: method, address with its query, and body. Raises FetchError (`bad_url`)."""
    url, _ = read_address(get.url)
    url = url.copy_merge_params(dict(get.query)) if get.query else url
    return httpx.Request(get.method, url, data=get.form and dict(get.form), json=get.json)


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


def join_headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by lower-case name; repeated ones joined by commas. Without Set-Cookie, which may be a credential."""
    joined: dict[str, str] = {}
    for raw_name, value in raw:
        name = raw_name.decode("ascii").lower()
        try:
            text = value.decode("utf-8")
        except UnicodeDecodeError:
            text = value.decode("latin-1")
        if name != "set-cookie":
            joined[name] = f"{joined[name]}, {text}" if name in joined else text
    return joined


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """The value of Retry-After, seconds or a date, clamped to 0 to 6 hours; None when it cannot be parsed."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII):
        return timedelta(seconds=min(float(text), _LONGEST_WAIT.total_seconds()))
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    wait = (date if date.tzinfo else date.replace(tzinfo=UTC)) - now
    return min(max(wait, timedelta()), _LONGEST_WAIT)


class Answer(NamedTuple):
    """The unpacked response to one request; when its status is not 2xx, only the beginning of the body."""

    url: httpx.URL
    status: int
    headers: Mapping[str, str]
    content: Body = b""
    gzip: Body = b""
    retry_after: timedelta | None = None
    transcript: Transcript | None = None

    @property
    def body(self) -> bytes:
        """All bytes of the body."""
        return self.content[:]

    @property
    def redirects(self) -> bool:
        """Whether it is a redirect with a Location."""
        return self.status in REDIRECTS and "location" in self.headers


def refusal(answer: Answer, asked: str, *, rendered: bool = False) -> HttpStatus:
    """The error for a response with an error status; the body may refine it (blocked, maintenance, ...). `rendered`
    says that a browser made the body.
    """
    from sources.blocked import classify  # noqa: PLC0415 - slow to import, and only errors need it
    from sources.formats.decode import decode  # noqa: PLC0415 - as above

    message = f"{shown(answer.url)} answered {answer.status} {responses.get(answer.status, '')}".rstrip()
    text = decode(answer.body, answer.headers.get("content-type", ""))
    block = classify.classify(classify.KnownResponse(answer.status, answer.headers, asked, str(answer.url), text))
    if block is None:
        return HttpStatus(answer.status, message, retry_after=answer.retry_after)
    message = f"{message}: {block.why(rendered=rendered)}"
    return HttpStatus(answer.status, message, code=block.code, retry_after=answer.retry_after)


def follow_redirect(sent: Outgoing, answer: Answer) -> Outgoing:
    """The request that a redirect leads to. Raises BadRedirect when it must not be followed."""
    here, there = sent.url, _destination(sent.url, answer.headers["location"])
    method, headers, content = sent.method, sent.headers.copy(), sent.content
    if (answer.status == 303 and method != "HEAD") or (answer.status in (301, 302) and method == "POST"):
        method, content = "GET", b""
        headers.pop("content-type", None)
    if same_site(here, there):
        return Outgoing(method, there, headers, content)
    if content:
        raise BadRedirect(f"{shown(here)} redirects a form to {there.host}: not sent to another host")
    for name in set(headers) - set(harmless(headers)):
        del headers[name]
    return Outgoing(method, there, headers)


def _destination(url: httpx.URL, location: str) -> httpx.URL:
    if len(location) > LONGEST_URL:
        raise BadRedirect(f"{shown(url)} redirects to an address of {len(location):,} characters: not followed")
    try:
        target = bare(url.join(location.strip()))
        _ = target.host  # decodes it, which may raise
    except (httpx.InvalidURL, ValueError):
        raise BadRedirect(f"{shown(url)} redirects to what is no address") from None
    if target.scheme not in ("http", "https") or not target.host:
        raise BadRedirect(f"{shown(url)} redirects to {target.scheme[:20]}:, which is not followed")
    if url.scheme == "https" and target.scheme == "http":
        raise BadRedirect(f"{shown(url)} redirects from https to http ({shown(target)}), which is not followed")
    return target
