"""The configuration in docs/operate.md, "Proxies, and national certificate authorities", with a proxy on loopback."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.national import AUTHORITY, HOST, PROXY, PROXY_ADDRESS, TABLE, authority, shown, tunnel_to


class World(NamedTuple):
    """The register behind its proxy, and a check of it."""

    register: Any
    proxy: Any
    check: Callable[[str], dict[str, Any]]


@pytest.fixture
def world(
    new_site: Callable[..., Any],
    configure: Callable[..., Path],
    watch: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
    folder: Path,
) -> World:
    made, context = authority(tmp_path_factory.mktemp("authority"))
    (folder / AUTHORITY).write_bytes(made.read_bytes())
    register, proxy = new_site(context), new_site()
    register.page("/agents/list", TABLE.format(branch="не исполнено"))
    proxy.raw(f"{HOST}:443", tunnel_to(register.port))

    def check(text: str) -> dict[str, Any]:
        configure(text.replace(PROXY, proxy.url("")).replace(PROXY_ADDRESS, "127.0.0.1"))
        said: dict[str, Any] = json.loads(watch("--once", "--json").out)["sources"][0]
        return said

    return World(register, proxy, check)


def test_the_configuration_of_the_document_reads_the_register_through_the_proxy(world: World) -> None:
    assert world.check(shown())["status"] == "baseline"
    assert [asked.method for asked in world.proxy.requests] == ["CONNECT"]
    assert [asked.headers["host"] for asked in world.register.requests] == [HOST]
    world.register.page("/agents/list", TABLE.format(branch="в стадии согласования"))
    [change] = world.check(shown())["changes"]
    assert change["fields"]["branch"] == {"before": "не исполнено", "after": "в стадии согласования"}


def test_without_the_authority_s_file_the_register_is_not_believed_to_be_itself(world: World) -> None:
    lines = [line for line in shown().splitlines() if not line.startswith("ca_file")]
    said = world.check("\n".join(lines))
    assert (said["status"], said["reason"]) == ("failing", "tls")
    assert "give its authority's PEM file as ca_file" in said["message"]
    assert world.register.requests == []


def test_another_source_does_not_trust_that_authority(world: World) -> None:
    other = f'[sources.a-other]\nkind = "text"\nurl = "https://{HOST}/agents/list"\n'
    said = world.check(shown().replace("[sources.rkn-landing]", f"{other}[sources.rkn-landing]"))
    assert (said["name"], said["reason"]) == ("a-other", "tls")


def test_the_address_guard_looks_at_the_proxy_itself(world: World) -> None:
    said = world.check(shown().replace(PROXY_ADDRESS, "10.0.0.11"))
    assert (said["status"], said["reason"]) == ("failing", "address_refused")
    assert world.proxy.requests == []
