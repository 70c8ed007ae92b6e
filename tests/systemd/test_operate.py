"""docs/operate.md followed to the letter, where test_service.py does not: a proxy, a national authority, a sealed secret."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from tests.national import AUTHORITY, HOST, PROXY_ADDRESS, TABLE, authority, operate, shown, tunnel_to
from tests.systemd.machine import wait_for

SERVICE = "registry-watch.service"
FILE = f"/etc/registry-watch/{AUTHORITY}"
REST = """
state = "sqlite:////var/lib/registry-watch/state.db"
{shown}
[channels.desk]
url = "{mail}"
[[alerts]]
to = ["desk"]
[[alerts]]
health = true
to = ["desk"]
"""

World = Any  # of conftest.py, which cannot be imported by name


class Register(NamedTuple):
    """The register that only the proxy can reach, and the proxy."""

    site: Any
    proxy: Any

    def says(self, branch: str) -> None:
        self.site.page("/agents/list", TABLE.format(branch=branch))


@pytest.fixture
def register(world: World, new_site: Callable[..., Any], tmp_path: Any) -> Iterator[Register]:
    """The hosts of the document are on this machine: the proxy by its name, on its private address and its port."""
    machine = world.machine
    machine.run("ip", "address", "add", f"{PROXY_ADDRESS}/32", "dev", "lo")
    hosts = machine.root / "etc/hosts"
    before = hosts.read_text()
    hosts.write_text(f"{before}\n{PROXY_ADDRESS} proxy.example.org\n")
    made, context = authority(tmp_path)
    machine.write(FILE, made.read_text())  # chmod 644, as the document says
    register = Register(new_site(context), new_site(at=(PROXY_ADDRESS, 3128)))
    register.proxy.raw(f"{HOST}:443", tunnel_to(register.site.port))
    register.says("не исполнено")
    yield register
    hosts.write_text(before)
    machine.run("ip", "address", "del", f"{PROXY_ADDRESS}/32", "dev", "lo")


def configure(world: World, block: str) -> None:
    """What the document shows, with who is told; and often, as nobody has five minutes here."""
    block = block.replace('kind = "rkn_landing"', 'kind = "rkn_landing"\nevery = "300ms"')
    text = REST.format(
        shown=block.replace("[http]", '[http]\nspacing = "0s"'), mail=world.post_office.url("desk@example.org")
    )
    world.machine.write("/etc/registry-watch/watch.toml", text)


def test_the_service_reads_a_register_of_a_national_authority_through_the_proxy(
    world: World, register: Register
) -> None:
    configure(world, shown())
    assert "watch.toml: ok: 1 source" in world.machine.run("registry-watch", "check-config")
    assert "sha256 Fingerprint=" in world.machine.run(
        "openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in", FILE
    )
    world.machine.systemctl("start", SERVICE)
    wait_for(lambda: register.site.paths.count("/agents/list") >= 2)
    register.says("в стадии согласования")
    [title] = wait_for(world.mails)
    assert title == "Telegram Messenger Inc.…: now в стадии согласован… (Roskomnadzor, 236-FZ list)"
    assert {asked.method for asked in register.proxy.requests} == {"CONNECT"}


def test_without_the_authority_s_file_the_journal_says_what_is_missing(world: World, register: Register) -> None:
    configure(world, "\n".join(line for line in shown().splitlines() if not line.startswith("ca_file")))
    world.machine.systemctl("start", SERVICE)
    wait_for(lambda: "rkn-landing: tls: " in world.machine.journal(SERVICE, "-p", "warning"))
    assert f"the certificate of {HOST} through the proxy proxy.example.org is not " in world.machine.journal()
    assert register.site.requests == []
    assert [title.partition(":")[0] for title in wait_for(world.mails)] == ["FAILING"]


def test_an_authority_s_file_that_the_service_may_not_read_is_named(world: World, register: Register) -> None:
    (world.machine.root / FILE.lstrip("/")).chmod(0o600)
    configure(world, shown())
    world.machine.systemctl("start", SERVICE, check=False)
    wait_for(lambda: f"ca_file {FILE}" in world.machine.journal(SERVICE))


def test_a_new_secret_arrives_with_a_restart(world: World) -> None:
    block = operate("Secrets", "ini").replace("smtp-password", "hook-token")
    assert "LoadCredential=hook-token:/etc/registry-watch/credentials/hook-token\n" in block
    world.machine.drop_in("credentials", block)
    world.machine.systemctl("start", SERVICE)
    world.machine.write("/etc/registry-watch/credentials/hook-token", "renewed-s3cret-of-the-hook\n", 0o600)
    world.machine.systemctl("restart", SERVICE)
    world.machine.run("registry-watch", "alert-test", "ops")
    [told] = [asked for asked in world.site.requests if asked.path.startswith("/ops")]
    assert "renewed-s3cret-of-the-hook" in str(told)


def test_with_an_older_systemd_s_type_a_reload_is_a_hup(running: World) -> None:
    machine = running.machine
    machine.drop_in("older", "[Service]\n" + operate("Install", "ini"))
    machine.systemctl("restart", SERVICE)
    assert machine.show("Type") == "notify"
    before = machine.show("MainPID")
    running.site.page("/more", [{"name": "Zoom"}])
    running.configure(running.source("more"))
    machine.systemctl("reload", SERVICE)
    wait_for(lambda: "/more" in running.site.paths)
    assert machine.show("MainPID") == before
    machine.drop_in("older", "")


def test_a_sealed_credential_arrives(world: World) -> None:
    machine = world.machine
    sealed = "/etc/registry-watch/credentials/hook-token.cred"
    plain = "/etc/registry-watch/credentials/hook-token"
    if machine.code("systemd-creds", "encrypt", "--name=hook-token", plain, sealed) != 0:
        pytest.skip(
            "this systemd cannot seal: " + machine.run("systemd-creds", "encrypt", plain, "-", check=False)[-200:]
        )
    machine.run("rm", plain)
    machine.drop_in("credentials", f"[Service]\nLoadCredentialEncrypted=hook-token:{sealed}\n")
    world.site.page("/list", status=500)
    machine.systemctl("start", SERVICE)
    wait_for(world.told)
    assert world.token in str(next(asked for asked in world.site.requests if asked.path.startswith("/ops")))
    assert world.token not in machine.journal(SERVICE, "-o", "json", "--all")
