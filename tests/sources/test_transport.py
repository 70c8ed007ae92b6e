"""The guard is tested with a dialer that records and cannot dial: nothing here leaves this machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import httpcore
import pytest

from sources import AddressRefused, Get, HttpStatus, Source, TimedOut, Unreachable
from sources.fetch import Fetcher
from sources.options import HttpOptions
from sources.transport import Network, SlowName, deadline, resolve_name, seconds_left


class Recorder(httpcore.NetworkBackend):
    """Writes down what it should dial, and refuses to, except where `answers` says which stream to give."""

    def __init__(self, answers: dict[str, httpcore.NetworkStream] | None = None) -> None:
        self.dialled: list[tuple[str, int]] = []
        self.timeouts: list[float | None] = []
        self.answers = answers or {}

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, *rest: Any) -> Any:
        self.dialled.append((host, port))
        self.timeouts.append(timeout)
        if host not in self.answers:
            raise httpcore.ConnectError(ConnectionRefusedError(111, "refused"))
        return self.answers[host]


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def guarded(recorder: Recorder) -> Callable[..., Fetcher]:
    """A fetcher whose network refuses private addresses and ends in the recorder."""

    def make(resolve: Callable[[str, int], list[str]] | None = None) -> Fetcher:
        network = Network("refuse", dialer=recorder, resolve=resolve)
        return Fetcher(HttpOptions(), clock=lambda: datetime.now(UTC), network=network)

    return make


def names(**addresses: list[str]) -> Callable[[str, int], list[str]]:
    """A resolver that knows these names, a dot written as _, and takes addresses in any spelling as they are."""
    known = {name.replace("_", "."): found for name, found in addresses.items()}
    return lambda host, port: known.get(host) or resolve_name(host, port)


def test_what_is_dialled_is_the_checked_address_not_the_name(recorder: Recorder) -> None:
    asked = []
    network = Network("refuse", dialer=recorder, resolve=lambda host, port: asked.append(host) or ["1.1.1.1"])
    with pytest.raises(httpcore.ConnectError):
        network.connect_tcp("register.example", 443)
    assert asked == ["register.example"]
    assert recorder.dialled == [("1.1.1.1", 443)]


@pytest.mark.parametrize("private", ["10.0.0.5", "127.0.0.1", "169.254.169.254", "::1", "64:ff9b::a00:5"])
def test_one_private_answer_among_public_ones_refuses_the_name(recorder: Recorder, private: str) -> None:
    network = Network("refuse", dialer=recorder, resolve=names(two_example=["1.1.1.1", private]))
    with pytest.raises(AddressRefused, match=rf"two\.example has the address {private}, which is not on the public"):
        network.connect_tcp("two.example", 80)
    assert recorder.dialled == []


@pytest.mark.parametrize(
    "host", ["0x7f.1", "2130706433", "127.1", "0x7f000001", "127.0.0.1", "::ffff:7f00:1", "0xa9fea9fe", "10.1"]
)
def test_odd_spellings_of_private_addresses_are_refused(guarded: Any, recorder: Recorder, host: str) -> None:
    written = f"[{host}]" if ":" in host else host
    with pytest.raises(AddressRefused, match="not on the public internet"):
        guarded().session(Source()).fetch(Get(f"http://{written}/"))
    assert recorder.dialled == []


def test_a_list_of_networks_opens_these_alone(recorder: Recorder) -> None:
    network = Network((ip_network("10.0.0.0/8"),), dialer=recorder)
    with pytest.raises(httpcore.ConnectError):
        network.connect_tcp("10.2.3.4", 80)
    with pytest.raises(AddressRefused, match=r"^192\.168\.0\.1 is not on the public internet; list it in private"):
        network.connect_tcp("192.168.0.1", 80)
    assert recorder.dialled == [("10.2.3.4", 80)]


def test_a_redirect_to_a_private_address_is_refused(guarded: Any, recorder: Recorder) -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
    recorder.answers["1.1.1.1"] = httpcore.MockStream([moved])
    with pytest.raises(AddressRefused, match=r"169\.254\.169\.254"):
        guarded().session(Source()).fetch(Get("http://1.1.1.1/"))
    assert recorder.dialled == [("1.1.1.1", 80)]


def test_an_ipv6_address_is_dialled_and_shown_as_in_the_url(guarded: Any, recorder: Recorder) -> None:
    recorder.answers["2606:4700::1111"] = httpcore.MockStream(
        [b"HTTP/1.1 404 Gone Fishing\r\nContent-Length: 0\r\n\r\n"]
    )
    with pytest.raises(HttpStatus, match=r"^http://\[2606:4700::1111\]/x answered 404 Not Found$"):
        guarded().session(Source()).fetch(Get("http://[2606:4700::1111]/x"))


def test_a_name_that_changes_its_address_gains_nothing(guarded: Any, recorder: Recorder) -> None:
    answers = iter([["1.1.1.1"], ["127.0.0.1"], ["127.0.0.1"]])
    with pytest.raises(AddressRefused, match=r"turns\.example has the address 127\.0\.0\.1"):
        guarded(lambda host, port: next(answers)).session(Source()).fetch(Get("http://turns.example/"))
    assert recorder.dialled == [("1.1.1.1", 80)]


@pytest.mark.parametrize("proxy", ["http://10.0.0.9:3128", "https://10.0.0.9:3128"])
def test_a_proxy_on_a_private_address_is_refused(guarded: Any, recorder: Recorder, proxy: str) -> None:
    with pytest.raises(AddressRefused, match=r"^10\.0\.0\.9 is not on the public internet"):
        guarded().session(Source(proxy=proxy)).fetch(Get("http://register.example/"))
    assert recorder.dialled == []


def test_a_proxy_is_no_way_around_the_guard_for_an_address_in_the_url(guarded: Any, recorder: Recorder) -> None:
    with pytest.raises(AddressRefused, match=r"^192\.168\.0\.1 is not"):
        guarded().session(Source(proxy="http://1.1.1.1:3128")).fetch(Get("https://192.168.0.1/"))
    assert recorder.dialled == []


def test_the_next_address_is_tried_when_one_fails() -> None:
    stream = httpcore.MockStream([])
    recorder = Recorder({"1.0.0.1": stream})
    network = Network("refuse", dialer=recorder, resolve=names(two_example=["1.1.1.1", "1.0.0.1", "9.9.9.9"]))
    with deadline(9):
        assert network.connect_tcp("two.example", 80) is not None
        for timeout in (2, 60):
            network.connect_tcp("1.0.0.1", 80, timeout)
    assert [host for host, _ in recorder.dialled] == ["1.1.1.1", "1.0.0.1", "1.0.0.1", "1.0.0.1"]
    assert recorder.timeouts == [pytest.approx(3, abs=0.1), pytest.approx(4.5, abs=0.1), 2, pytest.approx(9, abs=0.2)]


def test_a_name_without_addresses_cannot_be_reached(guarded: Any) -> None:
    with pytest.raises(Unreachable, match=r"could not resolve none\.example"):
        guarded(lambda host, port: []).session(Source()).fetch(Get("http://none.example/"))


@pytest.fixture
def slow_resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    real = resolve_name.__globals__["_look_up"]

    def slow(host: str, port: int, flags: int = 0) -> list[str]:
        if not flags:
            time.sleep(0.6)
        return real(host, port, flags) if flags else ["1.1.1.1"]

    monkeypatch.setattr("sources.transport._look_up", slow)
    yield
    time.sleep(0.4)  # its thread ends before the next test


@pytest.mark.usefixtures("slow_resolver")
def test_a_name_server_that_does_not_answer_ends_at_the_deadline(guarded: Any, recorder: Recorder) -> None:
    with pytest.raises(TimedOut, match=r"^could not resolve slow\.example within 0\.3 s$"):
        guarded().session(Source(timeout="300ms")).fetch(Get("http://slow.example/"))
    assert recorder.dialled == []


def test_a_label_that_is_too_long_is_a_name_that_does_not_exist() -> None:
    with deadline(2), pytest.raises(OSError, match="label"):
        resolve_name("x" * 64 + ".example", 80)


def test_an_inner_deadline_never_outlives_the_outer_one() -> None:
    assert seconds_left() is None
    with deadline(1), deadline(60):
        assert 0 < (seconds_left() or 0) <= 1
    with deadline(60), deadline(1):
        assert 0 < (seconds_left() or 0) <= 1


def test_nothing_is_done_after_the_deadline() -> None:
    recorder = Recorder({"1.1.1.1": httpcore.MockStream([b"late"])})
    network = Network("refuse", dialer=recorder)
    stream = network.connect_tcp("1.1.1.1", 80)
    with deadline(-1):
        for late in (lambda: stream.read(1), lambda: stream.write(b"x"), lambda: stream.start_tls(None)):
            with pytest.raises(httpcore.TimeoutException):
                late()
        with pytest.raises(httpcore.ConnectTimeout):
            network.connect_tcp("1.1.1.1", 80)
        with pytest.raises(SlowName):
            resolve_name("register.example", 80)
    assert len(recorder.dialled) == 1
