"""The parent's side of one subprocess that parses: sends jobs, receives frames, and kills it at a limit."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import IO, NamedTuple, NoReturn

from sources.errors import ReaderFailed, ReaderTooSlow
from sources.reading.frames import HEADER, Unframer

PROGRAM = ("-m", "sources.reading.process_main")
MOST_MEMORY = 1_000_000_000  # bytes of memory of one subprocess

_GLANCE = 0.05  # seconds between two checks of its memory: filling a gigabyte takes some 0.3 s
_PIECE = 1 << 20
# Bytes: glibc returns larger allocations to the system when they are freed.
_GIVE_BACK = {"MALLOC_MMAP_THRESHOLD_": "262144"}
_PASSED_ON = ("PATH", "HOME", "LANG", "TZ", "TMPDIR", "SYSTEMROOT")


class Doing(NamedTuple):
    """A piece of work: in words for messages ("reading http://..."), the error code when it takes too long, its limit
    in seconds, and its owner, a host or source: the pool limits how much of one owner runs at once.
    """

    what: str
    too_slow: str
    seconds: float
    whose: str


class Limits(NamedTuple):
    """The limits of one job: the deadline (monotonic), and the bytes of each frame and of all together."""

    doing: Doing
    ends: float
    largest: int
    in_all: int


class Child:
    """One subprocess that runs `sources.reading.process_main`, one job at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - this Python interpreter
            [sys.executable, "-P", "-B", *PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            bufsize=0,
        )
        assert self._process.stdin and self._process.stdout  # noqa: S101, PT018 - both are pipes
        self._to: IO[bytes] = self._process.stdin
        self._from: IO[bytes] = self._process.stdout
        os.set_blocking(self._to.fileno(), False)  # a write must not block: the time limit applies
        self._readable, self._writable = select.poll(), select.poll()
        self._readable.register(self._from, select.POLLIN | select.POLLHUP)
        self._writable.register(self._to, select.POLLOUT)

    def lives(self) -> bool:
        """Whether it is alive and idle: no unexpected output."""
        return self._process.poll() is None and not self._readable.poll(0)

    def memory(self) -> int:
        """Its resident memory in bytes; 0 where the system does not report it."""
        try:
            with open(f"/proc/{self._process.pid}/statm", encoding="ascii") as statm:  # noqa: PTH123 - called often
                return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, ValueError, IndexError):
            return 0

    def send(self, job: Sequence[bytes], limits: Limits) -> bool:
        """Send a job; False when the process has exited. After ReaderTooSlow or ReaderFailed the caller kills it."""
        try:
            for part in job:
                self._write(HEADER.pack(len(part)), limits)
                self._write(part, limits)
        except BrokenPipeError:
            return False
        return True

    def _write(self, piece: bytes, limits: Limits) -> None:
        left = memoryview(piece)
        while left:
            if self._writable.poll(self._patience(limits)):
                left = left[self._to.write(left) or 0 :]

    def answers(self, limits: Limits) -> Iterator[bytes]:
        """The frames of its answer, as they arrive. Raises BadFrame, ReaderTooSlow and ReaderFailed; then the caller
        kills it.
        """
        frames = Unframer(limits.largest, limits.in_all)
        while True:
            while (frame := frames.next()) is not None:
                yield frame
            if self._readable.poll(self._patience(limits)):
                piece = self._from.read(_PIECE)
                if not piece:
                    self._died(limits.doing.what)
                frames.take(piece)

    def _patience(self, limits: Limits) -> float:
        """Milliseconds until the next check of its limits. Raises ReaderTooSlow or ReaderFailed beyond a limit."""
        left = limits.ends - time.monotonic()
        if left <= 0:
            doing = limits.doing
            raise ReaderTooSlow(f"{doing.what} took longer than {doing.seconds:.0f} s", code=doing.too_slow)
        if self.memory() > MOST_MEMORY:
            most = f"{MOST_MEMORY / 1e6:,.0f} MB"
            raise ReaderFailed(f"{limits.doing.what} took more than {most} of memory", code="reader_too_large")
        return min(left, _GLANCE) * 1000

    def _died(self, what: str) -> NoReturn:
        try:
            code = self._process.wait(1)
            why = f"signal {-code}" if code < 0 else f"exit code {code}"
        except subprocess.TimeoutExpired:
            why = "it says no more"
        raise ReaderFailed(f"{what} ended the process that read it ({why})")

    def end(self) -> None:
        """Kill it."""
        self._process.kill()
        for pipe in (self._to, self._from):
            with suppress(OSError):
                pipe.close()
        self._process.wait()


def _environment() -> dict[str, str]:
    """The minimal environment: without the secrets of the parent's."""
    kept = {name: value for name, value in os.environ.items() if name in _PASSED_ON or name.startswith("LC_")}
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1", **_GIVE_BACK}
