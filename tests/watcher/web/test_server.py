"""`watch serve` as a process of its own."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from state.store import Store
from tests.torture.processes import until

TOKEN = "a-token-that-must-not-be-kept"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "watch.toml").write_text(
        'state = "sqlite:///state.db"\n[web]\nlisten = "127.0.0.1:0"\ntoken = "${WEB_TOKEN}"\n'
    )
    Store.open(f"sqlite:///{tmp_path}/state.db").close()
    return tmp_path


@contextmanager
def serving(
    folder: Path, *, journal: bool, files: int | None = None, code: str = ""
) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A desk, and the file with its standard error, which a unit's journal would keep. It may open so many `files`."""
    begin = ["prlimit", f"--nofile={files}"] if files else []
    kept = folder / "journal"
    with kept.open("w") as err:
        stat = os.fstat(err.fileno())
        extra = {"JOURNAL_STREAM": f"{stat.st_dev}:{stat.st_ino}"} if journal else {}
        process = subprocess.Popen(
            [
                *begin,
                sys.executable,
                *(["-c", code] if code else ["-m", "watcher.cli"]),
                "--config",
                str(folder / "watch.toml"),
                "serve",
            ],
            env={**os.environ, "WEB_TOKEN": TOKEN, **extra},
            stdout=subprocess.PIPE,
            stderr=err,
            text=True,
        )
        with process:
            try:
                yield process, kept
            finally:
                process.terminate()


def test_it_says_where_it_listens_and_how_to_sign_in(folder: Path) -> None:
    with serving(folder, journal=False) as (process, _):
        assert process.stdout
        first, second = process.stdout.readline().split()[-1], process.stdout.readline().split()[-1]
        assert second == f"{first}sign-in?token={TOKEN}"
        answer = httpx.get(f"{first}api/v1/changes", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.json() == {"items": [], "next": None}
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def test_where_it_cannot_listen_it_says_why(folder: Path) -> None:
    file = folder / "watch.toml"
    file.write_text(file.read_text().replace("127.0.0.1:0", f"unix:{folder}/nowhere/web.sock"))
    with serving(folder, journal=True) as (process, kept):
        assert process.wait(60) == 2
    assert f"cannot listen at {folder}/nowhere/web.sock: No such file or directory; choose" in kept.read_text()


def test_a_journal_keeps_no_token(folder: Path) -> None:
    with serving(folder, journal=True) as (process, kept):
        assert process.stdout
        address = process.stdout.readline().split()[-1]
        assert httpx.get(f"{address}sign-in?token={TOKEN}").status_code == 303
        assert httpx.get(f"{address}nothing?token={TOKEN}").status_code == 404
        process.send_signal(signal.SIGHUP)
        until(lambda: "read again" in kept.read_text())
        process.terminate()
        assert TOKEN not in process.stdout.read() + kept.read_text()


def test_unfinished_requests_keep_nobody_out_and_fill_no_log(folder: Path) -> None:
    """More of them than the process may have files: the one that is waited for longest gives way."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    with serving(folder, journal=False, files=1024) as (process, kept), ExitStack() as ends:
        assert process.stdout
        address = urlsplit(process.stdout.readline().split()[-1])
        where = (address.hostname or "", address.port or 0)
        for _ in range(1_100):
            connection = ends.enter_context(socket.create_connection(where, timeout=10))
            with suppress(OSError):
                connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        for _ in range(3):
            answer = httpx.get(f"{address.geturl()}api/v1/changes", headers={"Authorization": f"Bearer {TOKEN}"})
            assert answer.status_code == 200
        assert kept.stat().st_size < 10_000


def test_a_request_that_does_not_arrive_in_time_ends(folder: Path) -> None:
    code = "import watcher.web.server as it; it.ARRIVES_WITHIN = 0.5; from watcher.cli import main; main()"
    with serving(folder, journal=False, code=code) as (process, _):
        assert process.stdout
        address = urlsplit(process.stdout.readline().split()[-1])
        whole = b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        body = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n"
        for begins in (b"", b"GET / HT", whole + b"GET /", body):
            with socket.create_connection((address.hostname or "", address.port or 0), timeout=20) as connection:
                connection.sendall(begins)
                with suppress(ConnectionResetError):
                    while connection.recv(100_000):
                        pass


def test_a_length_beside_chunks_is_refused_and_ends_the_connection(folder: Path) -> None:
    head = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
    with serving(folder, journal=False) as (process, _):
        assert process.stdout
        address = urlsplit(process.stdout.readline().split()[-1])
        with socket.create_connection((address.hostname or "", address.port or 0), timeout=20) as connection:
            connection.sendall(head + b"0\r\n\r\nGET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            answer = b""
            with suppress(ConnectionResetError):
                while piece := connection.recv(100_000):
                    answer += piece
    assert (answer[:12], answer.count(b"HTTP/1.1 ")) == (b"HTTP/1.1 400", 1)


def test_the_fetcher_and_the_readers_of_proofs_are_not_loaded_at_the_start() -> None:
    code = "import sys, watcher.web.server; print({'httpx', 'aiohttp', 'asn1crypto'} & {*sys.modules})"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.strip() == "set()"
