"""`watch up` as processes: the daemon, and the desk beside it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from tests.torture.processes import until

ROOT = Path(__file__).parents[3]


class Up:
    """A daemon with its desk in a session of their own, as in a terminal; `address` is where the desk says it is."""

    def __init__(self, process: subprocess.Popen[str], err: Path) -> None:
        self.process, self._err = process, err
        self.address = self.sign_in = ""

    def listen(self) -> None:
        """Wait for the two lines of a desk that has started."""
        assert self.process.stdout
        self.address = self.process.stdout.readline().split()[-1]
        self.sign_in = self.process.stdout.readline().split()[-1]

    def err(self) -> str:
        return self._err.read_text()

    def desk(self) -> int:
        """The process of the desk."""
        children = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return int(next(words[0] for file in children if (words := file.read_text().split())))

    def is_served(self) -> bool:
        with suppress(httpx.TransportError):
            return httpx.get(f"{self.address}sign-in").status_code == 200
        return False


@contextmanager
def going_up(folder: Path, *arguments: str) -> Iterator[Up]:
    err = folder / "err"
    environment = {key: value for key, value in os.environ.items() if key != "WATCH_CONFIG"}
    with (
        err.open("w") as opened,
        subprocess.Popen(
            [sys.executable, "-m", "watcher.cli", "up", *arguments],
            cwd=folder,
            env={**environment, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=opened,
            text=True,
            start_new_session=True,
        ) as process,
    ):
        up = Up(process, err)
        try:
            yield up
        finally:
            process.kill()  # the desk ends with it


def test_an_empty_folder_gets_a_configuration_and_ctrl_c_ends_both(tmp_path: Path) -> None:
    with going_up(tmp_path, "--listen", "127.0.0.1:0") as up:
        up.listen()
        assert up.sign_in.startswith(f"{up.address}sign-in?token=")
        assert httpx.get(up.sign_in).status_code == 303
        until(lambda: "watching 0 sources" in up.err())
        os.killpg(up.process.pid, signal.SIGINT)
        assert up.process.wait(60) == 0
        assert not up.is_served()
    assert (tmp_path / "watch.toml").stat().st_mode & 0o777 == 0o640
    assert "wrote watch.toml" in up.err()
    assert "stopped" in up.err()
    assert (tmp_path / "state.db").exists()


def test_a_configuration_that_is_there_is_used_and_read_again_by_both(tmp_path: Path) -> None:
    (tmp_path / "watch.toml").write_text('[web]\nlisten = "127.0.0.1:0"\n')
    token = "of-the-command-line-that-is-long"
    with going_up(tmp_path, "--config", "watch.toml", "--token", token) as up:
        up.listen()
        assert up.sign_in == f"{up.address}sign-in?token={token}"
        up.process.send_signal(signal.SIGHUP)
        until(lambda: up.err().count("the configuration was read again") == 2)


def test_the_daemon_goes_on_when_the_desk_dies_and_the_desk_comes_back(tmp_path: Path) -> None:
    with going_up(tmp_path, "--listen", "127.0.0.1:0") as up:
        up.listen()
        before = up.address
        os.kill(up.desk(), signal.SIGKILL)
        up.listen()
        assert up.address != before
        assert up.is_served()
        assert up.process.poll() is None
        assert "the desk has ended" in up.err()


def test_the_desk_ends_with_a_daemon_that_is_killed(tmp_path: Path) -> None:
    with going_up(tmp_path, "--listen", "127.0.0.1:0") as up:
        up.listen()
        up.process.kill()
        until(lambda: not up.is_served())


def test_an_address_that_is_taken_ends_both(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with going_up(tmp_path, "--listen", f"127.0.0.1:{port}") as up:
            assert up.process.wait(60) == 2
    assert "cannot listen" in up.err()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--config", "other.toml"], "no configuration: looked for other.toml"),
        (["--listen", "here"], "is not a host and port"),
        (["--token", "short"], "characters at least"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(arguments: list[str], said: str, tmp_path: Path) -> None:
    with going_up(tmp_path, *arguments) as up:
        assert up.process.wait(60) == 2
    assert said in up.err()
    assert [file.name for file in tmp_path.iterdir()] == ["err"]
