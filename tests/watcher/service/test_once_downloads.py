"""A large download of real processes: killed again and again, ended by its deadline, and on a disk that is full."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from tests.configurations import LOOPBACK
from tests.torture.processes import Program, until

BODY = ("name,text\n" + "".join(f"row {n},{chr(97 + n % 26) * 90_000}\n" for n in range(40))).encode()
SOURCE = f'{LOOPBACK}[sources.large]\nkind = "csv"\nkey = "name"\nmax_lost = 0\nurl = "{{url}}"\n'


class Stalling:
    """A server of one CSV that answers a range, and stalls at each of the bytes in `at`, of one request after another."""

    def __init__(self, site: Any, *at: int) -> None:
        self.asked: list[str | None] = []
        self._site, self._at = site, [*at, len(BODY)]
        site.raw("/", self.talk)

    def talk(self, connection: socket.socket) -> None:
        asked, end = self._site.requests[-1].headers, self._at[len(self.asked)]
        self.asked.append(asked.get("range"))
        begin = int(asked["range"][6:-1]) if asked.get("if-range") == '"1"' else 0
        ranged = f"Content-Range: bytes {begin}-{len(BODY) - 1}/{len(BODY)}\r\n" if begin else ""
        status = "206 Partial Content" if begin else "200 OK"
        head = f'HTTP/1.1 {status}\r\nContent-Type: text/csv\r\nETag: "1"\r\nContent-Length: {len(BODY) - begin}\r\n{ranged}\r\n'
        connection.sendall(head.encode() + BODY[begin:end])
        if end < len(BODY):
            connection.recv(1)  # until the other end is gone


@pytest.fixture
def program(tmp_path: Path, site: Any) -> Any:
    made = Program(tmp_path)
    made.configure(SOURCE.format(url=site.url()))
    yield made
    made.close()


def kept(program: Program) -> int:
    return sum(part.stat().st_size for part in program.folder.glob("state.db.downloads/*.part"))


def test_a_run_that_is_killed_goes_on_where_it_was(site: Any, program: Program) -> None:
    stops = [1_500_000, 2_500_000, 3_500_000]
    server = Stalling(site, *stops)
    for stop in stops:
        running = program.start("--once")
        until(lambda stop=stop: kept(program) == stop)
        running.kill()
    said = program.once().json["sources"][0]
    assert (said["status"], said["entries"]) == ("baseline", 40)
    assert server.asked == [None, *(f"bytes={stop}-" for stop in stops)]
    assert not [*program.folder.glob("state.db.downloads/*")]


def test_a_check_that_ends_at_its_deadline_says_that_it_goes_on(site: Any, program: Program) -> None:
    server = Stalling(site, 1_500_000)
    program.configure(SOURCE.format(url=site.url()) + 'timeout = "1s"\n')
    failed = program.once().json["sources"][0]
    assert (failed["reason"], "goes on from 1.5 MB; raise timeout" in failed["message"]) == ("timeout", True)
    assert program.once().json["sources"][0]["entries"] == 40
    assert server.asked == [None, "bytes=1500000-"]
