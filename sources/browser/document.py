"""A rendered document as the Page that a kind reads, or the error that it is. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import urlsplit

from sources.errors import BadRedirect, BadResponse, BrowserFailed, FetchError, TlsFailed, Unreachable
from sources.http.request import read_address, shown
from sources.http.response import Answer, refusal, retry_after
from sources.model import Get, Page
from sources.model.transcript import Rendering
from sources.text import clean

_NET = re.compile(r"net::(ERR_[A-Z0-9_]+)")
_BROKEN = (
    "ERR_ABORTED",
    "ERR_EMPTY_RESPONSE",
    "ERR_INVALID_",
    "ERR_CONTENT_",
    "ERR_INCOMPLETE_",
    "ERR_RESPONSE_HEADERS_",
)
_FILE = "Download is starting"
_CRASHED = "browser_crashed"
_GONE = ("Target page, context or browser has been closed", "Target crashed", "Page crashed", "Browser closed")


_HTML = "text/html; charset=utf-8"
_BEGINNING = 65_536
# What describes the bytes as they were sent, and not the document that was made of them.
_OF_THE_WIRE = {"content-encoding", "content-length", "content-type", "transfer-encoding", "etag", "last-modified"}


def has_crashed(error: Exception) -> bool:
    """Whether an exception says that the page's process, or the browser, has ended."""
    return getattr(error, "code", "") == _CRASHED or any(words in str(error) for words in _GONE)


def failure(text: str, host: str) -> FetchError:
    """The error for an exception of the browser while it opened a page of `host`."""
    if any(words in text for words in _GONE):
        return BrowserFailed("the browser crashed on this page", code=_CRASHED)
    if _FILE in text:
        return BadResponse(f'{host} sent a file to download: read it without fetch = "browser"')
    return _net_failure(text, match[1] if (match := _NET.search(text)) else "", host)


def _net_failure(text: str, code: str, host: str) -> FetchError:
    if code.startswith(("ERR_CERT_", "ERR_SSL_", "ERR_BAD_SSL")):
        return TlsFailed(f"the browser does not trust the certificate of {host}, or its TLS: {code}")
    if code == "ERR_TOO_MANY_REDIRECTS":
        return BadRedirect(f"{host} redirects in a circle")
    if code.endswith("_REDIRECT"):
        return BadRedirect(f"{host} redirects to what is not followed: {code}")
    if code.startswith(_BROKEN):
        return BadResponse(f"{host} sent no page: {code}")
    if code:
        return Unreachable(f"could not reach {host}: {code}")
    return BrowserFailed(f"the browser gave no page of {host}: {clean(text.splitlines()[0])[:120] if text else ''}")


class Taken(NamedTuple):
    """What a visit brought: the page's final address, the response to its last navigation, and its content.

    `body` is the rendered document as HTML in UTF-8, or the response's own body where that is no HTML. `hops` are the
    addresses of redirects.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    rendered: bool
    hops: tuple[str, ...]


def page_of(get: Get, taken: Taken, rendering: Rendering, fetched: datetime, encoding: str | None) -> Page:
    """The page. Raises HttpStatus, BadRedirect and BadResponse."""
    _refuse_downgrade(taken)
    headers = {name.lower(): value for name, value in taken.headers.items()}
    if not 200 <= taken.status < 300:
        url, _ = read_address(taken.url)
        wait = retry_after(headers, fetched)
        answer = Answer(url, taken.status, headers, taken.body[:_BEGINNING], retry_after=wait)
        raise refusal(answer, get.url, rendered=True)
    if taken.rendered:
        headers = {name: value for name, value in headers.items() if name not in _OF_THE_WIRE}
        headers["content-type"] = _HTML
    return Page(
        get=get,
        url=str(read_address(taken.url)[0]),
        status=taken.status,
        headers=headers,
        body=taken.body,
        fetched=fetched,
        encoding=None if taken.rendered else encoding,
        rendering=rendering,
    )


def _refuse_downgrade(taken: Taken) -> None:
    """As for plain requests: a page that came by a redirect from https to http may be anyone's."""
    schemes = [urlsplit(url).scheme for url in (*taken.hops, taken.url)]
    if schemes[-1] not in {"http", "https"}:
        raise BadResponse("the browser ended on what is no page of the web")
    for before, after in pairwise(schemes):
        if before == "https" and after == "http":
            url = shown(read_address(taken.url)[0])
            raise BadRedirect(f"a redirect from https to http ({url}), which is not followed")
