"""The program as processes that can be killed, stopped, starved and told another time; all are ended by their id."""

from __future__ import annotations

import datetime as dt
import json
import multiprocessing
import os
import signal
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple, Self

from tests.pauses import note, tell_into, told_in
from tests.torture.databases import Place

ROOT = Path(__file__).parents[2]

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.torture.warm"])
_one_at_a_time = threading.Lock()  # a start asks after all processes, and only who asks first learns how one ended


class Ran(NamedTuple):
    """What a process came to; a signal that ended it is a negative code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.out))


class Starved(NamedTuple):
    """What a process has to do without, or is lied to about.

    `files` and `size` are its limits of open files and of bytes in one file, `hosts` the names that it can resolve: the
    servers of those that end with `silent` say no more once there is a file `silent` in its folder. The clock is ahead by
    the seconds that stand in the file `clock` of its folder.
    """

    files: int | None = None
    size: int | None = None
    hosts: Mapping[str, str] | None = None


WELL_FED = Starved()
SILENT = 10.0  # seconds until the system gives up a name whose servers are silent


class Running:
    """A process of the program."""

    def __init__(self, process: Any, out: Path, err: Path, pause: Path) -> None:
        self._process, self._out, self._err, self._pause = process, out, err, pause
        self.pid: int = process.pid

    @property
    def pause(self) -> float | None:
        """The longest pause of its event loop so far, in seconds of processor time; None when it has none."""
        return told_in(self._pause)

    @property
    def code(self) -> int | None:
        """How it ended, or None while it has not."""
        with _one_at_a_time:
            code: int | None = self._process.exitcode
        return code

    @property
    def alive(self) -> bool:
        return self.code is None

    def signal(self, number: signal.Signals) -> None:
        if self.alive:
            os.kill(self.pid, number)

    def err(self) -> str:
        return self._err.read_text(errors="replace")

    def wait(self, seconds: float = 60) -> Ran:
        ends = time.monotonic() + seconds
        while (code := self.code) is None:
            if time.monotonic() > ends:
                self.kill()
                raise TimeoutError(f"still there after {seconds:.0f} s: {self.err()[-300:]}")
            time.sleep(0.01)
        return Ran(code, self._out.read_text(), self.err())

    def is_stopped(self) -> bool:
        return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"

    def kill(self) -> None:
        ends = time.monotonic() + 10
        while self.alive and time.monotonic() < ends:
            with suppress(ProcessLookupError):  # it has just ended by itself
                os.kill(self.pid, signal.SIGKILL)
            time.sleep(0.02)


class Program:
    """The command line in a folder of its own. If there is a `tmp` in it, its temporary files are there.

    `variables` are those of its environment that this process does not have, such as a PYTHONPATH.
    """

    def __init__(self, folder: Path, place: Place | None = None, variables: Mapping[str, str] | None = None) -> None:
        self.folder, self.state, self._variables = folder, folder / "state.db", dict(variables or {})
        self.place = place or Place(f"sqlite:///{self.state}")
        self._started: list[Running] = []

    def configure(self, text: str) -> None:
        (self.folder / "watch.toml").write_text(text)

    def shift(self, by: timedelta) -> None:
        """Set the clock of all its processes, also of those that run."""
        new = self.folder / "clock.new"
        new.write_text(str(by.total_seconds()))
        new.replace(self.folder / "clock")

    def start(self, *argv: str, failpoint: str = "", starved: Starved = WELL_FED) -> Running:
        number = len(self._started)
        files = [self.folder / f"{name}.{number}" for name in ("out", "err", "pause")]
        for file in files:
            file.touch()
            file.chmod(0o666)
        variables = {"REGISTRY_WATCH_FAILPOINT": failpoint, **self._variables}
        arguments = (["--config", "watch.toml", *argv], str(self.folder), variables, starved, *files)
        with _one_at_a_time:
            os.environ["PYTHONPATH"] = str(ROOT)
            process = _context.Process(target=_live, args=arguments)  # type: ignore[attr-defined]
            process.start()
        self._started.append(Running(process, *files))
        return self._started[-1]

    def run(self, *argv: str, failpoint: str = "", starved: Starved = WELL_FED, seconds: float = 60) -> Ran:
        return self.start(*argv, failpoint=failpoint, starved=starved).wait(seconds)

    def once(self, *argv: str, failpoint: str = "", starved: Starved = WELL_FED) -> Ran:
        return self.run("--once", "--json", *argv, failpoint=failpoint, starved=starved)

    def changes(self) -> int:
        """How many changes the log has."""
        return int(self.ask("SELECT count(*) FROM events WHERE kind = 'change'"))

    def start_two(self) -> list[Running]:
        """Two daemons at once. Of two on one file the second is refused, and told of the first, which alone is there."""
        first = self.start()
        if self.place.server:
            return [first, self.start()]
        until(lambda: self.state.exists() and self.ask("SELECT count(*) FROM sqlite_master WHERE name = 'workers'") > 0)
        until(lambda: self.ask("SELECT count(*) FROM workers") > 0)
        second = self.start().wait()
        assert (second.code, f"process {first.pid} on " in second.err) == (2, True), second
        return [first]

    def ask(self, statement: str, state: Path | None = None) -> Any:
        if self.place.server:
            return self.place.server.sql(statement, self.place.database)[0][0]
        connection = sqlite3.connect(f"file:{state or self.state}?mode=ro", uri=True)
        try:
            return connection.execute(statement).fetchone()[0]
        finally:
            connection.close()

    def sound(self, state: Path | None = None) -> bool:
        """Whether SQLite finds nothing wrong with the state, or with a copy of it; PostgreSQL only says so in its log."""
        return bool(self.place.server or self.ask("PRAGMA integrity_check", state) == "ok")

    @property
    def pause(self) -> float | None:
        """The longest pause of the event loops of all its processes so far; None when none had one."""
        return max((running.pause for running in self._started if running.pause is not None), default=None)

    def close(self) -> None:
        for running in self._started:
            running.kill()
        note(self.pause)
        self.place.close()


class Script:
    """Statements in a process of their own, which has what the program loads: `stdin` leads to it, and `stdout` has what
    it prints and its errors.
    """

    def __init__(self, statements: str, *argv: str, failpoint: str = "") -> None:
        (its_in, our_in), (our_out, its_out) = (_context.Pipe(duplex=False) for _ in range(2))
        variables = {"REGISTRY_WATCH_FAILPOINT": failpoint}
        with _one_at_a_time:
            os.environ["PYTHONPATH"] = str(ROOT)
            arguments = (statements, argv, variables, its_in, its_out)
            self._process = _context.Process(target=_execute, args=arguments)  # type: ignore[attr-defined]
            self._process.start()
        self.stdin, self.stdout = os.fdopen(os.dup(our_in.fileno()), "w"), os.fdopen(os.dup(our_out.fileno()))
        for end in (its_in, our_in, our_out, its_out):
            end.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.signal(signal.SIGKILL)
        self.wait()
        self.stdin.close()
        self.stdout.close()

    def signal(self, number: signal.Signals) -> None:
        with _one_at_a_time:
            if self._process.exitcode is None:
                with suppress(ProcessLookupError):  # it has ended, and the fork server has not said so yet
                    os.kill(self._process.pid, number)

    def tell(self, text: str) -> str:
        """Write this to it, and return what it prints from now on."""
        print(text, file=self.stdin, flush=True)
        return self.stdout.read()

    def wait(self, seconds: float = 60) -> int:
        """How it ended; a signal that ended it is a negative code."""
        self._process.join(seconds)
        assert self._process.exitcode is not None, f"still there after {seconds:.0f} s"
        return int(self._process.exitcode)


def ended(statements: str, *argv: str, failpoint: str = "") -> tuple[int, str]:
    """How statements in a process of their own ended, and what they wrote."""
    with Script(statements, *argv, failpoint=failpoint) as script:
        script.stdin.close()
        said = script.stdout.read()
        return script.wait(), said


def until(what: Callable[[], Any], seconds: float = 60, why: str = "it did not come") -> Any:
    """Wait for something to become true, and return it."""
    ends, pause = time.monotonic() + seconds, 0.01
    while not (found := what()):
        if time.monotonic() > ends:
            raise TimeoutError(why)
        time.sleep(pause)
        pause = min(1.3 * pause, 0.1)  # the longer it takes, the less it matters; each look may be a new connection
    return found


def _live(
    argv: list[str], folder: str, variables: dict[str, str], starved: Starved, out: Path, err: Path, pause: Path
) -> None:
    """The life of a forked process."""
    import watcher.cli

    os.chdir(folder)
    tell_into(pause)
    if os.path.isdir("tmp"):  # noqa: PTH112 - nothing more is imported here
        os.environ["TMPDIR"], tempfile.tempdir = f"{folder}/tmp", None
    for name in ("WATCH_CONFIG", "CREDENTIALS_DIRECTORY", "NOTIFY_SOCKET"):
        os.environ.pop(name, None)
    os.environ.update(variables)
    sys.path += filter(None, variables.get("PYTHONPATH", "").split(os.pathsep))
    for file, number in ((out, 1), (err, 2)):
        handle = os.open(file, os.O_WRONLY | os.O_APPEND)
        os.dup2(handle, number)
        os.close(handle)
    _starve(starved)
    if "accept" in argv:  # it imports the clock when it runs
        dt.datetime = _Shifted  # type: ignore[misc]
    sys.exit(watcher.cli.main(argv))


def _execute(
    statements: str, argv: Sequence[str], variables: Mapping[str, str], into: Connection, out: Connection
) -> None:
    """The life of a forked script."""
    os.environ.update(variables)
    for number, end in enumerate((into, out, out)):
        os.dup2(end.fileno(), number)
    sys.stdin, sys.argv = open(0, closefd=False), ["-c", *argv]  # noqa: SIM115 - as any program has them
    into.close()
    out.close()
    exec(statements, {"__name__": "__main__"})


def _starve(starved: Starved) -> None:
    import resource

    import watcher.service.daemon
    import watcher.service.once

    watcher.service.once._now = _clock
    watcher.service.daemon.now = _clock
    if workers := sys.modules.get("watcher.service.worker"):
        workers.now = _clock  # type: ignore[attr-defined]
    if starved.hosts is not None:
        _resolve_only(starved.hosts)
    if starved.files is not None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (starved.files, starved.files))
    if starved.size is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (starved.size, starved.size))


def _clock() -> datetime:
    try:
        ahead = float(Path("clock").read_text())
    except FileNotFoundError:
        ahead = 0.0
    return datetime.now(UTC) + timedelta(seconds=ahead)


class _Times(type):
    """As a class of theirs has no other instances, what is one of these is asked of `datetime`."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, datetime)


class _Shifted(datetime, metaclass=_Times):
    """The time by that clock."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return _clock().astimezone(tz)


def _resolve_only(hosts: Mapping[str, str]) -> None:
    import socket

    resolve = socket.getaddrinfo

    def getaddrinfo(host: Any, *more: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if options.get("flags"):  # who wants a literal address asks no server
            return resolve(host, *more, **options)
        silent = name and name.endswith("silent") and os.path.exists("silent")  # noqa: PTH110 - as above
        if silent:
            time.sleep(SILENT)
        if silent or (name and not name[0].isdigit() and name not in hosts):
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return resolve(hosts.get(name, host), *more, **options)

    socket.getaddrinfo = getaddrinfo
