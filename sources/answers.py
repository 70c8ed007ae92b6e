"""What an answer means: the page, an error that may say why, or a redirect that is followed or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from http.client import responses
from typing import NamedTuple

from sources.errors import BadRedirect, BadResponse, HttpStatus
from sources.headers import harmless
from sources.request import Address, Request, plain_request, same_site
from sources.transcript import Hop, Transcript

REDIRECTS = {301, 302, 303, 307, 308}


class Answer(NamedTuple):
    """What one request came to, unpacked; of one that is not 2xx, the beginning of its body."""

    address: Address
    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    gzip: bytes = b""
    retry_after: timedelta | None = None
    transcript: Transcript | None = None


def along(hops: list[Hop], answer: Answer) -> Answer:
    """The answer with the redirects that led to it."""
    if not hops or answer.transcript is None:
        return answer
    return answer._replace(transcript=replace(answer.transcript, hops=tuple(hops)))


def accepted(answer: Answer, asked: str, *, partial: bool) -> Answer:
    """The answer, unless its status is an error; then the page that came with it may say why."""
    shown = answer.address.shown
    if answer.status == 206 and not partial:
        raise BadResponse(f"{shown} sent a part of the document, which was not asked for")
    if 200 <= answer.status < 300:
        return answer
    from sources import blocked  # noqa: PLC0415 - slow to import, and needed for errors alone
    from sources.decode import decode  # noqa: PLC0415 - as above

    message = f"{shown} answered {answer.status} {responses.get(answer.status, '')}".rstrip()
    text = decode(answer.body, answer.headers.get("content-type", ""))
    block = blocked.classify(blocked.Answer(answer.status, answer.headers, asked, answer.address.text, text))
    if block is None:
        raise HttpStatus(answer.status, message, retry_after=answer.retry_after)
    raise HttpStatus(answer.status, f"{message}: {block.why}", code=block.code, retry_after=answer.retry_after)


def redirected(request: Request, answer: Answer) -> Request:
    """The request that a redirect asks for. Raises BadRedirect when it is not followed."""
    here, there = request.address, _destination(request.address, answer.headers["location"])
    method, body, headers = request.method, request.content, dict(request.headers)
    if (answer.status == 303 and method != "HEAD") or (answer.status in (301, 302) and method == "POST"):
        method, body = "GET", b""
        for name in ("content-length", "content-type", "transfer-encoding"):
            headers.pop(name, None)
    if same_site(here, there):
        return Request(method, there, headers, body)
    if body:
        raise BadRedirect(f"{here.shown} redirects a form to {there.host}: not sent to another host")
    empty = {"Content-Length": "0"} if method not in ("GET", "HEAD") else {}
    return plain_request(method, there, harmless(dict(headers.values())), empty)


def _destination(address: Address, location: str) -> Address:
    try:
        target = address.join(location.strip())
    except ValueError:
        raise BadRedirect(f"{address.shown} redirects to what is no address") from None
    if target.scheme not in ("http", "https") or not target.host:
        raise BadRedirect(f"{address.shown} redirects to {target.scheme[:20]}:, which is not followed")
    if address.scheme == "https" and target.scheme == "http":
        raise BadRedirect(f"{address.shown} redirects from https to http ({target.shown}), which is not followed")
    return target
