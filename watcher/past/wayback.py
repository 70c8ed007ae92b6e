"""The past in a web archive: its index (CDX) names the captures that it has of an address, and each is asked for as it
came (`id_`), one request at a time, with the spacing of `[http]`.

What is no memento of the page and its time is not the register: an archive may answer an error of its own with 200, and
what it cannot show with another capture.
"""

import math
import re
import time
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple
from urllib.parse import unquote_plus, urlencode

from sources import BadResponse, FetchError, Get, HttpStatus, Page, Source, SourceError, TimedOut, Unreachable
from sources.formats.links import LONGEST_URL
from sources.formats.unpack import unpack
from sources.http.exchange import read_address
from sources.options import largest_page
from sources.reading.engine import first_request
from watcher.config.load import Config
from watcher.past.offers import Offer, OfferedCapture, SkippedCapture, Span
from watcher.propose.site import Site

LONGEST_WAIT = timedelta(minutes=2)  # for which an archive is left alone; one that asks for more is not asked again
USUAL_WAIT = timedelta(minutes=1)  # where a 429 says none: archives count requests by the minute
NEAR = timedelta(days=1)  # what is asked for as a part of a capture may be so much older or newer
MOST_FAULTS = 3  # in a row, after which an archive that does not answer is not asked again
_LINES, _MOST_PAGES, _LARGEST = 5_000, 20, 10_000_000  # of the index: lines of a page, pages, bytes of a page
_FIELDS = "timestamp,original,mimetype,statuscode,digest"
_LINE = re.compile(rf"(\d{{14}}) (https?://\S{{1,{LONGEST_URL}}}) (\S+) (\d{{3}}|-) (\S+)", re.ASCII)
_STAMP, _HTTP_DATE = "%Y%m%d%H%M%S", "%a, %d %b %Y %H:%M:%S GMT"
_PLACE = re.compile(r"(.*?)/web/(\d{14})id_/(https?://.+)", re.ASCII)
_UNCOMPARED = re.compile(r"^https?://(www\.)?|:\d+(?=/)|/$")  # of an address, by archives
_THEN = "x-archive-orig-"  # what the headers are called that the site sent


class WebArchive(Site):
    """The archive of `[past]`, for one command, which may ask for so many captures and parts of them: `budget`."""

    def __init__(self, config: Config, budget: float = math.inf) -> None:
        super().__init__(config.http)
        self.base, self._hide, self._budget, self._faults = config.past.wayback, config.secrets.hide, budget, 0
        self._ended: FetchError | None = None  # why nothing more is asked

    def ask(self, address: str, most: int, tries: int = 3) -> Page:
        """An answer of at most so many bytes. An archive that wants to be left alone for a moment (429, or 503 with
        Retry-After) is asked again after that, else no more by this command. Raises FetchError.
        """
        if self._ended:
            raise self._ended
        self.options = {"timeout": "2m", "max_bytes": most}
        try:
            page = self.fetch(Get(address))
        except HttpStatus as error:
            wait = error.retry_after or (USUAL_WAIT if error.status == 429 else None)
            if error.status not in {429, 503} or wait is None:
                raise
            if wait > LONGEST_WAIT or tries == 1:
                self._ended = error
                raise
            time.sleep(wait.total_seconds())
            return self.ask(address, most, tries - 1)
        except (Unreachable, TimedOut) as error:
            self._faults += 1
            self._ended = error if self._faults == MOST_FAULTS else None
            raise
        self._faults = 0
        return page

    def told(self, address: str) -> str:
        """An address that an archive may hear of. Raises FetchError for others."""
        if self._hide(address) != address:
            raise FetchError("its address has a secret in it, which no archive is told", code="secret")
        return address

    def captures(self, address: str, span: Span) -> Iterator["IndexLine | SkippedCapture"]:
        """What the index says of an address; captures in a row that are the same are one. Raises FetchError."""
        ends = {name: at.astimezone(UTC).strftime(_STAMP) for name, at in zip(("from", "to"), span, strict=True) if at}
        query = {"url": self.told(address), "fl": _FIELDS, "collapse": "digest", "limit": str(_LINES), **ends}
        for _ in range(_MOST_PAGES):
            page = self.ask(f"{self.base}/cdx/search/cdx?{urlencode(query)}&showResumeKey=true", _LARGEST)
            listed, _, key = page.text.replace("\r", "").partition("\n\n")  # the key with which it goes on
            lines = [_read_line(line) for line in listed.split("\n") if line]
            if lines and not any(isinstance(each, IndexLine) for each in lines):
                raise BadResponse("it answered with what is no list of captures", code="bad_index")
            yield from lines
            if not re.fullmatch(r"\S{1,2000}", key.strip()):
                return
            query["resumeKey"] = unquote_plus(key.strip())
        raise FetchError(f"it has more than {_LINES * _MOST_PAGES:,} captures: --from begins later", code="too_many")

    def memento(self, place: str, most: int) -> Page:
        """The capture at a place of the archive, as the site answered; `fetched` is its time. Raises FetchError."""
        if self._budget < 1:
            raise FetchError("the requests that this command may make are used up", code="budget")
        self._budget -= 1
        place = str(read_address(place)[0])
        page = self.ask(place, most)
        there, asked = _PLACE.fullmatch(page.url), _PLACE.fullmatch(place)
        then = {name.removeprefix(_THEN): text for name, text in page.headers.items() if name.startswith(_THEN)}
        at = _read_time(page.headers.get("memento-datetime", ""), _HTTP_DATE)  # as some answer without a redirect
        at = at or (_read_time(there[2], _STAMP) if there and then else None)
        is_own = "html" in page.content_type and "html" not in then.get("content-type", "html").lower()
        if is_own or not (at and there and asked and there[1] == asked[1]):
            raise BadResponse("the archive answered with a page of its own, not with the capture", code="no_memento")
        if _UNCOMPARED.sub("", there[3]) != _UNCOMPARED.sub("", asked[3]):
            raise BadResponse(f"the archive answered with another page: {there[3][:200]}", code="no_memento")
        page = replace(page, headers={**page.headers, **then}, fetched=at)
        if "content-encoding" in then and page.body.startswith(b"\x1f\x8b"):  # packed, as some archives leave it
            page = replace(page, content=unpack(page.body, "gzip", most, place)[0], gzip=b"")
        return page


class IndexLine(NamedTuple):
    """A capture in the index, with its place behind /web/. `status` is "-" where that is not known."""

    at: datetime
    place: str
    media_type: str
    status: str
    digest: str


def offer_wayback(archive: WebArchive, source: Source, address: str | None, span: Span) -> Iterator[Offer]:
    """What an archive has of a source's first page in a time, or of another `address` that it once had."""
    found, first = dict[str, IndexLine](), Get("")
    try:
        first = first_request(source)
        for line in archive.captures(address or _address_of(source, first), span):
            if isinstance(line, IndexLine):
                found.setdefault(line.place, line)
            else:
                yield line
    except SourceError as error:
        yield SkippedCapture(None, archive.base, error.code, error.message)
    digests = {line.digest for line in found.values() if line.status == "200"}
    times = {line.at for line in found.values()}
    for line in found.values():
        where, is_again = f"{archive.base}/web/{line.place}", line.media_type == "warc/revisit"
        if line.status == "200" or (is_again and line.digest in digests):
            answer = partial(_answer, archive, source, first.said(), line, times)
            yield OfferedCapture(line.at, where, answer, alone=False)
        elif is_again:
            yield SkippedCapture(line.at, where, "revisit", "the same as another capture, which the archive lacks")
        else:
            reason = "redirect" if line.status.startswith("3") else f"http_{line.status}"
            yield SkippedCapture(line.at, where, reason, f"the site answered {line.status} then")


def _answer(
    archive: WebArchive, source: Source, first: str, line: IndexLine, times: Collection[datetime], get: Get
) -> Page:
    """What answers a request of a capture: what is nearest to its time, if it is near. Raises FetchError."""
    is_first = get.said() == first
    place = line.place if is_first else f"{line.at:{_STAMP}}id_/{archive.told(_address_of(source, get))}"
    page = archive.memento(f"{archive.base}/web/{place}", largest_page(source))
    told = f"the archive answered with its capture of {page.fetched:%Y-%m-%d %H:%M:%S}"
    if is_first and page.fetched != line.at and page.fetched in times:
        raise FetchError(f"{told}, which is offered, too", code="duplicate")
    if abs(page.fetched - line.at) > NEAR:
        raise FetchError(f"{told}, more than a day away", code="other_time")
    return replace(page, get=get, url=get.url, encoding=source.encoding)


def _address_of(source: Source, get: Get) -> str:
    """The address of a request, by which an archive knows the answer. Raises FetchError."""
    if not get.conditional or source.dated:
        raise FetchError("an archive has only what one unchanged address answers: `--wayback URL`", code="not_archived")
    url = read_address(get.url)[0]
    return str(url.copy_merge_params(dict(get.query)) if get.query else url)


def _read_line(line: str) -> IndexLine | SkippedCapture:
    found = _LINE.fullmatch(line)
    if found and (at := _read_time(found[1], _STAMP)):
        return IndexLine(at, f"{found[1]}id_/{found[2]}", *found.groups()[2:])
    return SkippedCapture(None, line[:200], "bad_line", "a line of the archive's index that names no capture")


def _read_time(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError:
        return None
