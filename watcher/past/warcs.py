"""The past in WARC files, as crawlers and archives write them, in WACZ files and other zips of such, and in folders.

A first pass keeps where each answer lies, and no body; a body is read when it is asked for. Of a file that breaks off,
what comes before counts.

A capture is a record of the source's first request; two of the same second are two: `FILE, record ID`. Addresses are
the same whatever their scheme, default port, last slash and fragment; a request with a body needs its request record.
A further page, and what a redirect leads to, is the record nearest in time: within a day, and not nearer to another
capture, whose page it is then.
"""

import io
import zlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, redirect_stderr, suppress
from datetime import datetime, timedelta
from functools import partial
from gzip import GzipFile
from hashlib import sha256
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile, ZipFile

from warcio.bufferedreaders import ChunkedDataReader, DecompressingBufferedReader
from warcio.limitreader import LimitReader
from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

from sources import FetchError, Get, Page, Source
from sources.errors import BadRedirect, BadResponse
from sources.formats.dates import read_date
from sources.formats.unpack import glimpse, too_large, unpack
from sources.http.exchange import Answer, encode, join_headers, read_address, refusal, same_in_archives, shown
from sources.http.session import SMALL
from sources.options import largest_page
from sources.reading.engine import first_request
from watcher.errors import UsageError
from watcher.past.offers import Offer, OfferedCapture, SkippedCapture

_NEAR = timedelta(days=1)
_MOST_HOPS = 10
_MOST_LINES = 3_000_000  # between the records of a file, and of two empty ones after each
_LONGEST_HEAD = 1_000_000  # bytes of a record's headers with those of its HTTP; also of a request's body
_PIECE = 1 << 14
_WARC_PARSER = StatusAndHeadersParser(["WARC/1.0", "WARC/1.1", "WARC/0.17", "WARC/0.18"])
_HTTP_PARSER = StatusAndHeadersParser([], verify=False)
_ENDINGS = (".warc", ".warc.gz", ".wacz")
_BROKEN = (OSError, EOFError, ValueError, RuntimeError, zlib.error, BadZipFile, StatusAndHeadersParserException)


def offer_warcs(source: Source, paths: Iterable[Path], until: ExitStack) -> Iterator[Offer]:
    """The records of the source's first request, which can be read until `until` is closed. Raises UsageError where no
    file can be read, or none is a WARC.
    """
    shelf = _Shelf(source, until)
    for path in paths:
        for file in sorted(each for each in path.glob("*") if each.name.endswith(_ENDINGS)) or [path]:
            shelf.add_file(file)
    return shelf.offer()


class _Located(NamedTuple):
    """Where an answer lies: its place, by number, and the offset there. `request` is the id of that record."""

    at: datetime
    place: int
    offset: int
    id: str
    request: str


class _Place(NamedTuple):
    """A file, the one in it if it is a zip, else "", and how many times that is packed as a whole."""

    file: Path
    inside: str = ""
    layers: int = 0

    @property
    def name(self) -> str:
        return f"{self.file.name}/{self.inside}" if self.inside else self.file.name


class _RecordHead(NamedTuple):
    """The headers of a record and of the HTTP in it, as warcio parses them. `size` bytes follow, it has `length`."""

    warc: Any
    http: Any
    size: int
    length: int

    def told(self, name: str) -> str:
        return str(self.warc.get_header(f"WARC-{name}", "")).strip("<>")

    def answer(self) -> Answer:
        """It as an answer, without the body. Raises FetchError where it is of no web page."""
        fields = self.http.headers if self.http else [("Content-Type", self.warc.get_header("Content-Type", ""))]
        headers = join_headers((name.encode(), value.encode()) for name, value in fields if name.isascii())
        code = self.http.get_statuscode() if self.http else "200"
        return Answer(read_address(self.told("Target-URI"))[0], int(code) if code.isdecimal() else 0, headers)


class _Shelf:
    """The records of all files, and what is wrong with some."""

    def __init__(self, source: Source, until: ExitStack) -> None:
        self._source, self._first = source, _asked(first_request(source))
        self._places = list[_Place]()
        self._opened: tuple[int, Any] = (-1, None)  # the number of the one that is open
        self._closing = until.enter_context(ExitStack())
        self._answers = defaultdict[str, list[_Located]](list)  # by address, and then by what was asked for
        self._bodies = dict[str, _Located]()  # by the digest of the payload
        self._others = dict[str, str]()  # what is no plain GET, by the ids of the request and of its answer
        self._skipped = list[SkippedCapture]()
        self._count = self._room = 0

    def add_file(self, file: Path) -> None:
        """Keep where the records lie in a file, or in those in it if it is a zip."""
        try:
            self._room = 1_000_000_000 + 100 * file.stat().st_size  # bytes that it may unpack to
            places = [_Place(file)]
            with file.open("rb") as stream:
                if stream.read(4) == b"PK\x03\x04":
                    places = [_Place(file, each) for each in ZipFile(stream).namelist() if each.endswith(_ENDINGS)]
            if not places:
                raise BadZipFile("there is no WARC file in it")
            with redirect_stderr(io.StringIO()):  # warcio prints what is damaged: what is missing is seen here
                for place in places:
                    self._add_records(place)
        except _BROKEN as error:
            self._skip(file.name, "unreadable_file", error)

    def _open(self, number: int) -> Any:
        """The content of a place. Only one is open, as there may be thousands. Raises one of _BROKEN."""
        if number != self._opened[0]:
            self._closing.close()
            place, self._opened = self._places[number], (-1, None)
            stream: Any = self._closing.enter_context(place.file.open("rb"))
            if place.inside:
                stream = self._closing.enter_context(ZipFile(stream)).open(place.inside)
            for _ in range(place.layers):
                stream = _Unpacked(fileobj=stream, mode="rb")
            self._opened = number, stream
        return self._opened[1]

    def _add_records(self, place: _Place, begin: int = 0) -> None:
        """Keep where the records lie in a place, from there on: it is plain, or has a gzip member for each record, or
        is packed once more, as a whole.
        """
        self._places.append(place)
        offset, passed, is_first = begin, begin, True
        try:
            stream = self._open(len(self._places) - 1)
            stream.seek(begin)
            reader = DecompressingBufferedReader(stream)
            for _ in range(_MOST_LINES):
                if not (line := reader.readline(_PIECE)):
                    offset, is_first = stream.tell() - reader.rem_length(), True
                    if not reader.read_next_member():
                        break
                elif not line.strip():
                    passed += len(line)
                elif place.layers < 2 and reader.decompressor and (line.startswith(b"\x1f\x8b") or not is_first):
                    self._add_records(place._replace(layers=place.layers + 1), passed)
                    return
                else:
                    head = _read_head(reader, line)
                    self._add_record(reader, offset if reader.decompressor else passed, head)
                    passed, is_first = passed + head.length, False
            else:
                raise ValueError("no more records are read of one file")
            if not passed or (reader.decompressor and not reader.decompressor.eof):
                raise EOFError("it breaks off" if passed else "it is empty")
        except _BROKEN as error:
            self._skip(f"{place.name}, byte {passed}", "truncated" if passed else "bad_document", error)

    def _add_record(self, reader: Any, offset: int, head: _RecordHead) -> None:
        self._count, self._room = self._count + 1, self._room - head.length
        if self._room < 0:
            raise ValueError("what follows would unpack to far too much")
        kind = head.told("Type")
        content = reader.read(min(head.size, _LONGEST_HEAD)) if kind == "request" else b""
        rest = head.size - len(content)
        while rest:
            if not (piece := reader.read(min(rest, _PIECE))):
                raise EOFError("a record breaks off")
            rest -= len(piece)
        if kind == "request" and (other := _other(head.http.protocol if head.http else "GET", content)):
            self._others |= dict.fromkeys(filter(None, map(head.told, ("Record-ID", "Concurrent-To"))), other)
        elif kind in {"response", "resource", "revisit"}:
            with suppress(FetchError):  # it is of no web page, such as dns:example.org
                self._add_answer(offset, head, head.answer())

    def _add_answer(self, offset: int, head: _RecordHead, answer: Answer) -> None:
        address, at = same_in_archives(answer.url), read_date(head.told("Date"))
        if answer.redirects and same_in_archives(answer.url, answer.headers["location"]) == address:
            return  # from http to https: what follows is the capture
        if at:
            found = _Located(at, len(self._places) - 1, offset, head.told("Record-ID"), head.told("Concurrent-To"))
            self._answers[address].append(found)
            if head.told("Type") != "revisit" and (digest := head.told("Payload-Digest")):
                self._bodies.setdefault(digest, found)
        elif address == self._first:
            self._skip(f"{self._places[-1].name}, byte {offset}", "undated", ValueError("its WARC-Date is no time"))

    def _skip(self, where: str, reason: str, why: Exception) -> None:
        words = "what stands there is no WARC record" if isinstance(why, StatusAndHeadersParserException) else str(why)
        words = (isinstance(why, OSError) and why.strerror) or words
        self._skipped.append(SkippedCapture(None, where, reason, " ".join(words.split())[:200]))

    def offer(self) -> Iterator[Offer]:
        """The captures. Raises UsageError where there is no record at all."""
        if not self._count:
            raise UsageError(f"no WARC file can be read: {self._skipped[0].where}: {self._skipped[0].message}")
        by_address, self._answers = self._answers, defaultdict(list)
        for address, found in by_address.items():
            for each in sorted(found):
                other = self._others.get(each.id) or self._others.get(each.request, "")
                self._answers[address + other].append(each)
        yield from self._skipped
        for each in self._answers[self._first]:
            where = f"{self._places[each.place].name}, record {each.id.removeprefix('urn:uuid:') or each.offset}"
            yield OfferedCapture(each.at, where, partial(self._answer, each), alone=False)
        if not self._answers[self._first]:
            names = ", ".join(dict.fromkeys(place.name for place in self._places))[:200]
            yield SkippedCapture(None, names, "not_captured", "there is no record of the source's first request")

    def _answer(self, capture: _Located, get: Get) -> Page:
        """The page that answers a request of a capture. Raises FetchError."""
        asked, source = _asked(get), self._source
        found = capture if asked == self._first else self._find(asked, capture)
        for _ in range(_MOST_HOPS):
            answer = self._receive(found, largest_page(source))
            if not answer.redirects:
                break
            found = self._find(same_in_archives(answer.url, answer.headers["location"]), capture)
        else:
            raise BadRedirect(f"more than {_MOST_HOPS} redirects, the last one from {shown(answer.url)}")
        if not 200 <= answer.status < 300:
            raise refusal(answer, get.url)
        given = (answer.status, answer.headers, answer.content, capture.at, source.encoding)
        return Page(get, str(answer.url), *given, gzip=answer.gzip)

    def _find(self, asked: str, capture: _Located) -> _Located:
        """The answer to a further request of a capture. Raises FetchError."""
        found = _nearest(self._answers.get(asked, ()), capture.at)
        owner = found and _nearest(self._answers[self._first], found.at)
        if found and owner and abs(owner.at - found.at) == abs(capture.at - found.at) <= _NEAR:
            return found
        raise FetchError(f"there is no record of {asked.partition('?')[0]} near that time", code="not_captured")

    def _receive(self, found: _Located, most: int) -> Answer:
        """What lies there, unpacked; of an error the beginning. Raises FetchError."""
        try:
            stream = self._open(found.place)
            stream.seek(found.offset)
            reader = DecompressingBufferedReader(stream)
            head = _read_head(reader, reader.readline(_PIECE))
            answer = head.answer()
            where, packing = shown(answer.url), answer.headers.get("content-encoding", "")
            if head.told("Type") == "revisit" and answer.status in {200, 304}:
                if original := self._bodies.get(head.told("Payload-Digest")):
                    return self._receive(original, most)._replace(url=answer.url)
                raise FetchError(f"the content of {where} is in none of the files", code="not_captured")
            if not 200 <= answer.status < 300:
                return answer._replace(content=glimpse(reader.read(min(head.size, SMALL)), packing, SMALL))
            if answer.status == 206 or head.told("Truncated") or head.told("Segment-Number"):
                raise BadResponse(f"only a part of {where} was kept", code="truncated")
            if head.size > most:
                raise too_large(most, where)
            body = reader.read(head.size)
        except _BROKEN as error:
            raise BadResponse(f"the record cannot be read: {error}") from None
        if "chunked" in answer.headers.get("transfer-encoding", "").lower():
            body = ChunkedDataReader(io.BytesIO(body)).read()
        if not body.startswith(b"\x1f\x8b") and "gzip" in packing:
            packing = ""  # many archives keep it unpacked, with the header
        unpacked, gzip = unpack(body, packing, most, where)
        return answer._replace(content=unpacked, gzip=gzip)


def _nearest(found: Sequence[_Located], at: datetime) -> _Located | None:
    place = bisect_left(found, at, key=attrgetter("at"))
    return min(found[max(place - 1, 0) : place + 1], key=lambda each: abs(each.at - at), default=None)


def _asked(get: Get) -> str:
    """What a request asks for, as one string. Raises FetchError."""
    request = encode(get)
    return same_in_archives(request.url) + _other(request.method, request.content)


def _other(method: str, content: bytes) -> str:
    """What a request is, if no plain GET."""
    return f" {method} {sha256(content).hexdigest()}" if content or method != "GET" else ""


def _read_head(reader: Any, line: bytes) -> _RecordHead:
    """The head of a record that begins with this line; its body is read next. Raises one of _BROKEN."""
    room = LimitReader(reader, _LONGEST_HEAD)
    warc, http = _WARC_PARSER.parse(room, line), None
    length = int(warc.get_header("Content-Length", -1))
    if length < 0:
        raise ValueError("a record does not say its length")
    within = LimitReader(room, length)
    begin = len(line) + room.tell()
    if length and warc.get_header("WARC-Type") in {"request", "response", "revisit"}:
        http = _HTTP_PARSER.parse(within)
    if not room.limit:
        raise ValueError(f"the headers of a record have more than {_LONGEST_HEAD:,} bytes")
    return _RecordHead(warc, http, within.limit, begin + length)


class _Unpacked(GzipFile):
    """What is packed as a whole, to the last byte where it breaks off."""

    def read(self, size: int | None = -1) -> bytes:
        return self.read1(size or -1)
