"""`machine`: a systemd booted for these tests, with Registry Watch installed by `make install` from this tree.

It runs in namespaces of its own (boot.sh), so the tests' threads enter its network to be the web site and the mail
server that it sees on its loopback.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.configurations import LIST
from tests.systemd.machine import (
    INSTALLED,
    ROOT,
    SERVICE,
    Machine,
    download_wheels,
    in_network_of,
    reason_not_to_boot,
    tree_files,
    wait_for,
)


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Registry Watch as `make install` leaves it, from a copy of this tree."""
    if reason := reason_not_to_boot():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("systemd")
    wheels = download_wheels(INSTALLED)
    booted = Machine(folder)
    try:
        booted.copy(tree_files(), ROOT, "/srv/clone")
        booted.copy([file.name for file in wheels.iterdir()], wheels, "/srv/wheels")
        booted.said = booted.make("install")
        booted.checked = booted.run("registry-watch", "check-config")
        booted.modes = booted.run("sh", "-c", "stat --format %a /etc/registry-watch/watch.*")
        yield booted
    finally:
        booted.close()


@pytest.fixture(scope="session")
def browser_wheels(machine: Machine) -> None:
    """What `make upgrade BROWSER=1` installs more is there."""
    wheels = download_wheels("requirements-browser.txt")
    machine.copy([file.name for file in wheels.iterdir()], wheels, "/srv/wheels")


@pytest.fixture
def network(machine: Machine) -> Iterator[None]:
    """This test, and the servers that it starts, are in the machine's network: its loopback is ours."""
    with in_network_of(machine.pid):
        yield


CONFIGURATION = (
    'state = "sqlite:////var/lib/registry-watch/state.db"\n'
    + LIST
    + """\
every = "300ms"

[channels.desk]
url = "{mail}"

[channels.ops]
url = "{hook}/ops?-token=${{credential:hook-token}}"

[[alerts]]
to = ["desk"]

[[alerts]]
health = true
to = ["ops"]
"""
)
TOKEN = "s3cret-credential-of-the-hook"
CREDENTIALS = "[Service]\nLoadCredential=hook-token:/etc/registry-watch/credentials/hook-token\n"
QUICK = "[Service]\nWatchdogSec=2s\nRestartSec=200ms\n"


class World:
    """The machine, and what it sees: a register of companies, a desk that gets mails, operators behind a hook."""

    token = TOKEN

    def __init__(self, machine: Machine, site: Any, post_office: Any) -> None:
        self.machine, self.site, self.post_office = machine, site, post_office
        self.site.page("/ops")
        self.names("Telegram", branch="not met")
        hook = site.url("").replace("http", "json")
        self.text = CONFIGURATION.format(site=site.url(""), mail=post_office.url("desk@example.org"), hook=hook)

    def names(self, *names: str, branch: str) -> None:
        """What stands in the register from now on."""
        self.site.page("/list", [{"name": name, "branch": branch} for name in names])

    def configure(self, more: str = "") -> None:
        self.machine.write("/etc/registry-watch/watch.toml", self.text + more)

    def source(self, name: str, every: str = "300ms") -> str:
        """The table of one more source."""
        return f'\n[sources.{name}]\nkind = "json"\nurl = "{self.site.url(f"/{name}")}"\nitems = "@"\nkey = "name"\nevery = "{every}"\n'

    def mails(self) -> list[str]:
        """The subjects of the mails about changes."""
        titles = [str(mail["Subject"]) for mail in self.post_office.mails]
        return [title for title in titles if not title.startswith("Watching")]

    def told(self) -> list[str]:
        """What the operators were told."""
        return [json.loads(asked.body)["title"] for asked in self.site.requests if asked.path.startswith("/ops")]

    def baseline(self) -> None:
        """Wait until the register is known, so that what comes is a change."""
        seen = self.site.paths.count("/list")
        wait_for(lambda: self.site.paths.count("/list") >= seen + 2)


@pytest.fixture
def world(machine: Machine, network: None, request: pytest.FixtureRequest) -> Iterator[World]:
    """No state, a good configuration, and nothing running."""
    world = World(machine, request.getfixturevalue("site"), request.getfixturevalue("post_office"))
    world.configure()
    machine.write("/etc/registry-watch/credentials/hook-token", TOKEN + "\n", 0o600)
    machine.drop_in("credentials", CREDENTIALS)
    machine.drop_in("quick", QUICK)
    yield world
    machine.systemctl("stop", SERVICE, check=False)
    machine.systemctl("reset-failed", check=False)
    kept = "/var/lib/private/registry-watch"  # empty, as the installation leaves it
    machine.run("sh", "-c", f"rm -rf {kept} /var/lib/registry-watch && install -d -m 700 {kept}")
    machine.run("ln", "-s", "private/registry-watch", "/var/lib/registry-watch")


@pytest.fixture
def running(world: World) -> World:
    """The service, started, with its baseline behind it."""
    world.machine.systemctl("start", SERVICE)
    world.baseline()
    return world
