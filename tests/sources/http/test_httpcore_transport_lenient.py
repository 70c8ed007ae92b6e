"""Servers whose HTTP aiohttp refuses and other clients accept: after the first such answer httpcore takes over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from sources import BadResponse, Get, Page, Source
from sources.http.exchange import Validators
from tests.conftest import ByHttpcore, LoopFetcher, fetch
from tests.sources.http.conftest import Heard, Talker

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
SOUND = HEAD + b"Content-Length: 4\r\n\r\nnext"
CHUNKS = b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"

ODD = {
    "one length twice": HEAD + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\nok",
    "one length twice in one header": HEAD + b"Content-Length: 2, 2\r\n\r\nok",
    "a length beside chunks": HEAD + b"Content-Length: 2\r\n" + CHUNKS,
    "another length beside chunks": HEAD + b"Content-Length: 9\r\n" + CHUNKS,
    "304 with a body": b'HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\nETag: "1"\r\n\r\nok',
    "204 with a body": b"HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nok",
    "204 with a body of no length": b"HTTP/1.1 204 No Content\r\n\r\nok",
    "bytes behind the body": HEAD + b"Content-Length: 2\r\n\r\nok, and more",
    "90 kB of headers": HEAD + b"X-Long: " + b"x" * 90_000 + b"\r\nContent-Length: 2\r\n\r\nok",
    "300 headers": HEAD + b"X-A: y\r\n" * 300 + b"Content-Length: 2\r\n\r\nok",
}
WITHOUT_BODY = {
    "304 with a body": (304, b""),
    "204 with a body": (204, b""),
    "204 with a body of no length": (204, b""),
}

oddly = pytest.mark.parametrize("name", ODD)
by_aiohttp = pytest.mark.parametrize("fetcher", ["aiohttp"], indirect=True)


@pytest.fixture
def host(talker: Callable[..., Talker], name: str) -> Talker:
    odd = ODD[name]
    return talker(lambda heard: odd if heard.line.endswith(" /odd") else SOUND)


def both(fetcher: LoopFetcher, host: Talker, method: str = "GET") -> list[tuple[int, bytes]]:
    """The odd page, and the next one of the same session."""
    session, validators = fetcher.session(Source()), Validators('"1"')

    async def ask() -> list[Page]:
        return [
            await session.fetch(Get(host.url("/odd"), method=method), validators),
            await session.fetch(Get(host.url("/next"), method=method)),
        ]

    return [(page.status, page.body) for page in fetcher.run(ask())]


@oddly
def test_an_odd_answer_is_read_and_so_is_the_next_one(host: Talker, fetcher: LoopFetcher, name: str) -> None:
    assert both(fetcher, host) == [WITHOUT_BODY.get(name, (200, b"ok")), (200, b"next")]
    tried = 1 if isinstance(fetcher, ByHttpcore) else 2
    assert host.requests == ["GET /odd"] * tried + ["GET /next"]


@by_aiohttp
@oddly
def test_a_host_that_needed_httpcore_is_asked_by_it_the_next_time(
    host: Talker, fetcher: LoopFetcher, name: str
) -> None:
    for _ in range(3):
        both(fetcher, host)
    assert host.requests == ["GET /odd", *["GET /odd", "GET /next"] * 3]
    assert len(host.connections) == len(host.requests)  # which httpcore does not keep


@by_aiohttp
@pytest.mark.parametrize("name", ["300 headers"])
def test_other_hosts_are_asked_as_ever(host: Talker, talker: Callable[..., Talker], fetcher: LoopFetcher) -> None:
    both(fetcher, host)
    other = talker(SOUND)
    for _ in range(3):
        fetch(fetcher, other.url())
    assert len(other.connections) == 1


@by_aiohttp
@oddly
def test_requests_that_meet_an_odd_host_together_are_all_read(host: Talker, fetcher: LoopFetcher, name: str) -> None:
    async def ask() -> list[Page]:
        asked = (fetcher.session(Source()).fetch(Get(host.url("/odd")), Validators('"1"')) for _ in range(3))
        return await asyncio.gather(*asked)

    assert [(page.status, page.body) for page in fetcher.run(ask())] == [WITHOUT_BODY.get(name, (200, b"ok"))] * 3
    assert len(host.heard) == 6


@by_aiohttp
@oddly
def test_a_form_that_meets_an_odd_answer_is_not_sent_twice(host: Talker, fetcher: LoopFetcher, name: str) -> None:
    """The one that has met it is an error: it may have done something, and only another client could read what."""
    with pytest.raises(BadResponse, match=r"^127\.0\.0\.1 did not answer in HTTP$"):
        fetch(fetcher, Get(host.url("/odd"), method="POST", form={"q": "1"}))
    assert host.requests == ["POST /odd"]


@by_aiohttp
@oddly
def test_the_next_form_to_a_host_that_answered_one_oddly_is_read(host: Talker, fetcher: LoopFetcher, name: str) -> None:
    """A source that only ever posts would fail for ever otherwise."""
    get = Get(host.url("/next"), method="POST", form={"q": "1"})
    with pytest.raises(BadResponse):
        fetch(fetcher, Get(host.url("/odd"), method="POST", form={"q": "1"}))
    odd = Get(host.url("/odd"), method="POST", form={"q": "2"})
    if not name.startswith("304"):  # nobody asked whether anything was modified
        assert fetch(fetcher, odd).body == WITHOUT_BODY.get(name, (200, b"ok"))[1]
    assert fetch(fetcher, get).body == b"next"


@by_aiohttp
@oddly
def test_a_form_to_a_host_that_is_known_to_be_odd_is_read(host: Talker, fetcher: LoopFetcher, name: str) -> None:
    fetch(fetcher, host.url("/odd"), Validators('"1"'))
    posted = Get(host.url("/odd"), method="POST", form={"q": "1"})
    if not name.startswith("304"):
        assert fetch(fetcher, posted).body == WITHOUT_BODY.get(name, (200, b"ok"))[1]
        assert host.requests == ["GET /odd", "GET /odd", "POST /odd"]


@by_aiohttp
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_whole_answer_behind_the_body_is_taken_for_nothing(
    talker: Callable[..., Talker], fetcher: LoopFetcher, method: str
) -> None:
    host = talker(lambda heard: HEAD + b"Content-Length: 2\r\n\r\nok" + SOUND if "odd" in heard.line else SOUND)
    assert both(fetcher, host, method) == [(200, b"ok"), (200, b"next")]
    assert host.requests == [f"{method} /odd", f"{method} /next"]
    assert [heard.connection for heard in host.heard] == [1, 2]


@by_aiohttp
def test_what_nobody_can_read_is_asked_for_twice_at_first_and_then_once(
    talker: Callable[..., Talker], fetcher: LoopFetcher
) -> None:
    host = talker(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
    for asked in (2, 3):
        with pytest.raises(BadResponse, match=r"^127\.0\.0\.1 did not answer in HTTP$"):
            fetch(fetcher, host.url())
        assert len(host.heard) == asked


@by_aiohttp
def test_an_odd_answer_of_a_redirect_is_read(talker: Callable[..., Talker], fetcher: LoopFetcher) -> None:
    odd = b"HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n"
    host = talker(lambda heard: odd if heard.line.endswith("/odd") else SOUND)
    assert fetch(fetcher, host.url("/odd")).text == "next"


@by_aiohttp
def test_an_odd_answer_is_read_within_the_deadline_of_the_first(
    talker: Callable[..., Talker], fetcher: LoopFetcher
) -> None:
    def answer(heard: Heard) -> list[bytes] | bytes:
        return ODD["300 headers"] if len(host.heard) == 1 else []

    host = talker(answer)
    with pytest.raises(Exception, match="no answer from"):
        fetch(fetcher, host.url(), timeout="400ms")
    assert len(host.heard) == 2
