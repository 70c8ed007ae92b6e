"""The parent's side of one process that reads: it is sent a job, answers in frames, and can be ended at any time."""

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
MOST_MEMORY = 1_000_000_000  # bytes of one reader

_GLANCE = 0.05  # seconds between two looks at a reader's memory: it takes some 0.3 s to fill a gigabyte
_PIECE = 1 << 20
_GIVE_BACK = {"MALLOC_MMAP_THRESHOLD_": "262144"}  # bytes: glibc learns to keep what is larger, of pages that are gone
_PASSED_ON = ("PATH", "HOME", "LANG", "TZ", "TMPDIR", "SYSTEMROOT")


class Doing(NamedTuple):
    """What is done, in words ("reading http://..."), the code of taking too long, for how many seconds at most it is
    done, and whose it is: of one host, or one source, some are done at once and the others wait.
    """

    what: str
    too_slow: str
    seconds: float
    whose: str


class Limits(NamedTuple):
    """What one job may take: until when, and how long its answers may be, each frame and all together."""

    doing: Doing
    ends: float
    largest: int
    in_all: int


class Child:
    """One child process: `sources.reading.process_main`, which does a job at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - this very interpreter
            [sys.executable, "-P", "-B", *PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            bufsize=0,
        )
        assert self._process.stdin and self._process.stdout  # noqa: S101, PT018 - as was asked for
        self._to: IO[bytes] = self._process.stdin
        self._from: IO[bytes] = self._process.stdout
        os.set_blocking(self._to.fileno(), False)  # one that does not listen is ended at its time limit
        self._told, self._asked = select.poll(), select.poll()
        self._told.register(self._from, select.POLLIN | select.POLLHUP)
        self._asked.register(self._to, select.POLLOUT)

    def lives(self) -> bool:
        """Whether it waits for a job: it is there, and says nothing unasked."""
        return self._process.poll() is None and not self._told.poll(0)

    def memory(self) -> int:
        """Bytes that it has in use; 0 where the system does not tell."""
        try:
            with open(f"/proc/{self._process.pid}/statm", encoding="ascii") as told:  # noqa: PTH123 - many times a second
                return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, ValueError, IndexError):
            return 0

    def send(self, job: Sequence[bytes], limits: Limits) -> bool:
        """Whether it took the job. Raises ReaderTooSlow and ReaderFailed; then it is to be ended."""
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
            if self._asked.poll(self._patience(limits)):
                left = left[self._to.write(left) or 0 :]

    def answers(self, limits: Limits) -> Iterator[bytes]:
        """The frames that it answers, as they come. Raises BadFrame, ReaderTooSlow and ReaderFailed; then it is to be
        ended.
        """
        frames = Unframer(limits.largest, limits.in_all)
        while True:
            while (frame := frames.next()) is not None:
                yield frame
            if self._told.poll(self._patience(limits)):
                piece = self._from.read(_PIECE)
                if not piece:
                    self._died(limits.doing.what)
                frames.take(piece)

    def _patience(self, limits: Limits) -> float:
        """Milliseconds until it is looked at again."""
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
        """End it, whatever it is doing."""
        self._process.kill()
        for pipe in (self._to, self._from):
            with suppress(OSError):
                pipe.close()
        self._process.wait()


def _environment() -> dict[str, str]:
    """What the child needs and no more: not the secrets that stand in ours."""
    kept = {name: value for name, value in os.environ.items() if name in _PASSED_ON or name.startswith("LC_")}
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1", **_GIVE_BACK}
