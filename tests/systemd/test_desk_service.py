"""The desk as an administrator meets it, in a systemd that was booted for it (conftest.py), beside the daemon."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.systemd.machine import wait_for

World = Any  # of conftest.py, which cannot be imported by name
SERVICE, WEB = "registry-watch.service", "registry-watch-web.service"
TOKEN = "s3cret-credential-of-the-desk"
LOAD = "".join(
    f"LoadCredential={name}:/etc/registry-watch/credentials/{name}\n" for name in ("hook-token", "web-token")
)
DESK = '\n[web]\nlisten = "127.0.0.1:8350"\ntoken = "${credential:web-token}"\n'
ADDRESS = "http://127.0.0.1:8350"


def titles() -> list[str]:
    """The changes that the desk shows to a program."""
    answer = httpx.get(f"{ADDRESS}/api/v1/changes", headers={"authorization": f"Bearer {TOKEN}"})
    return [each["fields"]["branch"]["after"] for each in answer.json()["items"]]


@pytest.fixture
def served(world: World) -> Iterator[World]:
    """The daemon with its baseline behind it, and the desk."""
    machine = world.machine
    machine.write("/etc/registry-watch/credentials/web-token", TOKEN + "\n", 0o600)
    for unit in (SERVICE, WEB):
        machine.drop_in("credentials", f"[Service]\n{LOAD}", unit)
    world.configure(DESK)
    machine.systemctl("start", SERVICE)
    world.baseline()
    machine.systemctl("start", WEB)
    yield world
    machine.systemctl("stop", WEB, check=False)


def test_it_serves_beside_the_daemon_and_its_journal_keeps_no_token(served: World) -> None:
    machine = served.machine
    assert machine.show("StatusText", WEB) == f"serving {ADDRESS}/"
    wait_for(lambda: httpx.get(f"{ADDRESS}/healthz").status_code == 200, 70)
    served.names("Telegram", branch="under approval")
    wait_for(lambda: titles() == ["under approval"])
    machine.systemctl("reload", WEB)
    assert machine.show("ActiveState", WEB) == "active"
    journal = machine.journal(WEB)
    assert f"serving {ADDRESS}/" in journal
    assert "read again" in journal
    assert TOKEN not in journal


def test_a_restart_during_checks_loses_nothing(served: World) -> None:
    for turn in range(4):
        served.names("Telegram", branch=f"step {turn}")
        served.machine.systemctl("restart", WEB)
        wait_for(lambda turn=turn: len(served.mails()) == turn + 1)
    assert titles() == [f"step {turn}" for turn in (3, 2, 1, 0)]
    assert served.machine.show("NRestarts") == "0"
