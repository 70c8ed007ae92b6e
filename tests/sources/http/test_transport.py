"""Responses are the same in any segmentation, and a kept connection yields only what was requested."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources import BadResponse, FetchError, Get, HttpStatus, Page, Source, Unreachable
from sources.http.exchange import Validators
from sources.http.transport import KeptConnections
from tests.conftest import LoopFetcher, fetch
from tests.growth import growth
from tests.sources.http.conftest import Heard, Talker, until

Ask = Callable[..., Page]
NewTalker = Callable[..., Talker]

PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 12\r\n\r\nHello, world"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHello\r\n7\r\n, world\r\n0\r\n\r\n"
UNTIL_THE_END = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nHello, world"
NOT_MODIFIED = b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'
EVIL = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\nevil"
NOTHING = b"HTTP/1.1 204 No Content\r\n\r\n"

by_aiohttp = pytest.mark.parametrize("fetcher", ["aiohttp"], indirect=True)
both_methods = pytest.mark.parametrize("method", ["GET", "POST"])


@pytest.mark.parametrize("answer", [PLAIN, CHUNKED, UNTIL_THE_END], ids=["length", "chunked", "until the end"])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_answer_is_the_same_however_it_is_cut(
    talker: NewTalker, ask: Ask, answer: bytes, data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(answer) - 1), max_size=4)))
    pieces = [answer[start:stop] for start, stop in pairwise([0, *cuts, len(answer)])]
    server = talker(lambda heard: pieces)
    if answer is UNTIL_THE_END:
        server = talker(ending(pieces))
    page = ask(server.url())
    server.close()
    assert (page.status, page.body) == (200, b"Hello, world")


def ending(pieces: list[bytes]) -> Callable[[Heard], Any]:
    """Says them and hangs up."""

    def answer(heard: Heard) -> Any:
        yield from pieces
        raise OSError

    return answer


@pytest.mark.parametrize("answer", [PLAIN, CHUNKED])
def test_an_answer_may_come_byte_by_byte(talker: NewTalker, ask: Ask, answer: bytes) -> None:
    server = talker(lambda heard: [bytes([each]) for each in answer])
    assert ask(server.url()).body == b"Hello, world"


@by_aiohttp
@pytest.mark.parametrize("answer", [PLAIN, CHUNKED])
def test_headers_that_come_alone_are_no_end(talker: NewTalker, ask: Ask, answer: bytes) -> None:
    head = answer.index(b"\r\n\r\n") + 4
    server = talker(lambda heard: [answer[:head], answer[head:]])
    assert [ask(server.url()).body for _ in range(2)] == [b"Hello, world"] * 2
    assert len(server.connections) == 1


@by_aiohttp
def test_an_answer_without_a_body_ends_with_its_headers(talker: NewTalker, ask: Ask) -> None:
    answers = {"/same": NOT_MODIFIED, "/empty": PLAIN.replace(b"12", b"0").removesuffix(b"Hello, world")}
    server = talker(lambda heard: answers[heard.line.split()[1]])
    assert ask(server.url("/same"), Validators('"a"'), timeout="2s").status == 304
    assert ask(server.url("/empty"), timeout="2s").body == b""
    assert ask(Get(server.url("/empty"), method="HEAD"), timeout="2s").body == b""
    assert len(server.connections) == 1


@by_aiohttp
@pytest.mark.parametrize("more", [b"HTTP/1.1 200 OK", EVIL])
def test_what_comes_behind_an_answer_is_not_the_next_one(talker: NewTalker, ask: Ask, more: bytes) -> None:
    server = talker(lambda heard: PLAIN + more if heard.line == "GET /first" else PLAIN.replace(b"Hello", b"Other"))
    assert ask(server.url("/first")).text == "Hello, world"
    assert ask(server.url("/next")).text == "Other, world"
    assert {heard.connection for heard in server.heard if heard.line == "GET /next"} == {len(server.connections)}


@pytest.mark.parametrize("answer", [PLAIN[:-1], PLAIN[:-12], CHUNKED[:-3], PLAIN[:20]])
def test_a_connection_that_ends_in_the_middle_is_an_error(talker: NewTalker, ask: Ask, answer: bytes) -> None:
    server = talker(ending([answer]))
    with pytest.raises((BadResponse, Unreachable)) as caught:
        ask(server.url())
    assert caught.value.code == ("unreachable" if answer == PLAIN[:20] else "bad_response")


def test_a_body_of_very_many_small_chunks_is_read_right_and_costs_no_more_than_its_length(site: Any, ask: Ask) -> None:
    letters = b"abcdefghij"
    chunks = b"".join(b"1\r\n%c\r\n" % letter for letter in letters)

    def read(times: int) -> None:
        site.raw("/", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks * times + b"0\r\n\r\n")
        assert ask(site.url()).body == letters * times

    assert growth(read, 2_000, 16_000, runs=2) < 4


@pytest.mark.parametrize("end", [b"\r\n", b"x\r\n"])
def test_a_header_of_very_many_spaces_costs_no_more_than_its_length(talker: NewTalker, ask: Ask, end: bytes) -> None:
    """Both clients take it: spaces before a value are no part of it, and so not of its length."""

    def answer(heard: Any) -> bytes:
        spaces = int(heard.line.rpartition("/")[2])
        return PLAIN.replace(b"\r\n\r\n", b"\r\nX-Long:" + b" " * spaces + end + b"\r\n")

    server = talker(answer)

    def read(spaces: int) -> None:
        page = ask(server.url(f"/{spaces}"))
        assert (page.text, page.headers["x-long"]) == ("Hello, world", end.decode().strip())

    assert growth(read, 9_000, 99_000) < 3


@pytest.mark.parametrize("header", [b"", b"Connection: close\r\n"])
def test_a_connection_that_the_server_closed_is_not_used(site: Any, ask: Ask, header: bytes) -> None:
    site.raw("/", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + header + b"\r\nok")
    for _ in range(3):
        assert ask(Get(site.url(), method="POST")).text == "ok"  # a POST, which would not be tried again
        time.sleep(0.02)
    assert (site.connections, len(site.requests)) == (3, 3)


@by_aiohttp
@both_methods
@pytest.mark.parametrize(
    "unasked",
    [EVIL, NOTHING, b"junk", b"HTTP/1.1 404 Not Found\r\nX-A:", b"\r\n"],
    ids=["an answer", "an empty one", "junk", "a beginning", "an empty line"],
)
@pytest.mark.parametrize("where", ["read", "in the kernel"])
def test_what_came_unasked_on_an_idle_connection_is_not_the_next_answer(
    talker: NewTalker, fetcher: LoopFetcher, method: str, unasked: bytes, where: str
) -> None:
    server = talker(PLAIN)
    get = Get(server.url(), method=method)

    async def ask() -> list[bytes]:
        first = await fetcher.session(Source()).fetch(get)
        server.connections[0].sendall(unasked)
        if where == "read":
            await asyncio.sleep(0.05)
        else:
            time.sleep(0.05)  # noqa: ASYNC251 - the event loop must not turn
        return [first.body, (await fetcher.session(Source()).fetch(get)).body]

    assert fetcher.run(ask()) == [b"Hello, world"] * 2
    assert len(server.heard) == 2
    assert server.heard[1].connection == 2 or unasked == b"\r\n"  # which is no part of an answer


@by_aiohttp
@both_methods
def test_a_server_that_began_to_say_why_it_hangs_up_disturbs_no_request(
    talker: NewTalker, fetcher: LoopFetcher, method: str
) -> None:
    def answer(heard: Heard) -> Any:
        again = [other.connection for other in server.heard].count(heard.connection) > 1
        return b"est Timeout\r\nConnection: close\r\n\r\n" if again else PLAIN

    server = talker(answer)
    get = Get(server.url(), method=method)

    async def ask() -> bytes:
        await fetcher.session(Source()).fetch(get)
        server.connections[0].sendall(b"HTTP/1.1 408 Requ")
        await asyncio.sleep(0.05)
        return (await fetcher.session(Source()).fetch(get)).body

    assert fetcher.run(ask()) == b"Hello, world"
    assert [heard.connection for heard in server.heard] == [1, 2]


@by_aiohttp
@both_methods
def test_a_connection_that_was_closed_while_the_loop_did_not_turn_is_not_used(
    talker: NewTalker, fetcher: LoopFetcher, method: str
) -> None:
    server = talker(PLAIN)
    get = Get(server.url(), method=method)

    async def ask() -> bytes:
        await fetcher.session(Source()).fetch(get)
        server.connections[0].shutdown(socket.SHUT_RDWR)
        time.sleep(0.05)  # noqa: ASYNC251 - the event loop must not turn
        return (await fetcher.session(Source()).fetch(get)).body

    assert fetcher.run(ask()) == b"Hello, world"
    assert [heard.connection for heard in server.heard] == [1, 2]


def test_a_connection_is_not_used_after_an_answer_that_was_not_read(site: Any, ask: Ask) -> None:
    site.page("/", "x" * 1_000_000, status=404)
    for _ in range(2):
        with pytest.raises(HttpStatus):
            ask(site.url())
    assert site.connections == 2


@by_aiohttp
def test_many_checks_share_the_connections(site: Any, fetcher: LoopFetcher) -> None:
    site.page("/", lambda asked: asked.query["n"])

    async def checks() -> list[str]:
        places = asyncio.Semaphore(8)

        async def check(number: int) -> str:
            async with places:
                return (await fetcher.session(Source()).fetch(Get(site.url(f"/?n={number}")))).text

        return await asyncio.gather(*map(check, range(200)))

    assert fetcher.run(checks()) == [str(number) for number in range(200)]
    assert site.connections <= 8


@by_aiohttp
def test_idle_connections_are_few_the_latest_stay(
    new_site: Callable[..., Any], fetcher: LoopFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.http.transport.KeptConnections", partial(KeptConnections, most=3))
    sites = [new_site() for _ in range(5)]
    for each in (*sites, *reversed(sites)):
        each.page("/", "ok")
        fetch(fetcher, each.url())
    assert [each.connections for each in sites] == [2, 2, 1, 1, 1]
    assert kept(fetcher) == 3


def kept(fetcher: LoopFetcher) -> int:
    direct = fetcher.connections._direct
    return len(direct.kept) if direct else 0


def test_a_refused_connection_names_the_host_and_is_not_kept(ask: Ask, fetcher: LoopFetcher) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(Unreachable, match=r"^could not reach 127\.0\.0\.1: connection refused$"):
        ask(f"http://127.0.0.1:{port}/")
    assert kept(fetcher) == 0


def test_a_connection_whose_request_was_given_up_is_not_used(talker: NewTalker, fetcher: LoopFetcher) -> None:
    def answer(heard: Heard) -> Any:
        if heard.line == "GET /slow":
            time.sleep(0.2)
            return EVIL
        return PLAIN

    server = talker(answer)
    with pytest.raises(FetchError, match="no answer"):
        fetch(fetcher, server.url("/slow"), timeout="100ms")
    assert fetch(fetcher, server.url("/next")).text == "Hello, world"
    time.sleep(0.2)
    assert fetch(fetcher, server.url("/next")).text == "Hello, world"


def drip(heard: Heard) -> Any:
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"
    for _ in range(500):
        yield b"x"


def test_requests_that_are_cancelled_leave_no_open_socket_behind(talker: NewTalker, fetcher: LoopFetcher) -> None:
    ways = {"/quick": lambda heard: PLAIN, "/drip": drip, "/silent": lambda heard: time.sleep(0.05)}
    server = talker(lambda heard: ways[heard.line.split()[1]](heard))
    chance = random.Random(7)
    urls = [*map(server.url, ways), server.url().replace("http:", "https:")]  # where the handshake is never answered

    async def check(url: str) -> None:
        with suppress(FetchError):
            await fetcher.session(Source(timeout="5s")).fetch(Get(url))

    async def cancelled() -> None:
        tasks = []
        for number in range(300):
            task = asyncio.ensure_future(check(urls[number % len(urls)]))
            asyncio.get_running_loop().call_later(chance.uniform(0, 0.05), task.cancel)
            tasks.append(task)
            await asyncio.sleep(chance.uniform(0, 0.004))
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0.05)

    fetcher.run(asyncio.sleep(0))  # the loop's own files
    gc.collect()
    before = open_files()
    gc.disable()  # which would close what is forgotten
    try:
        fetcher.run(cancelled())
        assert server.heard
        until(lambda: open_files() <= before + 2 * kept(fetcher))  # both ends are here
        fetcher.run(fetcher.aclose())
        until(lambda: open_files() == before)
    finally:
        gc.enable()


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - these are no files
