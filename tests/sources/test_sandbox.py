"""A third-party kind in the real subprocess: what is forbidden fails, what it needs works."""

from __future__ import annotations

import socket
import struct
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sources import Get, Page, ReaderFailed
from sources.loader import kind
from sources.reading import pool
from sources.reading.engine import read_page
from sources.reading.sandbox import MACHINES, Means, means, program, readable

URL = "https://register.example/list"
KINDS = """
import os, socket, subprocess
from sources import Entry, Source

class Forbidden(Source):
    def parse(self, page):
        what, where = page.text.split(" ", 1)
        DEEDS[what](where)
        yield Entry("it was done")

def dial(where):
    socket.create_connection(("127.0.0.1", int(where)), 2)

def say(where):
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", int(where)))

def pair(where):
    socket.socketpair()

def read(where):
    open(where).read()

def listed(where):
    os.listdir(where)

def write(where):
    open(where + ".new", "w")

def append(where):
    os.open(where, os.O_WRONLY | os.O_APPEND)

def unlink(where):
    os.unlink(where)

def rename(where):
    os.rename(where, where + ".old")

def make(where):
    os.mkdir(where + ".folder")

def chmod(where):
    os.chmod(where, 0o777)

def run(where):
    subprocess.run(["/bin/true"])

def become(where):
    os.execv("/bin/true", ["true"])

def fork(where):
    if not os.fork():
        os._exit(0)

def kill(where):
    os.kill(os.getppid(), 0)

def limit(where):
    import resource
    resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE)

def works(where):
    import threading, zoneinfo, lxml.html, confined_later
    thread = threading.Thread(target=list)
    thread.start()
    thread.join()
    zoneinfo.ZoneInfo("Europe/Moscow")
    open("/dev/null").close()
    assert confined_later.HERE and "CONFINED_SECRET" not in os.environ

DEEDS = {name: thing for name, thing in globals().items() if callable(thing)}
"""
FILES = {"read", "listed"}
CALLS = {"dial", "say", "pair", "write", "append", "unlink", "rename", "make", "chmod", "run", "become", "fork", "kill", "limit"}  # fmt: skip


@pytest.fixture
def attempt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Has the kind try something with a file of the user's, or another place, and says how it ended."""
    code = tmp_path / "code"
    (info := code / "confined-1.0.dist-info").mkdir(parents=True)
    (code / "confined_kind.py").write_text(KINDS)
    (code / "confined_later.py").write_text("HERE = True\n")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: confined\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[registry_watch.sources]\nconfined = confined_kind:Forbidden\n")
    own = code / "watch.toml"  # beside the code, as in a folder that is on the module search path by chance
    own.write_text("secret")
    monkeypatch.syspath_prepend(str(code))
    monkeypatch.setenv("CONFINED_SECRET", "1")
    monkeypatch.setattr(pool, "_READERS", pool._Readers(1))

    def attempted(what: str, where: object = own) -> str:
        page = Page(Get(URL), URL, 200, {}, f"{what} {where}".encode(), datetime.now(UTC))
        return next(entry.key for entry in read_page(kind("confined")(url=URL), page))

    yield attempted
    pool._READERS.close()
    assert [path.name for path in code.glob("watch.toml*")] == ["watch.toml"]
    assert (own.read_text(), own.stat().st_mode & 0o777) == ("secret", 0o644)
    sys.modules.pop("confined_kind", None)


@pytest.mark.skipif(not means().seccomp, reason="no seccomp here")
@pytest.mark.parametrize("what", sorted(CALLS - {"dial", "say"}))
def test_what_changes_or_reaches_something_is_refused(attempt: Any, what: str) -> None:
    with pytest.raises(ReaderFailed, match=r"PermissionError: \[Errno 1\]"):
        attempt(what)


@pytest.mark.skipif(not means().seccomp, reason="no seccomp here")
def test_there_is_no_network(attempt: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        for what in ("dial", "say"):
            with pytest.raises(ReaderFailed, match=r"PermissionError: \[Errno 1\]"):
                attempt(what, server.getsockname()[1])


@pytest.mark.skipif(not means().landlock, reason="no Landlock here")
@pytest.mark.parametrize("what", sorted(FILES))
def test_the_user_s_files_are_not_to_be_seen(attempt: Any, what: str, tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "kept").write_text("secret")
    places = [Path.home()] if what == "listed" else [tmp_path / "evidence" / "kept", tmp_path / "code" / "watch.toml"]
    for where in (*places, tmp_path if what == "listed" else "/etc/passwd"):
        with pytest.raises(ReaderFailed, match=r"PermissionError: \[Errno 13\]"):
            attempt(what, where)


def test_what_reading_needs_is_there(attempt: Any) -> None:
    assert attempt("works") == "it was done"


def test_only_what_can_be_imported_is_to_be_seen_of_a_folder_of_the_user_s(tmp_path: Path) -> None:
    for name in ("package", "data"):
        (tmp_path / name).mkdir()
    for name in ("package/__init__.py", "data/kept.warc", "module.py", "watch.toml", "state.db"):
        (tmp_path / name).touch()
    files, listed = readable([str(tmp_path), "", str(tmp_path / "absent")])
    assert {path.name for path in files if path.is_relative_to(tmp_path)} == {"package", "module.py"}
    assert tmp_path in listed


@pytest.mark.parametrize("machine", MACHINES)
def test_every_jump_of_the_filter_stays_within_it(machine: str) -> None:
    code = program(MACHINES[machine], 4711)
    steps = [struct.unpack_from("HBBI", code, at) for at in range(0, len(code), 8)]
    for at, (_, yes, no, _) in enumerate(steps):
        assert max(yes, no) < len(steps) - at - 1 or steps[at][0] == 6
    assert steps[-1] == (6, 0, 0, 0x7FFF0000)
    assert len(steps) < 4096


def test_what_is_missing_is_said() -> None:
    assert (
        str(Means(seccomp=True, landlock=3))
        == "no network, no programs (seccomp); no files but code (Landlock, version 3)"
    )
    assert "NOT kept from network" in str(Means(seccomp=False, landlock=3))
    assert "NOT kept from reading files" in str(Means(seccomp=True, landlock=0))
