"""Two workers as an administrator meets them, in a systemd that was booted for it (conftest.py), with a PostgreSQL
server on its loopback."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests import postgres
from tests.systemd.machine import wait_for

World = Any  # of conftest.py, which cannot be imported by name
SERVICE = "registry-watch.service"
TEMPLATE = "registry-watch-worker@.service"
WORKERS = [f"registry-watch-worker@{number}.service" for number in (1, 2)]
PORT = 5432  # nobody else is there

pytestmark = pytest.mark.skipif(not postgres.installed(), reason=postgres.MISSING)


@pytest.fixture
def server(network: None) -> Iterator[postgres.Server]:
    with postgres.server(listen_addresses="127.0.0.1", **postgres.QUICK) as server:
        server.sql("CREATE DATABASE watch")
        server.sql("CREATE ROLE watch SUPERUSER LOGIN PASSWORD 'hunter22'")
        yield server


@pytest.fixture
def shared(world: World, server: postgres.Server) -> Iterator[World]:
    """A register whose state is on the server, by a password that is a credential, and nothing running."""
    machine = world.machine
    machine.make("upgrade", "POSTGRES=1")
    file, state = (
        'state = "sqlite:////var/lib/registry-watch/state.db"',
        "postgresql+psycopg://watch:${credential:database}",
    )
    world.text = world.text.replace(file, f'state = "{state}@127.0.0.1:{PORT}/watch"')
    world.configure()
    machine.write("/etc/registry-watch/credentials/database", "hunter22\n", 0o600)
    given = "".join(
        f"LoadCredential={name}:/etc/registry-watch/credentials/{name}\n" for name in ("hook-token", "database")
    )
    machine.drop_in("credentials", f"[Service]\n{given}", TEMPLATE)
    machine.drop_in("quick", "[Service]\nRestartSec=200ms\n", TEMPLATE)
    yield world
    machine.systemctl("stop", *WORKERS, check=False)
    machine.systemctl("reset-failed", check=False)


def test_two_workers_share_the_work_outlive_a_kill_and_drain(shared: World, server: postgres.Server) -> None:
    machine = shared.machine
    machine.systemctl("start", *WORKERS)
    shared.baseline()
    shared.names("Telegram", branch="under approval")
    assert wait_for(shared.mails) == ["Telegram: branch: not met → under approval (list)"]
    assert "2 workers at work" in machine.run("registry-watch", "status")
    before = machine.show("MainPID", WORKERS[0])
    machine.systemctl("kill", "--signal=KILL", WORKERS[0])
    wait_for(lambda: machine.show("MainPID", WORKERS[0]) not in {before, "0"})
    shared.names("Telegram", branch="approved")
    assert len(wait_for(lambda: len(shared.mails()) > 1 and shared.mails())) == 2
    wait_for(lambda: "in hand" in machine.show("StatusText", WORKERS[1]))
    machine.systemctl("stop", *WORKERS)
    assert [machine.show("Result", worker) for worker in WORKERS] == ["success", "success"]
    assert server.sql("SELECT count(*) FROM workers", "watch") == [(1,)], "the one that was killed could not sign off"
    assert "hunter22" not in machine.journal(WORKERS[0]) + machine.journal(WORKERS[1])


def test_the_daemon_goes_on_with_a_state_that_was_copied_to_the_server(shared: World) -> None:
    machine, on_the_server = shared.machine, shared.text
    state = f"postgresql+psycopg://watch:${{credential:database}}@127.0.0.1:{PORT}/watch"
    shared.text = on_the_server.replace(state, "sqlite:////var/lib/registry-watch/state.db")
    shared.configure()
    machine.drop_in("database", "[Service]\nLoadCredential=database:/etc/registry-watch/credentials/database\n")
    machine.systemctl("start", SERVICE)
    shared.baseline()
    machine.systemctl("stop", SERVICE)
    said = machine.run("registry-watch", "state", "copy", "/var/lib/registry-watch/state.db", state)
    assert "what was written is what was read" in said
    shared.text = on_the_server
    shared.configure()
    shared.names("Telegram", branch="under approval")
    machine.systemctl("start", SERVICE)
    assert wait_for(shared.mails) == ["Telegram: branch: not met → under approval (list)"]
    machine.drop_in("database", "")


def test_uninstall_ends_the_workers_too(shared: World) -> None:
    machine = shared.machine
    machine.systemctl("enable", "--now", *WORKERS)
    machine.make("uninstall")
    assert [machine.show("ActiveState", worker) for worker in WORKERS] == ["inactive", "inactive"]
    wanted = "/etc/systemd/system/multi-user.target.wants"
    assert "registry-watch" not in machine.run("sh", "-c", f"ls {wanted} 2>/dev/null || true")
