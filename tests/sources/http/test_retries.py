from __future__ import annotations

import asyncio
import errno
import socket
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import httpcore
import pytest

from sources import Get, HttpStatus, Page, TimedOut, Unreachable
from sources.http.exchange import retry_after
from sources.http.guard import Guard
from sources.options import HttpOptions
from tests.conftest import ByHttpcore, LoopFetcher, fetch
from tests.sources.http.conftest import World

Ask = Callable[..., Page]
NOW = datetime(2025, 7, 1, 12, tzinfo=UTC)


def failing_first(site: Any, times: int, **reply: Any) -> Callable[[Any], Any]:
    return lambda asked: site.Reply(**reply) if len(site.requests) <= times else "ok"


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the program waits, in seconds; nothing waits for it."""
    found: list[float] = []
    sleep = asyncio.sleep

    async def instead(seconds: float, result: object = None) -> object:
        found.append(seconds)
        return await sleep(0, result)

    monkeypatch.setattr(asyncio, "sleep", instead)
    return found


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_brief_failure_is_tried_again_at_once(site: Any, ask: Ask, status: int) -> None:
    site.page("/", failing_first(site, 2, status=status))
    assert ask(site.url()).text == "ok"
    assert len(site.requests) == 3


def test_after_three_attempts_the_last_error_is_told(site: Any, ask: Ask) -> None:
    site.page("/", status=503)
    with pytest.raises(HttpStatus, match="answered 503 Service Unavailable"):
        ask(site.url())
    assert len(site.requests) == 3


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500])
def test_other_statuses_are_not_tried_again(site: Any, ask: Ask, status: int) -> None:
    site.page("/", status=status)
    with pytest.raises(HttpStatus):
        ask(site.url())
    assert len(site.requests) == 1


def test_a_server_that_says_when_is_left_alone_until_then(site: Any, ask: Ask) -> None:
    site.page("/", status=503, headers={"Retry-After": "3"})
    with pytest.raises(HttpStatus) as caught:
        ask(site.url())
    assert (len(site.requests), caught.value.retry_after) == (1, timedelta(seconds=3))


def test_a_short_retry_after_is_waited_for(site: Any, ask: Ask, slept: list[float]) -> None:
    site.page("/", failing_first(site, 1, status=503, headers={"Retry-After": "0.3"}))
    assert ask(site.url()).text == "ok"
    assert [seconds for seconds in slept if seconds >= 0.3] == [0.3]


def test_no_attempt_begins_that_the_deadline_does_not_allow(site: Any, ask: Ask) -> None:
    site.page("/", status=503, headers={"Retry-After": "1000"})
    with pytest.raises(HttpStatus):  # not that it timed out
        ask(site.url(), timeout="500s")
    assert len(site.requests) == 1


def test_a_connection_closed_without_an_answer_is_tried_again(site: Any, ask: Ask) -> None:
    site.raw("/", b"")
    with pytest.raises(Unreachable, match=r"^127\.0\.0\.1 closed the connection without an answer$"):
        ask(site.url())
    assert len(site.requests) == 3


def test_a_post_is_never_sent_twice(site: Any, ask: Ask) -> None:
    site.raw("/closed", b"")
    site.page("/busy", status=503)
    for path, error in (("/closed", Unreachable), ("/busy", HttpStatus)):
        with pytest.raises(error):
            ask(Get(site.url(path), method="POST", form={"q": "1"}))
    assert site.paths == ["/closed", "/busy"]


def test_an_answer_that_began_is_not_asked_for_again(site: Any, ask: Ask) -> None:
    site.raw("/", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\ncut")
    with pytest.raises(Exception, match="cut off"):
        ask(site.url())
    assert len(site.requests) == 1


RefusedConfig = Callable[..., tuple[int, str]]


@pytest.fixture(params=["aiohttp", "httpcore"])
def refused(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> RefusedConfig:
    """Asks where no connection can be made, because of an error: how often it was tried, and what came of it."""

    def refused(error: OSError, method: str = "GET") -> tuple[int, str]:
        attempts = list[Any]()

        class Failing(socket.socket):
            def connect(self, address: Any) -> None:
                attempts.append(address)
                raise error

        async def connect_tcp(self: Any, *address: Any, **options: Any) -> Any:
            attempts.append(address)
            kind = httpcore.ConnectTimeout if isinstance(error, TimeoutError) else httpcore.ConnectError
            raise kind(error) from error

        monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect_tcp)
        guard = Guard("refuse", look_up=lambda host, port: ["1.1.1.1"], new_socket=Failing)
        kind = LoopFetcher if request.param == "aiohttp" else ByHttpcore
        form = {"a": "b"} if method == "POST" else None
        with (
            closing(kind(HttpOptions(), clock=lambda: NOW, guard=guard)) as fetcher,
            pytest.raises((Unreachable, TimedOut)) as caught,
        ):
            fetch(fetcher, Get("http://register.example/", method=method, form=form))
        return len(attempts), str(caught.value)

    return refused


def test_a_refused_connection_is_tried_again_even_for_a_post(refused: RefusedConfig) -> None:
    came = refused(ConnectionRefusedError(errno.ECONNREFUSED, "refused"), "POST")
    assert came == (3, "could not reach register.example: connection refused")


def test_a_connection_that_times_out_is_not_tried_again(refused: RefusedConfig) -> None:
    came = refused(TimeoutError(errno.ETIMEDOUT, "timed out"))
    assert came == (1, "no connection to register.example within 30 s")


@pytest.mark.parametrize(("code", "attempts"), [(socket.EAI_AGAIN, 3), (socket.EAI_NONAME, 1)])
def test_a_name_server_that_fails_is_asked_again_one_that_says_no_is_not(
    world: Callable[..., World], code: int, attempts: int
) -> None:
    asked = []

    def look_up(host: str, port: int) -> list[str]:
        asked.append(host)
        raise socket.gaierror(code, "failed")

    with pytest.raises(Unreachable, match=r"^could not resolve register\.example$"):
        world(look_up=look_up).fetch("http://register.example/")
    assert len(asked) == attempts


def test_what_is_slow_to_fail_is_not_tried_again(world: Callable[..., World], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.http.session.NO_MORE_AFTER", 0.05)
    asked = []

    def look_up(host: str, port: int) -> list[str]:
        time.sleep(0.06)
        asked.append(host)
        raise socket.gaierror(socket.EAI_AGAIN, "no name server answers")

    with pytest.raises(Unreachable):
        world(look_up=look_up).fetch("http://register.example/")
    assert len(asked) == 1


def test_all_waiting_between_attempts_is_brief(
    refused: RefusedConfig, slept: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.http.session.PAUSE", 0.2)
    assert refused(ConnectionRefusedError(errno.ECONNREFUSED, "refused"))[0] == 3
    assert 0.6 <= sum(slept) <= 1.0


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("0", 0),
        ("90", 90),
        (" 1.5 ", 1.5),
        ("999999999999999999999999", 21600),
        ("9" * 5000, 21600),
        ("Tue, 01 Jul 2025 12:10:00 GMT", 600),
        ("Tue, 01 Jul 2025 12:10:00 -0000", 600),
        ("Tue, 01 Jul 2025 11:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 21600),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("Tue, 99 Jul 2025 12:10:00 GMT", None),
        ("Fri, 31 Dec 99999999999 23:59:59 GMT", None),
        ("٣", None),
    ],
)
def test_retry_after_is_read_within_reason(said: str, seconds: float | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert retry_after({"retry-after": said}, NOW) == expected


def test_every_error_carries_its_retry_after(site: Any, ask: Ask) -> None:
    site.page("/", status=429, headers={"Retry-After": "86400"})
    with pytest.raises(HttpStatus) as caught:
        ask(site.url())
    assert caught.value.retry_after == timedelta(hours=6)
