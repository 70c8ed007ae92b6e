"""Which addresses may be connected to, by either client and in any spelling.

No packet leaves this machine: connections are only recorded.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from typing import Any

import httpcore
import httpx
import pytest

from sources import AddressRefused, Get, HttpStatus, Source, TimedOut, Unreachable
from sources.http.errors import progress
from sources.http.guard import Guard, allowed
from sources.http.httpcore_transport import GuardedBackend, HttpcoreTransport
from sources.http.transport import AiohttpTransport
from sources.options import HttpOptions
from tests.conftest import ByHttpcore, LoopFetcher, fetch
from tests.sources.http.conftest import World
from tests.torture.wire import dialling

NewWorld = Callable[..., World]

PUBLIC = ["1.1.1.1", "93.184.215.14", "172.32.0.1", "100.128.0.1", "2a00:1450:4001:800::200e", "2606:4700::1111"]
LOCAL = ["127.0.0.1", "127.8.8.8", "10.0.0.5", "172.16.0.1", "192.168.1.1", "100.64.0.7", "::1", "fd12::1"]
METADATA = ["169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16", "192.0.0.192"]
SPECIAL = [
    *("0.0.0.0", "0.1.2.3", "169.254.1.1", "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1"),
    *("198.51.100.1", "203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"),
    *("::", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2001:db8::1", "3fff::1", "100::1", "4000::1"),
    *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1"),  # IPv4-mapped, and the older "compatible" form
    *("64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1"),  # NAT64
    *("2002:7f00:1::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"),  # 6to4, Teredo
]


@pytest.mark.parametrize("address", PUBLIC)
def test_the_public_internet_is_open_to_all(address: str) -> None:
    for private in ("refuse", "allow", (ip_network("10.0.0.0/8"),)):
        assert allowed(ip_address(address), private)


@pytest.mark.parametrize("address", LOCAL)
def test_private_networks_open_with_allow_only(address: str) -> None:
    assert not allowed(ip_address(address), "refuse")
    assert allowed(ip_address(address), "allow")


@pytest.mark.parametrize("address", METADATA + SPECIAL)
def test_other_addresses_stay_closed_even_with_allow(address: str) -> None:
    assert not allowed(ip_address(address), "refuse")
    assert not allowed(ip_address(address), "allow")


def test_a_list_opens_its_networks_and_no_others() -> None:
    listed = (ip_network("10.1.0.0/16"), ip_network("fd12::/16"), ip_network("169.254.7.0/24"))
    for address in ("10.1.2.3", "fd12::9", "169.254.7.7"):
        assert allowed(ip_address(address), listed)
    for address in ("10.2.0.1", "127.0.0.1", "fd13::1", "169.254.8.1"):
        assert not allowed(ip_address(address), listed)


@pytest.mark.parametrize("address", METADATA)
def test_a_metadata_service_opens_only_when_its_very_address_is_listed(address: str) -> None:
    everything = (ip_network("0.0.0.0/0"), ip_network("::/0"))
    assert not allowed(ip_address(address), everything)
    assert allowed(ip_address(address), (*everything, ip_network(address)))


@pytest.mark.parametrize(
    "address", ["::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "::169.254.169.254", "2002:a9fe:a9fe::1"]
)
def test_a_metadata_service_inside_another_address_opens_only_when_its_own_is_listed(address: str) -> None:
    gateways = (ip_network("64:ff9b::/96"), ip_network("::/0"))
    assert not allowed(ip_address(address), gateways)
    assert allowed(ip_address(address), (*gateways, ip_network("169.254.169.254")))


def test_a_gateway_to_ipv4_can_be_listed() -> None:
    gateway = (ip_network("64:ff9b::/96"),)
    assert allowed(ip_address("64:ff9b::808:808"), gateway)
    assert not allowed(ip_address("64:ff9b::808:808"), "allow")


def test_an_interface_in_the_address_does_not_disguise_a_metadata_service() -> None:
    assert not allowed(ip_address("fd00:ec2::254%eth0"), "allow")


def test_what_is_dialled_is_the_checked_address_of_one_look_up(site: Any, world: NewWorld) -> None:
    site.page("/", "here")
    here = world(register_example=["1.1.1.1"])  # a second look-up would have no answer
    assert here.fetch("http://register.example:8080/").text == "here"
    assert here.dialled == [("1.1.1.1", 8080)]
    assert site.requests[0].headers["host"] == "register.example:8080"


@pytest.mark.parametrize("private", ["10.0.0.5", "127.0.0.1", "169.254.169.254", "::1", "64:ff9b::a00:5"])
def test_one_private_answer_among_public_ones_refuses_the_name(world: NewWorld, private: str) -> None:
    here = world(two_example=[f"1.1.1.1 {private}"])
    with pytest.raises(AddressRefused, match=rf"^two\.example has the address {private}, which is not on the public"):
        here.fetch("http://two.example/")
    assert here.dialled == []


@pytest.mark.parametrize(
    "host",
    [
        *("0x7f.1", "2130706433", "127.1", "0x7f000001", "127.0.0.1", "[::ffff:7f00:1]", "0xa9fea9fe", "10.1", "[::1]"),
        *("127.0.0.1.", "0x7f.1.", "[::ffff:127.0.0.1]", "[0:0::1]", "[64:ff9b::a9fe:a9fe]"),
    ],
)
def test_odd_spellings_of_private_addresses_are_refused(world: NewWorld, host: str) -> None:
    here = world()
    for scheme in ("http", "https"):
        with pytest.raises(AddressRefused, match="not on the public internet"):
            here.fetch(f"{scheme}://{host}/")
    assert here.dialled == []


def test_a_redirect_to_a_private_address_is_refused(site: Any, world: NewWorld) -> None:
    site.redirect("/", "http://169.254.169.254/")
    here = world()
    with pytest.raises(AddressRefused, match=r"169\.254\.169\.254"):
        here.fetch("http://1.1.1.1/")
    assert here.dialled == [("1.1.1.1", 80)]


def test_a_redirect_to_a_name_of_a_private_address_is_refused(site: Any, world: NewWorld) -> None:
    site.redirect("/", "http://inside.example/")
    here = world(inside_example=["192.168.0.7"])
    with pytest.raises(AddressRefused, match=r"^inside\.example has the address 192\.168\.0\.7"):
        here.fetch("http://1.1.1.1/")
    assert here.dialled == [("1.1.1.1", 80)]


def test_a_name_that_changes_its_address_gains_nothing(site: Any, world: NewWorld) -> None:
    site.page("/", "once")
    here = world(turns_example=["1.1.1.1", "127.0.0.1"])
    assert here.fetch("http://turns.example:81/").text == "once"
    with pytest.raises(AddressRefused, match=r"turns\.example has the address 127\.0\.0\.1"):
        here.fetch("http://turns.example:82/")
    assert here.dialled == [("1.1.1.1", 81)]


def test_a_name_that_changes_its_address_between_two_attempts_gains_nothing(world: NewWorld) -> None:
    here = world(turns_example=["9.9.9.9", "127.0.0.1"])
    with pytest.raises(AddressRefused, match=r"turns\.example has the address 127\.0\.0\.1"):
        here.fetch("http://turns.example/")
    assert here.dialled == [("9.9.9.9", 80)]


def test_a_list_of_networks_opens_these_alone(world: NewWorld) -> None:
    here = world((ip_network("10.0.0.0/8"),))
    with pytest.raises(Unreachable):
        here.fetch("http://10.2.3.4/")
    with pytest.raises(AddressRefused, match=r"^192\.168\.0\.1 is not on the public internet; list it in private"):
        here.fetch("http://192.168.0.1/")
    assert set(here.dialled) == {("10.2.3.4", 80)}


def test_an_ipv6_address_is_dialled_and_shown_as_in_the_url(site: Any, world: NewWorld) -> None:
    here = world(look_up=lambda host, port: ["2606:4700::1111"])
    for host in ("[2606:4700::1111]", "six.example"):
        with pytest.raises(Unreachable):
            here.fetch(f"http://{host}/x")
    assert set(here.dialled) == {("2606:4700::1111", 80)}


def test_an_ipv6_address_is_shown_as_in_the_url() -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(404))
    with (
        closing(LoopFetcher(HttpOptions(), clock=lambda: datetime.now(UTC), transport=transport)) as fetcher,
        pytest.raises(HttpStatus, match=r"^http://\[2606:4700::1111\]/x answered 404 Not Found$"),
    ):
        fetch(fetcher, "http://[2606:4700::1111]/x")


@pytest.mark.parametrize("proxy", ["http://10.0.0.9:3128", "https://10.0.0.9:3128"])
def test_a_proxy_on_a_private_address_is_refused(world: NewWorld, proxy: str) -> None:
    here = world()
    with pytest.raises(AddressRefused, match=r"^10\.0\.0\.9 is not on the public internet"):
        here.fetch("http://register.example/", proxy=proxy)
    assert here.dialled == []


def test_a_proxy_is_no_way_around_the_guard_for_an_address_in_the_url(world: NewWorld) -> None:
    here = world()
    for host in ("192.168.0.1", "0xc0a80001", "[::ffff:192.168.0.1]"):
        with pytest.raises(AddressRefused, match="not on the public internet"):
            here.fetch(f"https://{host}/", proxy="http://1.1.1.1:3128")
    assert here.dialled == []


def test_the_next_address_is_tried_when_one_fails(site: Any, world: NewWorld) -> None:
    site.page("/", "the second")
    here = world(two_example=["9.9.9.9 1.1.1.1 8.8.8.8"])
    assert here.fetch("http://two.example/").text == "the second"
    assert [address for address, _ in here.dialled] == ["9.9.9.9", "1.1.1.1"]


@pytest.fixture
def silent() -> Iterator[int]:
    """A port of loopback where connections are neither taken nor refused."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        time.sleep(0.05)
        yield full.getsockname()[1]
        for each in waiting:
            each.close()


@pytest.mark.parametrize("kind", [LoopFetcher, ByHttpcore], ids=["aiohttp", "httpcore"])
@pytest.mark.parametrize("others", [1, 3, 5])
def test_silent_addresses_leave_time_for_the_next(site: Any, silent: int, kind: type[LoopFetcher], others: int) -> None:
    site.page("/", "the last")
    addresses = [f"9.9.9.{number}" for number in range(others)] + ["1.1.1.1"]
    guard = Guard("refuse", look_up=lambda host, port: addresses)
    with (
        dialling({"1.1.1.1": site.port} | dict.fromkeys(addresses[:-1], silent), loopback=False) as dialled,
        closing(kind(HttpOptions(), clock=lambda: datetime.now(UTC), guard=guard)) as fetcher,
    ):
        assert fetch(fetcher, "http://register.example/", timeout="2s").text == "the last"
    assert [address for address, _ in dialled] == addresses


def test_each_address_gets_its_share_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    shares = list[float | None]()

    async def connect_tcp(self: Any, host: str, port: int, timeout: float | None, *args: Any, **options: Any) -> Any:  # noqa: ASYNC109
        shares.append(timeout)
        raise httpcore.ConnectTimeout

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect_tcp)
    backend = GuardedBackend(Guard("refuse", look_up=lambda host, port: ["1.1.1.1", "1.0.0.1"]))
    monkeypatch.setattr(progress.get(), "ends", time.monotonic() + 9_000)
    with pytest.raises(httpcore.ConnectTimeout):
        asyncio.run(backend.connect_tcp("two.example", 80))
    assert shares == [pytest.approx(4_500, abs=100), None]  # the last one has all the time that is left


def test_a_name_without_addresses_cannot_be_reached(world: NewWorld) -> None:
    with pytest.raises(Unreachable, match=r"^could not resolve none\.example$"):
        world(look_up=lambda host, port: []).fetch("http://none.example/")


def test_of_a_request_through_a_proxy_the_name_that_was_looked_up_is_named(world: NewWorld) -> None:
    made = world({})
    with pytest.raises(Unreachable, match=r"^could not resolve the proxy proxy\.example$"):
        made.fetch("https://register.example/", proxy="http://proxy.example:3128")


def test_a_name_server_that_does_not_answer_ends_at_the_deadline_and_nothing_is_dialled_later(world: NewWorld) -> None:
    here = world(look_up=lambda host, port: time.sleep(0.6) or ["1.1.1.1"])

    async def ask() -> None:
        with pytest.raises(TimedOut, match=r"^could not resolve slow\.example within 0\.3 s$"):
            await here.fetcher.session(Source(timeout="300ms")).fetch(Get("http://slow.example/"))
        await asyncio.sleep(0.5)  # its thread ends, while the event loop turns

    here.fetcher.run(ask())
    assert here.dialled == []


@pytest.mark.parametrize("way", [AiohttpTransport, lambda guard: HttpcoreTransport(guard, None)])
@pytest.mark.parametrize("host", ["10.0.0.1", "[::1]", "[::ffff:a9fe:a9fe]", "inside.example"])
def test_a_transport_by_itself_dials_no_address_that_is_not_allowed(way: Any, host: str) -> None:
    async def ask() -> None:
        transport = way(Guard("refuse", look_up=lambda host, port: ["169.254.169.254"]))
        try:
            with pytest.raises(AddressRefused):
                await transport.handle_async_request(httpx.Request("GET", f"http://{host}/"))
        finally:
            await transport.aclose()

    with dialling(loopback=False) as dialled:
        asyncio.run(ask())
    assert dialled == []


def test_the_socket_is_checked_again_just_before_it_connects() -> None:
    def refuse(*of: int) -> socket.socket:
        raise AssertionError("a socket was made")

    guard = Guard("refuse", new_socket=refuse)
    with pytest.raises(AddressRefused):
        guard.socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("10.0.0.1", 80)))


@pytest.mark.parametrize(
    "host",
    [
        *("2852039166", "0xa9fea9fe", "169.254.43518", "169.254.169.254.", "2852039166."),
        *(
            "10.1",
            "127.1",
            "0x7f000001",
            "[::ffff:10.0.0.1]",
            "[fd20:ce::254]",
            "localhost",
            "LocalHost.",
            "a.localhost",
        ),
    ],
)
def test_no_spelling_of_a_private_address_goes_through_a_proxy(world: NewWorld, host: str) -> None:
    """A proxy resolves names by its own lights, and may be inside a network that it should not open."""
    here = world()
    for scheme in ("http", "https"):
        with pytest.raises(AddressRefused, match="not on the public internet"):
            here.fetch(f"{scheme}://{host}/", proxy="http://1.1.1.1:3128")
    assert here.dialled == []


@pytest.mark.parametrize("prefix", ["64:ff9b::/96", "2001:db8:64::/96"])
def test_what_a_listed_gateway_to_ipv4_leads_to_counts_as_well(prefix: str) -> None:
    network = ip_network(prefix)
    at = {inner: network[int(ip_address(inner))] for inner in ("1.1.1.1", "10.0.0.5", "127.0.0.1", "169.254.169.254")}
    assert [inner for inner, address in at.items() if allowed(address, (network,))] == ["1.1.1.1"]
    assert allowed(at["10.0.0.5"], (network, ip_network("10.0.0.0/8")))
