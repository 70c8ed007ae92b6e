from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from sources.address import allowed

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
