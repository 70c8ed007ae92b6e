"""Downloads that break off, over real loopback HTTP: the rest is asked for, and joined only to its own version."""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from sources import BadResponse, DiskFull, Get, HttpStatus, Page, TimedOut, TooLarge
from sources.http.exchange import Validators
from sources.http.resume import LONGEST_KEPT, Beginnings, strong_validator
from sources.options import HttpOptions
from tests.conftest import ByHttpcore, LoopFetcher, fetch

FIRST, SECOND = (Random(seed).randbytes(6_000_000) for seed in (1, 2))
CUT = 2_500_000  # bytes after which the connection ends
Ask = Callable[..., Page]


class Register:
    """Serves one document, with ranges as RFC 9110 says, and breaks off its first answers. `change` alters each answer
    to a range: its status, headers and body.
    """

    def __init__(self, site: Any) -> None:
        self.body, self.etag, self.breaks = FIRST, '"1"', 1
        self.headers: dict[str, str] = {}
        self.change: Callable[[str, dict[str, str], bytes], tuple[str, dict[str, str], bytes]] = lambda *said: said
        self._site = site
        self.url = site.url("/all.csv?key=secret")
        site.raw("/all.csv", self.talk)

    @property
    def ranges(self) -> list[str | None]:
        """The ranges that were asked for; None for all."""
        return [asked.headers.get("range") for asked in self._site.requests]

    def talk(self, connection: socket.socket) -> None:
        asked = self._site.requests[-1].headers
        status, body, headers = "200 OK", self.body, {"ETag": self.etag, **self.headers}
        if "range" in asked and asked.get("if-range") == self.etag:
            begin = int(asked["range"][6:-1])
            headers["Content-Range"] = f"bytes {begin}-{len(body) - 1}/{len(body)}"
            status, body = "206 Partial Content", body[begin:]
        if "range" in asked:
            status, headers, body = self.change(status, headers, body)
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        if "Transfer-Encoding" not in headers:
            lines += f"Content-Length: {len(body)}\r\n"

        self.breaks -= 1  # before the answer, on which a test may set it anew
        body = body[:CUT] if self.breaks >= 0 else body
        connection.sendall(f"HTTP/1.1 {status}\r\n{lines}\r\n".encode())
        connection.sendall(body)


@pytest.fixture
def register(site: Any) -> Register:
    return Register(site)


class World(NamedTuple):
    """Asks within one process, and in the next one."""

    ask: Ask
    next_process: Callable[[], Ask]
    folder: Path


@pytest.fixture(params=["aiohttp", "httpcore"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    folder = tmp_path / "state.db.downloads"
    kind = LoopFetcher if request.param == "aiohttp" else ByHttpcore
    with ExitStack() as all_processes:

        def start() -> Ask:
            all_processes.close()
            http = HttpOptions(private_addresses="allow")
            made = kind(http, clock=lambda: datetime.now(UTC), beginnings=Beginnings(folder))
            all_processes.enter_context(closing(made))
            return lambda *given, **options: fetch(made, *given, **options)

        yield World(start(), start, folder)


def break_off(world: World, register: Register) -> int:
    """Have a process die with a part of the body; returns how many bytes that is."""
    register.breaks = 99
    register.change = lambda status, headers, body: ("503 Busy", {"Retry-After": "9"}, b"")
    with pytest.raises((BadResponse, HttpStatus)):
        world.ask(register.url)
    register.breaks, register.change = 0, lambda *said: said
    (kept,) = world.folder.glob("*.part")
    return kept.stat().st_size


def test_a_download_that_breaks_off_goes_on_within_the_check(world: World, register: Register) -> None:
    register.breaks = 2
    page = world.ask(register.url)
    assert (page.status, page.body, page.headers["etag"]) == (200, FIRST, '"1"')
    assert register.ranges == [None, f"bytes={CUT}-", f"bytes={2 * CUT}-"]
    assert not [*world.folder.iterdir()]


def test_the_next_process_goes_on_where_the_last_one_died(world: World, register: Register) -> None:
    size = break_off(world, register)
    page = world.next_process()(register.url)
    assert (page.body, register.ranges[-1]) == (FIRST, f"bytes={size}-")
    assert not [*world.folder.iterdir()]


def test_what_is_kept_names_no_secret_and_is_for_its_owner_alone(world: World, register: Register) -> None:
    register.headers = {"Set-Cookie": "session=secret"}
    break_off(world, register)
    for file in world.folder.iterdir():
        assert b"secret" not in file.read_bytes()
    assert world.folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("honest", [True, False])
def test_a_document_that_changed_meanwhile_is_received_anew(world: World, register: Register, honest: bool) -> None:
    size = break_off(world, register)
    register.body, register.etag = SECOND, '"2"'
    if not honest:  # it sends the part of the new version that was asked of the old one
        rest = {"ETag": '"2"', "Content-Range": f"bytes {size}-5999999/6000000"}
        register.change = lambda *_: ("206 Partial Content", rest, SECOND[size:])
    assert world.next_process()(register.url).body == SECOND
    assert not [*world.folder.iterdir()]


LIES: list[tuple[str, dict[str, str], bytes]] = [
    ("206 Partial", {"ETag": '"1"', "Content-Range": "bytes 0-5999999/6000000"}, FIRST),
    ("206 Partial", {"ETag": '"1"', "Content-Range": "bytes 2500001-5999999/6000000"}, FIRST[CUT + 1 :]),
    ("206 Partial", {"ETag": '"1"', "Content-Range": "bytes 2500000-5999998/6000000"}, FIRST[CUT:-1]),
    ("206 Partial", {"ETag": '"1"', "Content-Range": "bytes 2500000-6999999/7000000"}, FIRST[CUT:] + bytes(1_000_000)),
    ("206 Partial", {"ETag": '"1"', "Content-Range": "bytes 2500000-5999999/*"}, FIRST[CUT:]),
    ("206 Partial", {"ETag": '"1"', "Content-Range": "bytes 2500000-5999999/6000000"}, FIRST[CUT:-9]),
    ("206 Partial", {"ETag": '"1"', "Content-Range": "rows 2500000-5999999/6000000"}, FIRST[CUT:]),
    ("206 Partial", {"ETag": '"1"'}, FIRST[CUT:]),
    ("206 Partial", {"ETag": 'W/"1"', "Content-Range": "bytes 2500000-5999999/6000000"}, FIRST[CUT:]),
    ("206 Partial", {"Content-Range": "bytes 2500000-5999999/6000000"}, FIRST[CUT:]),
    (
        "206 Partial",
        {"ETag": '"1"', "Content-Range": "bytes 2500000-5999999/6000000", "Content-Encoding": "gzip"},
        FIRST[CUT:],
    ),
    ("200 OK", {"ETag": '"1"'}, FIRST),
    ("416 Not Satisfiable", {"Content-Range": "bytes */10"}, b""),
    ("412 Failed", {}, b""),
    ("500 Broken", {}, b""),
]


@pytest.mark.parametrize("lie", LIES, ids=[f"{status} {headers}" for status, headers, _ in LIES])
def test_what_is_not_the_rest_is_never_joined(world: World, register: Register, lie: Any) -> None:
    register.change = lambda *_: lie
    assert world.ask(register.url).body == FIRST
    assert len(register.ranges) == (2 if lie[0] == "200 OK" else 3)


def test_chunks_that_are_more_than_the_range_are_refused(world: World, register: Register) -> None:
    said = {"ETag": '"1"', "Content-Range": "bytes 2500000-5999999/6000000", "Transfer-Encoding": "chunked"}
    rest = FIRST[CUT:] + b"more"
    register.change = lambda *_: ("206 Partial", said, b"%x\r\n%s\r\n0\r\n\r\n" % (len(rest), rest))
    with pytest.raises(BadResponse, match="is not as long as was said"):
        world.ask(register.url)


@pytest.mark.parametrize("etag", ['W/"1"', '"with\x01control"', "bare"])
def test_without_a_strong_validator_nothing_is_kept(world: World, register: Register, etag: str) -> None:
    register.etag = etag
    with pytest.raises(BadResponse, match=r"cut off or is malformed$"):
        world.ask(register.url)
    assert (len(register.ranges), world.folder.exists()) == (1, False)


@pytest.mark.parametrize(
    ("headers", "validator"),
    [
        ({"etag": '"a"'}, '"a"'),
        ({"etag": '""', "last-modified": "Tue, 01 Jul 2025 10:00:00 GMT"}, '""'),
        ({"etag": 'W/"a"', "last-modified": "Tue, 01 Jul 2025 10:00:00 GMT"}, None),
        ({"last-modified": "Tue, 01 Jul 2025 10:00:00 GMT"}, None),
        ({"last-modified": "Tue, 01 Jul 2025 10:00:00 GMT", "date": "Tue, 01 Jul 2025 10:00:59 GMT"}, None),
        ({"last-modified": "yesterday", "date": "Tue, 01 Jul 2025 10:00:59 GMT"}, None),
        ({"last-modified": "Tue, 01 Jul 2025 10:00:00", "date": "Tue, 01 Jul 2025 11:00:00 GMT"}, None),
        (
            {"last-modified": "Tue, 01 Jul 2025 10:00:00 GMT", "date": "Tue, 01 Jul 2025 10:01:00 GMT"},
            "Tue, 01 Jul 2025 10:00:00 GMT",
        ),
    ],
)
def test_a_date_is_a_validator_once_it_is_a_minute_old(headers: dict[str, str], validator: str | None) -> None:
    assert strong_validator(headers) == validator


def test_another_address_account_or_method_gets_nothing_of_it(world: World, register: Register, site: Any) -> None:
    break_off(world, register)
    ask, asked = world.next_process(), len(register.ranges)
    ask(register.url.replace("secret", "other"))
    ask(register.url, auth="me:word")
    ask(Get(register.url, method="POST", form={"a": "b"}))
    assert register.ranges[asked:] == [None, None, None]


def test_a_proof_is_of_one_answer(register: Register, tmp_path: Path) -> None:
    http, kept = HttpOptions(private_addresses="allow"), Beginnings(tmp_path / "downloads")
    with closing(LoopFetcher(http, clock=lambda: datetime.now(UTC), proving=True, beginnings=kept)) as fetcher:
        with pytest.raises(BadResponse, match=r"malformed$"):
            fetch(fetcher, register.url)
        assert fetch(fetcher, register.url).body == FIRST
    assert register.ranges == [None, None]


def test_an_unchanged_document_makes_its_beginning_useless(world: World, register: Register) -> None:
    break_off(world, register)
    register.change = lambda *_: ("304 Not Modified", {"ETag": '"0"'}, b"")
    assert world.next_process()(register.url, Validators('"0"')).status == 304
    assert not [*world.folder.iterdir()]


def damage_head(part: Path) -> None:
    part.with_suffix(".json").write_text("{")


def forget_head(part: Path) -> None:
    part.with_suffix(".json").unlink()


def grow_old(part: Path) -> None:
    os.utime(part, (time.time() - LONGEST_KEPT - 9,) * 2)


def restart_the_machine(part: Path) -> None:
    head = part.with_suffix(".json")
    head.write_text(head.read_text().replace('"boot": "', '"boot": "0'))


@pytest.mark.parametrize("spoil", [damage_head, forget_head, grow_old, restart_the_machine])
def test_what_is_unreadable_or_old_is_deleted(world: World, register: Register, spoil: Callable[[Path], None]) -> None:
    break_off(world, register)
    world.next_process()
    spoil(next(world.folder.glob("*.part")))
    ask = world.next_process()
    assert not [*world.folder.iterdir()]
    assert (ask(register.url).body, register.ranges[-1]) == (FIRST, None)


def test_of_many_the_oldest_are_deleted(world: World, register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.http.resume.MOST_BYTES_KEPT", 4_000_000)
    monkeypatch.setattr("sources.http.session.PARTS", 1)
    register.breaks = 99
    for name in ("a", "b"):
        with pytest.raises(BadResponse, match=r"the next check goes on from 2\.5 MB"):
            world.ask(f"{register.url}{name}")
    assert len([*world.folder.glob("*.part")]) == 1


def test_a_deadline_says_from_where_the_next_check_goes_on(world: World, register: Register, site: Any) -> None:
    def stall(connection: socket.socket) -> None:
        connection.sendall(b'HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Length: 6000000\r\n\r\n' + FIRST[:CUT])
        site.closing.wait(5)

    site.raw("/all.csv", stall)
    with pytest.raises(TimedOut, match=r"within 1 s; the next check goes on from 2\.5 MB; raise timeout"):
        world.ask(register.url, timeout="1s")
    site.raw("/all.csv", register.talk)
    register.breaks = 0
    assert world.next_process()(register.url).body == FIRST
    assert register.ranges == [None, f"bytes={CUT}-"]


def test_a_second_process_beside_keeps_its_own_in_itself(world: World, register: Register) -> None:
    break_off(world, register)
    http, asked = HttpOptions(private_addresses="allow"), len(register.ranges)
    beside = LoopFetcher(http, clock=lambda: datetime.now(UTC), beginnings=Beginnings(world.folder))
    register.breaks = 1
    assert fetch(beside, register.url).body == FIRST
    beside.close()
    assert register.ranges[asked:] == [None, f"bytes={CUT}-"]
    assert len([*world.folder.glob("*.part")]) == 1


def test_what_the_disk_has_no_room_for_is_not_begun(world: World, site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9 - 9_000_000, 9_000_000))
    site.page("/", bytes(10_000_000), etag='"1"')
    with pytest.raises(DiskFull, match=r"needs 10 MB of disk space, and .* has 9 MB left") as caught:
        world.ask(site.url())
    assert (caught.value.code, world.folder.exists()) == ("disk_full", False)


def test_a_body_that_is_too_large_leaves_nothing(world: World, register: Register) -> None:
    register.headers = {"Transfer-Encoding": "chunked"}
    register.body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(FIRST), FIRST)
    with pytest.raises(TooLarge):
        world.ask(register.url, max_bytes=2_000_000)
    assert not [*world.folder.iterdir()]
