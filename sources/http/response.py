"""What a response says: its headers, and whether it is the page, an error or a redirect. Pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import responses
from typing import NamedTuple

import httpx

from sources.errors import BadRedirect, HttpStatus
from sources.formats.links import LONGEST_URL
from sources.http.request import Outgoing, bare, harmless, same_site, shown
from sources.model.transcript import Transcript

_LONGEST_WAIT = timedelta(hours=6)
REDIRECTS = {301, 302, 303, 307, 308}


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


def content_length(headers: Mapping[str, str]) -> int:
    """The value of Content-Length in bytes, 0 when it is absent."""
    text = headers.get("content-length", "")
    return int(text) if re.fullmatch(r"\d{1,18}", text, re.ASCII) else 0


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
