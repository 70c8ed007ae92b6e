"""The notifications to systemd, over a real socket."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from watcher.service.systemd import Watchdog, notify, reloading


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(2)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield listening


def test_ready_and_status_go_as_one_datagram(manager: socket.socket) -> None:
    notify("READY=1", "STATUS=watching 3 sources")
    assert manager.recv(200) == b"READY=1\nSTATUS=watching 3 sources"


def test_a_reload_tells_when_it_began(manager: socket.socket) -> None:
    reloading()
    first, second = manager.recv(200).decode().split("\n")
    assert first == "RELOADING=1"
    assert int(second.removeprefix("MONOTONIC_USEC=")) > 0


def test_the_watchdog_is_pinged_at_half_the_time_it_allows(
    manager: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "60000000")
    watchdog = Watchdog()
    watchdog.ping()
    watchdog.ping()
    assert manager.recv(50) == b"WATCHDOG=1"
    manager.settimeout(0.05)
    with pytest.raises(TimeoutError):
        manager.recv(50)


def test_without_a_service_manager_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    with monkeypatch.context() as nobody:
        nobody.setattr(socket, "socket", opened := Mock())
        notify("READY=1")
    assert not opened.called
    monkeypatch.setenv("NOTIFY_SOCKET", "/nowhere/at/all")
    notify("READY=1")
