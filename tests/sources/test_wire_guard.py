"""The address guard where requests go out by sockets that do not block, as those of checks do; test_transport.py has
what waits in threads. Nothing here leaves this machine: what would be dialled is written down.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from ipaddress import ip_network
from typing import Any, NamedTuple

import pytest

from sources import AddressRefused, Get, Source, TimedOut, Unreachable
from sources.address import Private
from sources.options import HttpOptions
from sources.transport import Network, resolve_name
from tests.conftest import Wired
from tests.torture.program import now
from tests.torture.wire import dialling


class World(NamedTuple):
    """Fetches by wire, with the addresses that names have; `dialled` is where it would have gone."""

    fetch: Callable[..., Any]
    dialled: list[tuple[str, int]]


@pytest.fixture
def world(site: Any) -> Iterator[Callable[..., World]]:
    """Behind 1.1.1.1 stands the site; nobody else can be reached, not even on loopback."""
    with ExitStack() as stack:
        dialled = stack.enter_context(dialling({"1.1.1.1": site.port}, loopback=False))

        def make(private: Private = "refuse", **names: list[str]) -> World:
            known = {name.replace("_", "."): iter(found) for name, found in names.items()}

            def resolve(host: str, port: int) -> list[str]:
                return next(known[host]).split() if host in known else resolve_name(host, port)

            network = Network(private, resolve=resolve)
            fetcher = stack.enter_context(closing(Wired(HttpOptions(), clock=now, network=network)))
            return World(lambda url, **given: fetcher.session(Source(**given)).fetch(Get(url)), dialled)

        yield make


def test_what_is_dialled_is_the_checked_address_of_one_look_up(site: Any, world: Callable[..., World]) -> None:
    site.page("/", "by wire")
    here = world(register_example=["1.1.1.1"])  # a second look-up would have no answer
    assert here.fetch("http://register.example:8080/").text == "by wire"
    assert here.dialled == [("1.1.1.1", 8080)]
    assert site.requests[0].headers["host"] == "register.example:8080"


@pytest.mark.parametrize("private", ["10.0.0.5", "127.0.0.1", "169.254.169.254", "::1", "64:ff9b::a00:5"])
def test_one_private_answer_among_public_ones_refuses_the_name(world: Callable[..., World], private: str) -> None:
    here = world(two_example=[f"1.1.1.1 {private}"])
    with pytest.raises(AddressRefused, match=rf"^two\.example has the address {private}, which is not on the public"):
        here.fetch("http://two.example/")
    assert here.dialled == []


@pytest.mark.parametrize(
    "host",
    ["0x7f.1", "2130706433", "127.1", "0x7f000001", "127.0.0.1", "[::ffff:7f00:1]", "0xa9fea9fe", "10.1", "[::1]"],
)
def test_odd_spellings_of_private_addresses_are_refused(world: Callable[..., World], host: str) -> None:
    here = world()
    for scheme in ("http", "https"):
        with pytest.raises(AddressRefused, match="not on the public internet"):
            here.fetch(f"{scheme}://{host}/")
    assert here.dialled == []


def test_a_redirect_to_a_private_address_is_refused(site: Any, world: Callable[..., World]) -> None:
    site.redirect("/", "http://169.254.169.254/")
    here = world()
    with pytest.raises(AddressRefused, match=r"169\.254\.169\.254"):
        here.fetch("http://1.1.1.1/")
    assert here.dialled == [("1.1.1.1", 80)]


def test_a_name_that_changes_its_address_gains_nothing(site: Any, world: Callable[..., World]) -> None:
    site.page("/", "once")
    here = world(turns_example=["1.1.1.1", "127.0.0.1"])
    assert here.fetch("http://turns.example:81/").text == "once"
    with pytest.raises(AddressRefused, match=r"turns\.example has the address 127\.0\.0\.1"):
        here.fetch("http://turns.example:82/")
    assert here.dialled == [("1.1.1.1", 81)]


def test_a_list_of_networks_opens_these_alone(world: Callable[..., World]) -> None:
    here = world((ip_network("10.0.0.0/8"),))
    with pytest.raises(Unreachable):
        here.fetch("http://10.2.3.4/")
    with pytest.raises(AddressRefused, match=r"^192\.168\.0\.1 is not on the public internet; list it in private"):
        here.fetch("http://192.168.0.1/")
    assert set(here.dialled) == {("10.2.3.4", 80)}


def test_the_next_address_is_tried_when_one_fails(site: Any, world: Callable[..., World]) -> None:
    site.page("/", "the second")
    here = world(two_example=["9.9.9.9 1.1.1.1 8.8.8.8"])
    assert here.fetch("http://two.example/").text == "the second"
    assert [address for address, _ in here.dialled] == ["9.9.9.9", "1.1.1.1"]


def test_a_name_server_that_does_not_answer_ends_at_the_deadline(world: Callable[..., World]) -> None:
    network = Network("refuse", resolve=lambda host, port: time.sleep(0.8) or ["1.1.1.1"])
    here = world()
    with closing(Wired(HttpOptions(), clock=now, network=network)) as fetcher:
        with pytest.raises(TimedOut, match=r"^could not resolve slow\.example within 0\.3 s$"):
            fetcher.session(Source(timeout="300ms")).fetch(Get("http://slow.example/"))
        time.sleep(0.6)  # its thread ends before the next test
    assert here.dialled == []


def test_with_a_proxy_the_proxy_is_checked_and_an_address_in_the_url(world: Callable[..., World]) -> None:
    here = world()
    with pytest.raises(AddressRefused, match=r"^10\.0\.0\.9 is not on the public internet"):
        here.fetch("http://register.example/", proxy="http://10.0.0.9:3128")
    with pytest.raises(AddressRefused, match=r"^192\.168\.0\.1 is not"):
        here.fetch("https://192.168.0.1/", proxy="http://1.1.1.1:3128")
    assert here.dialled == []
