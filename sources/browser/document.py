"""A rendered document as the Page that a kind reads, or the error that it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import urlsplit

from sources.errors import BadRedirect, BadResponse
from sources.http.headers import retry_after
from sources.http.redirects import Answer, refusal
from sources.http.request import read_address, shown
from sources.model import Get, Page
from sources.model.transcript import Rendering

_HTML = "text/html; charset=utf-8"
_BEGINNING = 65_536
# What describes the bytes as they were sent, and not the document that was made of them.
_OF_THE_WIRE = {"content-encoding", "content-length", "content-type", "transfer-encoding", "etag", "last-modified"}


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
