"""A server that sends the exact bytes of a test over kept connections, and host names that lead to it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest

from sources import Page
from sources.http.guard import Guard, Private, look_up_name
from sources.options import HttpOptions
from tests.conftest import ByHttpcore, LoopFetcher, fetch
from tests.torture.wire import dialling

PAUSE = 0.002  # seconds between two pieces, so that each arrives alone


class Heard(NamedTuple):
    """A request, and the number of its connection."""

    line: str
    connection: int
    body: bytes


class Talker:
    """Answers each request with what `answer(heard)` returns: bytes, pieces sent one by one, or None to close."""

    def __init__(self, answer: Callable[[Heard], bytes | Iterable[bytes] | None]) -> None:
        self.heard: list[Heard] = []
        self.connections: list[socket.socket] = []
        self.ended = 0  # connections that the other end closed
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=400)
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def requests(self) -> list[str]:
        return [heard.line for heard in self.heard]

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}{path}"

    def close(self) -> None:
        for each in [self._listener, *self.connections]:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        for thread in self._threads:
            thread.join(60)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connections.append(connection)
                self._threads.append(threading.Thread(target=self._serve, args=(connection,), daemon=True))
                self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        number, received = len(self.connections), b""
        with suppress(OSError), connection:
            while True:
                while b"\r\n\r\n" not in received:
                    if not (piece := connection.recv(65536)):
                        self.ended += 1
                        return
                    received += piece
                head, _, received = received.partition(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
                while len(received) < length:
                    received += connection.recv(65536)
                body, received = received[:length], received[length:]
                heard = Heard(head.split(b" HTTP/")[0].decode("latin-1"), number, body)
                self.heard.append(heard)
                said = self._answer(heard)
                if said is None:
                    return
                for each in [said] if isinstance(said, bytes) else said:
                    connection.sendall(each)
                    time.sleep(0 if isinstance(said, bytes) else PAUSE)


@pytest.fixture
def talker() -> Iterator[Callable[..., Talker]]:
    """Makes servers, from a function or from the bytes of every answer."""
    with ExitStack() as stack:
        yield lambda answer: stack.enter_context(closing(Talker(answer if callable(answer) else lambda heard: answer)))


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for an event in another thread."""
    ends = time.monotonic() + seconds
    while not true():
        if time.monotonic() > ends:
            raise TimeoutError("it never came to be")
        time.sleep(0.005)


class World(NamedTuple):
    """A fetcher with a fake resolver; `dialled` records the addresses of its connections."""

    fetch: Callable[..., Page]
    dialled: list[tuple[str, int]]
    fetcher: LoopFetcher


@pytest.fixture(params=["aiohttp", "httpcore"])
def world(request: pytest.FixtureRequest, site: Any) -> Iterator[Callable[..., World]]:
    """1.1.1.1 leads to the site; no other address can be reached, not even loopback.

    A name's addresses are given for each look-up, separated by spaces. A dot in a name is written as _.
    """
    kind = LoopFetcher if request.param == "aiohttp" else ByHttpcore
    with ExitStack() as stack:
        dialled = stack.enter_context(dialling({"1.1.1.1": site.port}, loopback=False))

        def make(private: Private = "refuse", look_up: Any = None, **names: list[str]) -> World:
            known = {name.replace("_", "."): iter(found) for name, found in names.items()}

            def look_up_known(host: str, port: int) -> list[str]:
                return next(known[host]).split() if host in known else look_up_name(host, port)

            guard = Guard(private, look_up=look_up or look_up_known)
            fetcher = stack.enter_context(closing(kind(HttpOptions(), clock=lambda: datetime.now(UTC), guard=guard)))
            return World(lambda get, **given: fetch(fetcher, get, **given), dialled, fetcher)

        yield make
