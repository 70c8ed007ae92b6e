"""A web server that is measured: a process of its own on loopback, whose processor time is read to the nanosecond."""

from __future__ import annotations

import ctypes
import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from math import ceil
from pathlib import Path
from typing import NamedTuple

from tests.bench.measure import RunFailedError, Running, said

TOKEN = "0123456789abcdef"
SOON, LONGEST = 60.0, 3_600.0  # seconds until a server listens, and until its index has all entries
AFTER = 0.01  # seconds after an answer, in which a server may still clear up


class Answer(NamedTuple):
    """What came: the status, the headers by their names in small letters, and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Times(NamedTuple):
    """A page's processor time in ms: the median, and the 95th of a hundred; and its bytes."""

    middle: float
    late: float
    size: int


class Browser:
    """One connection, which stays open; it sends the same headers each time."""

    def __init__(self, port: int, headers: Mapping[str, str]) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = dict(headers)

    def get(self, path: str) -> Answer:
        """Ask for a page, and read it to its end."""
        self._connection.request("GET", path, headers=self.headers)
        answer = self._connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, headers, answer.read())

    def close(self) -> None:
        self._connection.close()


class Server:
    """A server that runs. `port` is on 127.0.0.1."""

    def __init__(self, running: Running, port: int) -> None:
        self._running, self.port = running, port
        self._clock = _clock_of(running.pid)

    def cpu(self) -> float:
        """Seconds of processor time that it has used so far, in all of its threads."""
        return time.clock_gettime(self._clock)

    def highest(self) -> float:
        """MB that it had in use at the most, by the kernel's account."""
        status = Path(f"/proc/{self._running.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6

    @contextmanager
    def browser(self, headers: Mapping[str, str] | None = None) -> Iterator[Browser]:
        with closing(Browser(self.port, headers or {})) as opened:
            yield opened

    def measured(self, browser: Browser, path: str, times: int, status: int = 200) -> Times:
        """What a page takes, asked so many times after a first one. Raises RunFailedError for another status."""
        spent, size = list[float](), 0
        for _ in range(times + 1):
            began = self.cpu()
            answer = browser.get(path)
            time.sleep(AFTER)
            spent.append((self.cpu() - began) * 1_000)
            size = len(answer.body)
            if answer.status != status:
                raise RunFailedError(f"{path} was to be answered {status}, and was answered {answer.status}")
        spent = sorted(spent[1:])
        return Times(spent[len(spent) // 2], spent[ceil(len(spent) * 0.95) - 1], size)


def _clock_of(pid: int) -> int:
    """The clock of a process's processor time, also of its threads that have ended."""
    clock = ctypes.c_int()
    if ctypes.CDLL(None).clock_getcpuclockid(pid, ctypes.byref(clock)):
        raise RunFailedError(f"there is no process {pid}")
    return clock.value


@contextmanager
def started(
    command: Sequence[str], folder: Path, env: Mapping[str, str], port: Callable[[], int | None]
) -> Iterator[Server]:
    """A server, for as long as it is needed. `port` is None until it listens. Raises RunFailedError if it does not."""
    running = Running(command, folder, env)
    try:
        yield Server(running, _listening(folder, port))
    finally:
        running.terminate()
        with suppress(ChildProcessError):  # it had ended by itself
            running.wait(SOON)


def _listening(folder: Path, port: Callable[[], int | None]) -> int:
    deadline = time.monotonic() + SOON
    while time.monotonic() < deadline:
        if found := port():
            return found
        time.sleep(0.05)
    raise RunFailedError(f"nothing listens:\n{said(folder)[-2_000:]}")


@contextmanager
def desk(program: Path, folder: Path, config: Path) -> Iterator[Server]:
    """`watch serve` for a configuration; what it says, and its search index, are in the folder."""
    command = [str(program), "--config", str(config), "serve", "--listen", "127.0.0.1:0", "--token", TOKEN]
    (folder / "cache").mkdir()
    env = {"CACHE_DIRECTORY": str(folder / "cache")}

    def port() -> int | None:
        found = re.search(r"serving http://127\.0\.0\.1:(\d+)/\n", said(folder))
        return int(found[1]) if found else None

    with started(command, folder, env, port) as server:
        yield server


def signed_in(server: Server) -> dict[str, str]:
    """The headers of a browser that has signed in."""
    with server.browser() as browser:
        answer = browser.get(f"/sign-in?token={TOKEN}")
    return {"Cookie": answer.headers["set-cookie"].partition(";")[0]}


def wait_for_index(folder: Path, sources: int) -> Path:
    """Wait until the search index has so many sources to their end; its file. Raises RunFailedError."""
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        for file in (folder / "cache").glob("search-*.db"):
            with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as index:
                if index.execute("SELECT count(*) FROM sources").fetchone()[0] >= sources:
                    return file
        time.sleep(0.2)
    raise RunFailedError("the search index was not built")
