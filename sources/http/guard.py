"""The address guard: which addresses a request may connect to, and the sockets that connect.

It has its own tables beside `ipaddress`, whose answers differ from one Python release to the next.
"""

import asyncio
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Literal

from sources.errors import AddressRefused
from sources.http.errors import progress
from sources.places import SharedPlaces

LookUp = Callable[[str, int], list[str]]
"""The addresses of a host, the preferred ones first. Raises OSError."""

MOST_THREADS = 64  # with 6, a few silent name servers blocked all other look-ups
_SHARE, _KEPT = 20, 2  # a zone or a rendered page has a twentieth, and half are kept for names that answered
_QUICK = 2.0  # seconds, of a name server that answers
_SHORT = 3  # letters of a label as in co.uk and gov.ru, under which zones are those of others
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Private = Literal["refuse", "allow"] | tuple[Network, ...]


class Resolver:
    """Calls `look_up` in threads, at most `most` at once, for one event loop. A zone whose servers are silent, or a
    page that asks for any number of names, has a few of them.
    """

    def __init__(self, look_up: LookUp, most: int = MOST_THREADS) -> None:
        self._look_up = look_up
        self._places = SharedPlaces(most, share=most // _SHARE, keep=most // _KEPT, quick=_QUICK)

    async def resolve(self, host: str, port: int, owner: str = "") -> list[str]:
        """The result of `look_up`, or its exception; for `owner`, in place of the zone. A cancelled caller leaves its
        thread behind, which still counts as one.
        """
        found: Future[list[str]] = Future()

        def run() -> None:
            try:
                found.set_result(self._look_up(host, port))
            except Exception as error:  # noqa: BLE001 - raised again in the caller
                found.set_exception(error)

        labels = host.lower().rstrip(".").split(".")
        zone = ".".join(labels[-3 if len(labels) > 2 and len(labels[-2]) <= _SHORT else -2 :])  # that was registered
        place = self._places.ask(owner or zone, host)
        try:
            await place.given()
        except asyncio.CancelledError:
            self._places.give_back(place)
            raise
        found.add_done_callback(lambda _: self._places.give_back(place))
        answer = asyncio.wrap_future(found)
        answer.add_done_callback(lambda ended: ended.exception())  # marks it as retrieved, else asyncio logs it
        try:
            threading.Thread(target=run, name="resolver", daemon=True).start()
        except RuntimeError as error:  # the system allows no more threads
            found.set_exception(socket.gaierror(socket.EAI_AGAIN, str(error)))
        await asyncio.wait([answer])  # unlike awaiting it, does not cancel it on cancellation
        return answer.result()


def look_up_name(host: str, port: int, flags: int = 0) -> list[str]:
    """Resolve a host by the system's resolver. Raises OSError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    except UnicodeError as error:  # a label of more than 63 characters, and the like
        raise socket.gaierror(socket.EAI_NONAME, str(error)) from None
    return [str(where[0]) for *_, where in found]


def look_up_literal(host: str, port: int) -> list[str]:
    """The address that `host` is, in any spelling ("127.1", "0x7f000001"), without asking a name server; empty for a
    name.
    """
    try:
        return look_up_name(host, port, socket.AI_NUMERICHOST)
    except OSError:
        return []


def _networks(*texts: str) -> tuple[Network, ...]:
    return tuple(ip_network(each) for text in texts for each in text.split())


# Metadata services, where clouds give a machine its credentials: only reached when listed one by one.
_CLOUDS = "169.254.169.254 fd00:ec2::254 fd20:ce::254 100.100.100.200 168.63.129.16 192.0.0.192"
_METADATA = frozenset(map(ip_address, _CLOUDS.split()))
# What "allow" permits: loopback, private networks, and the shared address space (RFC 6598) of VPNs and carriers.
_PRIVATE = _networks("127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 ::1/128 fc00::/7")
# Other special-purpose networks, which are not the public internet (IANA registries).
_SPECIAL = _networks(
    "0.0.0.0/8 169.254.0.0/16 192.0.0.0/24",  # this network, link-local, protocol assignments
    "192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32 3fff::/20",  # documentation
    "192.88.99.0/24 2002::/16 2001::/23",  # 6to4 relays, 6to4, Teredo and other protocol assignments
    "198.18.0.0/15 224.0.0.0/4 240.0.0.0/4",  # benchmarks, multicast, reserved and broadcast
)
_NAT64_PREFIX = 96  # bits of the usual prefix length
# IPv4-compatible, IPv4-mapped and NAT64: an IPv4 address is in the last four bytes.
_WITH_IPV4_LAST = _networks("::/96 ::ffff:0:0/96 64:ff9b::/96")
# All public IPv6 addresses. Outside it are loopback, unique local and link-local addresses, multicast, and the forms
# with an embedded IPv4 address (IPv4-mapped, NAT64), which would bypass the IPv4 tables.
_PUBLIC_V6 = IPv6Network("2000::/3")

AddressInfo = tuple[int, int, int, str, tuple[Any, ...]]
"""An address as `socket.getaddrinfo` gives it."""


class Guard:
    """Checks all addresses of a name, then the address of each socket before it connects.

    Both are needed: a client does not resolve a literal address in a URL, and it resolves a name again for each
    connection (DNS rebinding). Tests replace `look_up` and `new_socket`.
    """

    def __init__(
        self,
        private: Private,
        look_up: LookUp | None = None,
        new_socket: Callable[[int, int, int], socket.socket] | None = None,
    ) -> None:
        self._private = private
        self._resolver = Resolver(look_up or look_up_name)
        self._new_socket = new_socket or socket.socket

    def check(self, host: str, address: str) -> None:
        """Raise AddressRefused if an address is not allowed. It is no OSError, so no client tries the next address
        after it.
        """
        if not allowed(ip_address(address), self._private):
            what = host if host == address else f"{host} has the address {address}, which"
            raise AddressRefused(
                f"{what} is not on the public internet; list it in private_addresses of [http] to allow it"
            )

    def check_literal(self, host: str) -> None:
        """Check a host that is a literal address, in any spelling: clients and proxies differ in which they accept.

        Raises AddressRefused.
        """
        for address in _literal(host):
            self.check(host, address)

    async def resolve(self, host: str, port: int, owner: str = "") -> list[str]:
        """All addresses of `host`, after each was checked, looked up for `owner`. Raises AddressRefused and OSError."""
        progress.get().stage = "name"
        found = look_up_literal(host, port) or await self._resolver.resolve(host, port, owner)
        progress.get().stage = "connect"
        for address in found:
            self.check(host, address)
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "no address")
        return found

    def socket(self, info: AddressInfo) -> socket.socket:
        """A socket for a connection to an address. Raises AddressRefused."""
        family, kind, protocol, _, where = info
        self.check(where[0], where[0])
        return self._new_socket(family, kind, protocol)


@lru_cache(maxsize=1024)
def _literal(host: str) -> list[str]:
    """The address in a host that is a literal one, else empty; "localhost" counts as one (RFC 6761)."""
    host = host.rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return ["127.0.0.1"]
    looks = ":" in host or host.rpartition(".")[2][:1].isdigit()
    return look_up_literal(host, 0) if looks else []


@lru_cache(maxsize=1024)
def allowed(address: Address, private: Private) -> bool:
    """Whether a request may connect to `address` under `private_addresses`.

    "refuse" permits the public internet only; "allow" adds loopback and private networks; a list of networks adds
    exactly those. A cloud's metadata service is only permitted when its own address is listed. A listed IPv6 network of
    96 bits is taken for the prefix of a NAT64 gateway (RFC 6052): the embedded IPv4 address is checked as well.
    """
    if isinstance(address, IPv6Address) and address.scope_id:
        address = IPv6Address(int(address))  # without the scope id (interface)
    inside = _inside(address)
    if address in _METADATA or inside in _METADATA:
        return isinstance(private, tuple) and ip_network(inside or address) in private
    if isinstance(private, tuple) and (network := next((each for each in private if address in each), None)):
        gateway = network.version == 6 and network.prefixlen == _NAT64_PREFIX
        return not gateway or allowed(IPv4Address(int(address) & 0xFFFFFFFF), private)
    if _within(address, _PRIVATE):
        return private == "allow"
    if isinstance(address, IPv6Address) and address not in _PUBLIC_V6:
        return False
    return address.is_global and not address.is_multicast and not _within(address, _SPECIAL)


def _inside(address: Address) -> IPv4Address | None:
    """The IPv4 address embedded in an IPv6 one, used on this machine or by a gateway."""
    if isinstance(address, IPv4Address):
        return None
    if address.sixtofour:
        return address.sixtofour
    return IPv4Address(int(address) & 0xFFFFFFFF) if _within(address, _WITH_IPV4_LAST) else None


def _within(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address in network for network in networks)
