"""The bench's web server, a process of its own: `python -m tests.bench.server FOLDER [--certificate FILE] [--slow HOSTS]`.

    /page/7          a page with an ETag, asked conditionally        /feed/7    a feed, the same way
    /plain/7         the page without validators                     /csv/1000  a register of 1,000 rows; html, ...
    /noise/7         the page with a counter that changes each time  /-/...     what the bench asks of the server itself
    /moving/7        as /page/7, for the workload `changed` to bump; /kept/7 for `evidence`

It prints its ports as JSON, and serves until its standard input closes. Answers are rendered and packed once, so that
one costs it some 0.03 ms; `/-/usage` tells what it has used. Registers are files in FOLDER, and are sent from there. The `closing` ports close the connection after each
answer. A slow host, an address of its own, answers after 50 to 800 ms, three in a hundred never, from when it is told
`/-/slow`; from then on the ledger says when each document was asked for there, and when it was answered.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import gzip
import json
import resource
import ssl
import sys
import time
import zlib
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple, cast
from urllib.parse import parse_qsl, urlsplit

from tests.bench import documents
from tests.bench.documents import FORMS, HTML
from tests.bench.registers import RegisterFiles

LATEST = 10_000  # answers of each document whose times are kept

_GZIP = 31  # zlib's window bits that mean gzip
_LEVEL = 6


class Answer(NamedTuple):
    """A document, ready to be sent: its tag, as it is, packed, and the 304 that stands for it.

    Of what is in files, as it is and packed, there are only the heads.
    """

    tag: bytes
    plain: bytes
    packed: bytes
    same: bytes
    files: tuple[Path | None, Path | None] = (None, None)

    def sizes(self) -> list[int]:
        """Bytes of the document as it is and packed."""
        return [
            len(sent.partition(b"\r\n\r\n")[2]) + (file.stat().st_size if file else 0)
            for sent, file in zip((self.plain, self.packed), self.files, strict=True)
        ]


def slow_address(number: int) -> str:
    """The address of a slow host."""
    return f"127.1.{number // 250}.{number % 250 + 1}"


def slow_seconds(number: int) -> float | None:
    """How long a slow host takes to answer; None when it never does."""
    return None if number % 100 < 3 else 0.05 + 0.75 * (number * 7_919 % 1_000) / 1_000


def head(status: str, length: int | None, *more: str) -> bytes:
    size = [] if length is None else [f"Content-Length: {length}"]
    return "\r\n".join(
        [f"HTTP/1.1 {status}", "Server: bench", "Cache-Control: no-cache", *size, *more, "", ""]
    ).encode()


def rendered(body: bytes, kind: str, tag: str = "") -> Answer:
    packed = gzip.compress(body, _LEVEL)
    heads = _heads(kind, tag, len(body), len(packed))
    return heads._replace(plain=heads.plain + body, packed=heads.packed + packed)


def _heads(kind: str, tag: str, size: int, packed: int) -> Answer:
    about = [f"Content-Type: {kind}", "Vary: Accept-Encoding", *([f"ETag: {tag}"] if tag else [])]
    return Answer(
        tag.encode(),
        head("200 OK", size, *about),
        head("200 OK", packed, *about, "Content-Encoding: gzip"),
        head("304 Not Modified", None, f"ETag: {tag}"),
    )


@lru_cache(None)
def page(seed: int, version: int, *, tagged: bool) -> Answer:
    body = documents.page(seed, version) + documents.footer()
    return rendered(body, HTML, f'"p{seed}-{version}"' if tagged else "")


@lru_cache(None)
def feed(seed: int, version: int) -> Answer:
    return rendered(documents.feed(seed, version), "application/rss+xml", f'"f{seed}-{version}"')


@lru_cache(None)
def half_packed(seed: int) -> tuple[bytes, Any, bytes]:
    """A page without its footer: as it is, the compressor that has taken it in, and what came out of that so far."""
    body, packer = documents.page(seed, 0), zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    return body, packer, packer.compress(body)


def counted(seed: int, visits: int) -> Answer:
    """The page with this counter: only its end is packed anew."""
    body, packer, start = half_packed(seed)
    end, packer = documents.footer(visits), packer.copy()
    packed = start + packer.compress(end) + packer.flush()
    kind = f"Content-Type: {HTML}"
    return Answer(
        b"",
        head("200 OK", len(body) + len(end), kind) + body + end,
        head("200 OK", len(packed), kind, "Content-Encoding: gzip") + packed,
        b"",
    )


class Shelf:
    """The documents, each in its version."""

    def __init__(self, folder: Path) -> None:
        self.registers = RegisterFiles(folder)
        self.versions: Counter[tuple[str, int]] = Counter()
        self.visits = 0
        self.families: dict[str, Callable[[int, int], Answer]] = {
            "page": lambda number, version: page(number % documents.DIFFERENT, version, tagged=True),
            "moving": lambda number, version: page(number % documents.DIFFERENT, version, tagged=True),
            "kept": lambda number, version: page(number % documents.DIFFERENT, version, tagged=True),
            "plain": lambda number, version: page(number % documents.DIFFERENT, version, tagged=False),
            "noise": self._noise,
            "feed": lambda number, version: feed(number % documents.DIFFERENT, version),
            **{form: partial(self._register, form) for form in FORMS},
        }

    def answer(self, target: str) -> Answer | None:
        _, family, name = target.split("/", 2)
        make = self.families.get(family)
        return make(int(name), self.versions[family, int(name)]) if make else None

    def bump(self, family: str, numbers: range) -> None:
        """Change these documents of a family, and render them, so that nobody waits for that later."""
        for number in numbers:
            self.versions[family, number] += 1
        self.warm(family, numbers)

    def warm(self, family: str, numbers: range) -> None:
        """Render them now."""
        for number in numbers:
            self.families[family](number, self.versions[family, number])
        gc.collect()
        gc.freeze()

    def _register(self, form: str, count: int, version: int) -> Answer:
        written = self.registers.version(form, count, version)
        files = written.plain, written.packed
        return _heads(FORMS[form].kind, written.tag, *(file.stat().st_size for file in files))._replace(files=files)

    def _noise(self, number: int, _version: int) -> Answer:
        self.visits += 1
        return counted(number % documents.DIFFERENT, self.visits)


class Desk:
    """What the connections share: the documents, the counts, the ledger, and the control path."""

    def __init__(self, folder: Path) -> None:
        self.shelf = Shelf(folder)
        self.counts: Counter[str] = Counter()
        self.times: dict[str, deque[float]] = defaultdict(
            lambda: deque(maxlen=LATEST)
        )  # of its answers, by what was asked
        self.slow = False
        self.ledger: list[tuple[str, float, float]] = []  # what, asked for when, answered when

    def control(self, target: str) -> Any:
        where = urlsplit(target)
        asked = dict(parse_qsl(where.query))
        match where.path:
            case "/-/warm" | "/-/bump":
                do = self.shelf.bump if where.path == "/-/bump" else self.shelf.warm
                return do(asked["family"], range(int(asked["first"]), int(asked["end"]), int(asked.get("step", 1))))
            case "/-/size":
                answer = self.shelf.answer(f"/{asked['family']}/{asked['number']}")
                return answer and answer.sizes()
            case "/-/files":
                return self.shelf.registers.files(asked["family"], int(asked["number"]))
            case "/-/usage":
                used = resource.getrusage(resource.RUSAGE_SELF)
                return {"cpu": used.ru_utime + used.ru_stime, "counts": self.counts}
            case "/-/slow":
                self.slow = True
                return None
            case "/-/times" | "/-/ledger":
                return [*self.times[asked["target"]]] if asked else self.ledger
        raise LookupError(f"there is no {where.path}")


class Exchange(asyncio.Protocol):
    """One connection."""

    def __init__(self, desk: Desk, *, closing: bool = False) -> None:
        self.desk, self.closing, self.rest = desk, closing, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.desk.counts["connections"] += 1
        secure = transport.get_extra_info("ssl_object")
        self.desk.counts["resumed"] += bool(secure and secure.session_reused)

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
        else:
            self.send(target, *chosen(asked, self.desk.shelf.answer(target)))

    def send(self, target: str, status: str, answer: bytes, file: Path | None = None) -> None:
        self.desk.counts[status] += 1
        self.desk.times[target].append(time.time())
        if file:
            self.transport.write(answer)
            self.sending = asyncio.create_task(self.send_file(file))
        elif self.closing:
            self.transport.write(answer.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
            self.transport.close()
        else:
            self.transport.write(answer)

    async def send_file(self, file: Path) -> None:
        """It is read as fast as it is taken; who goes away midway wants no more of it."""
        with file.open("rb") as body, suppress(ConnectionError, RuntimeError):
            await asyncio.get_running_loop().sendfile(self.transport, body)


class SlowExchange(Exchange):
    """One connection to a host that takes its time."""

    def __init__(self, desk: Desk, seconds: float | None) -> None:
        super().__init__(desk)
        self.seconds = seconds

    def send(self, target: str, status: str, answer: bytes, file: Path | None = None) -> None:
        if not self.desk.slow:
            super().send(target, status, answer, file)
        elif self.seconds is not None:
            asyncio.get_running_loop().call_later(self.seconds, self.late, time.time(), target, status, answer)

    def late(self, asked: float, target: str, status: str, answer: bytes) -> None:
        super().send(target, status, answer)
        self.desk.ledger.append((target, asked, time.time()))


def chosen(asked: bytes, answer: Answer | None) -> tuple[str, bytes, Path | None]:
    """The status, and what is sent, with the file that follows it."""
    if answer is None:
        return "404", head("404 Not Found", 0), None
    if answer.tag and answer.tag in tags(asked):
        return "304", answer.same, None
    plain, packed = answer.files
    return ("200", answer.packed, packed) if b"gzip" in asked else ("200", answer.plain, plain)


def tags(asked: bytes) -> bytes:
    """The request's If-None-Match, or nothing."""
    at = asked.lower().find(b"\r\nif-none-match:")
    return asked[at + 16 : asked.index(b"\r\n", at + 2)] if at >= 0 else b""


async def serve(folder: Path, certificate: Path | None, slow: int) -> None:
    desk, loop = Desk(folder), asyncio.get_running_loop()

    async def listen(make: Callable[[], Exchange], host: str = "127.0.0.1", port: int = 0, **how: Any) -> int:
        server = await loop.create_server(make, host, port, backlog=1_000, **how)
        return int(server.sockets[0].getsockname()[1])

    ports = {"http": await listen(partial(Exchange, desk))}
    if certificate:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificate)
        ports["https"] = await listen(partial(Exchange, desk), ssl=tls)
        ports["https closing"] = await listen(partial(Exchange, desk, closing=True), ssl=tls)
    for number in range(slow):
        make = partial(SlowExchange, desk, slow_seconds(number))
        ports["slow"] = await listen(make, slow_address(number), ports.get("slow", 0))
    print(json.dumps(ports), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where it writes the registers")
    parser.add_argument("--certificate", type=Path, help="PEM file with a key: also serve by TLS")
    parser.add_argument("--slow", type=int, default=0, help="so many slow hosts")
    asked = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(serve(asked.folder, asked.certificate, asked.slow))


if __name__ == "__main__":
    main()
