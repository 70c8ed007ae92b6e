"""The address guard's policy: which addresses a request may go to. Pure; `transport.py` applies it.

The tables are our own, beside what `ipaddress` says, since that differs from one Python release to the next.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Literal

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Private = Literal["refuse", "allow"] | tuple[Network, ...]

# Where clouds tell a machine its own credentials: only ever reached when listed one by one.
_METADATA = frozenset(
    map(
        ip_address,
        ("169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16", "192.0.0.192"),
    )
)

# What "allow" opens: this machine, private networks, and the shared space that VPNs and carriers use.
_PRIVATE = tuple(
    map(
        ip_network,
        (
            "127.0.0.0/8",
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "100.64.0.0/10",
            "::1/128",
            "fc00::/7",
        ),
    )
)

# IPv4 that is not the public internet, beyond the private networks.
_SPECIAL = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "169.254.0.0/16",  # link-local
            "192.0.0.0/24",
            "192.0.2.0/24",  # documentation, as are 198.51.100.0/24 and 203.0.113.0/24
            "192.88.99.0/24",  # 6to4 relays
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
            "2001::/23",  # Teredo and other protocol assignments
            "2001:db8::/32",  # documentation, as is 3fff::/20
            "2002::/16",  # 6to4
            "3fff::/20",
        ),
    )
)

# IPv4-compatible, IPv4-mapped and NAT64: an IPv4 address is in the last four bytes.
_WITH_IPV4_LAST = tuple(map(ip_network, ("::/96", "::ffff:0:0/96", "64:ff9b::/96")))

# All that is public in IPv6. Outside it lie loopback, unique local and link-local addresses, multicast, and
# the forms with an IPv4 address inside (IPv4-mapped, NAT64), which would be a way around the IPv4 tables.
_PUBLIC_V6 = IPv6Network("2000::/3")


def allowed(address: Address, private: Private) -> bool:
    """Whether a request may go to `address` under `private_addresses`.

    "refuse" leaves the public internet only; "allow" adds loopback and private networks; a list of networks
    adds exactly those. A cloud's metadata service is reached only when its very address is listed.
    """
    if isinstance(address, IPv6Address) and address.scope_id:
        address = IPv6Address(int(address))  # which interface it goes through makes no other address of it
    inside = _inside(address)
    if address in _METADATA or inside in _METADATA:
        return isinstance(private, tuple) and ip_network(inside or address) in private
    if isinstance(private, tuple) and _within(address, private):
        return True
    if _within(address, _PRIVATE):
        return private == "allow"
    return _public(address)


def _inside(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to, on this machine or at a gateway."""
    if isinstance(address, IPv4Address):
        return None
    if address.sixtofour:
        return address.sixtofour
    return IPv4Address(int(address) & 0xFFFFFFFF) if _within(address, _WITH_IPV4_LAST) else None


def _public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and address not in _PUBLIC_V6:
        return False
    return address.is_global and not address.is_multicast and not _within(address, _SPECIAL)


def _within(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address in network for network in networks)
