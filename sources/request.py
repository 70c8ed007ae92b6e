"""Requests as they are sent. Pure.

Most addresses and headers are plain, and are taken as they stand; httpx reads, normalises and encodes all others, and
is loaded when there is one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote_to_bytes

from sources.errors import FetchError

if TYPE_CHECKING:
    import httpx

_SIGN = r"[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2}"
# What httpx leaves exactly as it is: no capitals and nothing international in the host, no dots to resolve in the path.
_PLAIN = re.compile(
    r"(?P<scheme>https?)://(?P<netloc>(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(?P<port>[1-9]\d{0,4}))?)"
    rf"(?P<path>/(?:{_SIGN})*)(?P<query>\?(?:[?]|{_SIGN})*)?"
)
_DEFAULT = {"http": "80", "https": "443"}
_SOUND = re.compile(rb"(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+: (?:[!-~\x80-\xff](?:[ \t!-~\x80-\xff]*[!-~\x80-\xff])?)?\r\n)*")


class Address(NamedTuple):
    """An http or https address, without user, password and fragment.

    `host` is for people and for comparing, `raw_host` for dialling, `netloc` for the Host header; `port` is None where
    it is the usual one; `target` is path and query.
    """

    text: str
    scheme: str
    host: str
    raw_host: str
    port: int | None
    netloc: str
    target: str

    @property
    def shown(self) -> str:
        """The address for messages: without its query, which may hold a key."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = f":{self.port}" if self.port else ""
        return f"{self.scheme}://{host}{port}{self.target.partition('?')[0]}"

    def join(self, location: str) -> Address:
        """Where a reference on it leads, also to what is no web address. Raises ValueError for what is none at all."""
        import httpx  # noqa: PLC0415 - slow to import, and seldom needed

        try:
            return _address(httpx.URL(self.text).join(location))
        except httpx.InvalidURL as error:
            raise ValueError(str(error)) from None


class Request(NamedTuple):
    """One request. `headers` has each header once, as it is written, by its name in lower case."""

    method: str
    address: Address
    headers: Mapping[str, tuple[str, str]]
    content: bytes = b""

    @property
    def safe(self) -> bool:
        """Whether it may be sent again."""
        return self.method in ("GET", "HEAD") and not self.content

    def lines(self, extra: Mapping[str, str]) -> bytes:
        """The header lines, `extra` in the place of others of the same name. Raises ValueError for what is not HTTP."""
        replaced = {name.lower() for name in extra}
        text = [f"{name}: {value}\r\n" for key, (name, value) in self.headers.items() if key not in replaced]
        text += [f"{name}: {value}\r\n" for name, value in extra.items()]
        block = "".join(text).encode()
        if block.count(b"\r\n") != len(text) or not _SOUND.fullmatch(block):
            raise ValueError("a header is not valid HTTP")
        return block

    def pairs(self, extra: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
        """The headers one by one, `extra` in the place of others of the same name."""
        replaced = {name.lower() for name in extra}
        kept = [pair for key, pair in self.headers.items() if key not in replaced]
        return [(name.encode(), value.encode()) for name, value in (*kept, *extra.items())]


def plain_request(method: str, address: Address, *given: Mapping[str, str]) -> Request:
    """A request without a body; of headers with one name, the last one given counts."""
    headers = {"host": ("Host", address.netloc)}
    for each in given:
        for name, value in each.items():
            headers[name.lower()] = (name, value)
    return Request(method, address, headers)


def request_with_body(
    method: str, address: Address, *given: Mapping[str, str], form: Mapping[str, str] | None, json: Any
) -> Request:
    """A request whose body is a form or JSON, if it has one, encoded by httpx."""
    import httpx  # noqa: PLC0415 - as above

    headers = httpx.Headers(encoding="utf-8")
    for each in given:
        for name, value in each.items():
            headers[name] = value
    made = httpx.Request(method, address.text, headers=headers, data=form and dict(form), json=json)
    texts = [(name.decode("ascii"), value.decode()) for name, value in made.headers.raw]
    return Request(method, address, {name.lower(): (name, value) for name, value in texts}, made.content)


@lru_cache(maxsize=1024)
def read_address(text: str) -> tuple[Address, bytes]:
    """The address, and the "user:password" in it. Raises FetchError (`bad_url`)."""
    if plain := _plain(text):
        return plain, b""
    import httpx  # noqa: PLC0415 - as above

    try:
        url = httpx.URL(text)
        readable = url.scheme in ("http", "https") and bool(url.host)
    except (httpx.InvalidURL, ValueError):  # the second for a host name that cannot be decoded: http://xn--/
        readable = False
    if not readable:
        shown = re.sub(r"//[^/]*@", "//", text.partition("?")[0])
        raise FetchError(f"{shown[:200]!r} is no http or https address", code="bad_url")
    return _address(url), unquote_to_bytes(url.userinfo)


def with_query(address: Address, query: Mapping[str, str | int]) -> Address:
    """The address with further parameters."""
    import httpx  # noqa: PLC0415 - as above

    return _address(httpx.URL(address.text).copy_merge_params(dict(query)))


def same_site(one: Address, other: Address) -> bool:
    """Whether what is meant for `one` may go to `other`: the same origin, or the same host by https now."""
    if one.host != other.host:
        return False
    upgraded = one.scheme == "http" and other.scheme == "https" and one.port is None and other.port is None
    return upgraded or (one.scheme == other.scheme and one.port == other.port)


def _plain(text: str) -> Address | None:
    match = _PLAIN.fullmatch(text)
    if not match:
        return None
    scheme, netloc, host, port, path, query = match.groups()
    odd = port and (port == _DEFAULT[scheme] or int(port) > 65535)
    if odd or "/." in path or not _is_plain_host(host):
        return None
    return Address(text, scheme, host, host, int(port) if port else None, netloc, path + (query or ""))


@lru_cache(maxsize=1024)
def _is_plain_host(host: str) -> bool:
    """Whether it is a name without international letters, or an IPv4 address as it is usually written."""
    if "xn--" in host or ".." in host:
        return False
    if not host.rpartition(".")[2].isdigit():
        return not re.search(r"(^|\.)0x[0-9a-f]*$", host) and len(host) < 64
    try:
        return str(ip_address(host)) == host
    except ValueError:
        return False


def _address(url: httpx.URL) -> Address:
    bare = url.copy_with(username="", password="", fragment=None) if url.userinfo or url.fragment else url
    return Address(
        str(bare),
        bare.scheme,
        bare.host,
        bare.raw_host.decode("ascii"),
        bare.port,
        bare.netloc.decode("ascii"),
        bare.raw_path.decode("ascii"),
    )
