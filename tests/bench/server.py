"""The bench's web server, a process of its own: `python -m tests.bench.server`.

    /page/7    a page with an ETag, asked conditionally          /plain/7   the same without validators
    /noise/7   a page whose counter changes each time            /-/...     what the bench asks of the server itself

It prints its ports as JSON, and serves until its standard input closes. Answers are rendered and packed once, so that
one costs it about a tenth of a millisecond; `/-/usage` tells what it has used.
"""

from __future__ import annotations

import asyncio
import gc
import gzip
import json
import resource
import sys
import zlib
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple, cast
from urllib.parse import parse_qsl, urlsplit

from tests.bench import documents

_GZIP = 31  # zlib's window bits that mean gzip
_LEVEL = 6


class Answer(NamedTuple):
    """A document, ready to be sent: as it is, packed, and the 304 that stands for it."""

    tag: bytes
    plain: bytes
    packed: bytes
    same: bytes


def head(status: str, length: int | None, *more: str) -> bytes:
    size = () if length is None else (f"Content-Length: {length}",)
    return "\r\n".join(
        (f"HTTP/1.1 {status}", "Server: bench", "Cache-Control: no-cache", *size, *more, "", "")
    ).encode()


def rendered(body: bytes, kind: str, tag: str = "") -> Answer:
    packed = gzip.compress(body, _LEVEL)
    about = (f"Content-Type: {kind}", "Vary: Accept-Encoding", *([f"ETag: {tag}"] if tag else []))
    return Answer(
        tag.encode(),
        head("200 OK", len(body), *about) + body,
        head("200 OK", len(packed), *about, "Content-Encoding: gzip") + packed,
        head("304 Not Modified", None, f"ETag: {tag}"),
    )


HTML = "text/html; charset=utf-8"


class Shelf:
    """The documents, each in its version."""

    def __init__(self) -> None:
        self.versions: Counter[tuple[str, str]] = Counter()
        self.visits = 0
        self.families: dict[str, Callable[[str], Answer]] = {
            "page": lambda name: _page(int(name) % documents.DIFFERENT, self.versions["page", name], tagged=True),
            "plain": lambda name: _page(int(name) % documents.DIFFERENT, self.versions["plain", name], tagged=False),
            "noise": self._noise,
        }

    def answer(self, target: str) -> Answer | None:
        _, family, name = target.split("/", 2)
        make = self.families.get(family)
        return make(name) if make else None

    def bump(self, family: str, count: int, of: int) -> None:
        """Change `count` documents of a family, evenly among the first `of`."""
        for number in range(0, of, max(1, of // count))[:count]:
            self.versions[family, str(number)] += 1
        self.warm(family, of)

    def warm(self, family: str, of: int) -> None:
        """Render them now, so that nobody waits for it later."""
        for number in range(of):
            self.families[family](str(number))
        gc.collect()
        gc.freeze()

    def _noise(self, name: str) -> Answer:
        self.visits += 1
        return _counted(int(name) % documents.DIFFERENT, self.visits)


@lru_cache(None)
def _page(seed: int, version: int, *, tagged: bool) -> Answer:
    body = documents.page(seed, version) + documents.footer()
    return rendered(body, HTML, f'"p{seed}-{version}"' if tagged else "")


@lru_cache(None)
def _half_packed(seed: int) -> tuple[bytes, Any, bytes]:
    """A page without its footer: as it is, the compressor that has taken it in, and what came out of that so far."""
    body, packer = documents.page(seed, 0), zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    return body, packer, packer.compress(body)


def _counted(seed: int, visits: int) -> Answer:
    body, packer, start = _half_packed(seed)
    end, packer = documents.footer(visits), packer.copy()
    packed = start + packer.compress(end) + packer.flush()
    return Answer(
        b"",
        head("200 OK", len(body) + len(end), f"Content-Type: {HTML}") + body + end,
        head("200 OK", len(packed), f"Content-Type: {HTML}", "Content-Encoding: gzip") + packed,
        b"",
    )


class Desk:
    """What the connections share: the documents, the counts, the control path."""

    def __init__(self) -> None:
        self.shelf = Shelf()
        self.counts: Counter[str] = Counter()

    def control(self, target: str) -> Any:
        where = urlsplit(target)
        asked = dict(parse_qsl(where.query))
        match where.path:
            case "/-/warm":
                return self.shelf.warm(asked["family"], int(asked["of"]))
            case "/-/bump":
                return self.shelf.bump(asked["family"], int(asked["count"]), int(asked["of"]))
            case "/-/usage":
                used = resource.getrusage(resource.RUSAGE_SELF)
                return {"cpu": used.ru_utime + used.ru_stime, "counts": self.counts}
        return f"there is no {where.path}"


class Exchange(asyncio.Protocol):
    """One connection."""

    def __init__(self, desk: Desk, *, closing: bool = False) -> None:
        self.desk, self.closing, self.rest = desk, closing, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.desk.counts["connections"] += 1

    def data_received(self, data: bytes) -> None:
        self.rest += data
        while (end := self.rest.find(b"\r\n\r\n")) >= 0:
            asked, self.rest = self.rest[: end + 2], self.rest[end + 4 :]
            self.reply(asked)

    def reply(self, asked: bytes) -> None:
        target = asked.split(b" ", 2)[1].decode()
        if target.startswith("/-/"):
            body = json.dumps(self.desk.control(target)).encode()
            self.transport.write(head("200 OK", len(body), "Content-Type: application/json") + body)
            return
        self.send(*self.chosen(asked, self.desk.shelf.answer(target)))

    def chosen(self, asked: bytes, answer: Answer | None) -> tuple[str, bytes]:
        if answer is None:
            return "404", head("404 Not Found", 0)
        if answer.tag and answer.tag in _tags(asked):
            return "304", answer.same
        return "200", answer.packed if b"gzip" in asked else answer.plain

    def send(self, status: str, answer: bytes) -> None:
        self.desk.counts[status] += 1
        self.transport.write(answer)
        if self.closing:
            self.transport.close()


def _tags(asked: bytes) -> bytes:
    """The request's If-None-Match, or nothing."""
    at = asked.lower().find(b"\r\nif-none-match:")
    return asked[at + 16 : asked.index(b"\r\n", at + 2)] if at >= 0 else b""


async def serve() -> None:
    desk, loop = Desk(), asyncio.get_running_loop()
    plain = await loop.create_server(lambda: Exchange(desk), "127.0.0.1", 0, backlog=1_000)
    print(json.dumps({"http": plain.sockets[0].getsockname()[1]}), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve())
