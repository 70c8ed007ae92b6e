"""Classifies a response: the page, an error, or a redirect that is followed or refused. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from http.client import responses
from typing import NamedTuple

import httpx

from sources.errors import BadRedirect, HttpStatus
from sources.formats.links import LONGEST_URL
from sources.http.headers import harmless
from sources.http.request import Outgoing, bare, same_site, shown
from sources.model.transcript import Transcript

REDIRECTS = {301, 302, 303, 307, 308}


class Answer(NamedTuple):
    """The unpacked response to one request; when its status is not 2xx, only the beginning of the body."""

    url: httpx.URL
    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    gzip: bytes = b""
    retry_after: timedelta | None = None
    transcript: Transcript | None = None

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
    block = classify.classify(classify.Answer(answer.status, answer.headers, asked, str(answer.url), text))
    if block is None:
        return HttpStatus(answer.status, message, retry_after=answer.retry_after)
    message = f"{message}: {block.why(rendered=rendered)}"
    return HttpStatus(answer.status, message, code=block.code, retry_after=answer.retry_after)


def redirected(sent: Outgoing, answer: Answer) -> Outgoing:
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
