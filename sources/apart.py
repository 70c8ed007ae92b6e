"""Reading a page in a process of its own, which can be ended whatever it is doing.

A thread that is stuck in C code (libxml2, a regular expression, a number of a million digits) hears nothing, may keep
the interpreter's lock from all others, and its memory is the program's. So what could cost much is read by a child:
large pages, packed ones, and all that a kind from elsewhere reads; so is what else is asked of such a page. It is ended
at its time limit, and when it takes too much memory. A small page of one of our own kinds is read in the thread, since
that is quicker than handing it over.
"""

from __future__ import annotations

import atexit
import os
import pickle
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import IO, Any, NamedTuple, NoReturn, Self

import sources.errors
from sources.errors import ReaderFailed, ReaderTooSlow, SourceError
from sources.loader import KindError
from sources.loader import kind as named
from sources.model import Page, Source

SMALL = 64_000  # bytes of a body: of such, the worst that was found took a second, and kept the lock for 0.6 s of it
MOST_MEMORY = 1_000_000_000  # bytes of one reader
MOST_READERS = 4
PATIENCE = 25.0  # seconds that a page waits for a reader
HEADER = struct.Struct("!Q")  # before each message: its length

_PACKED = (b"PK", b"\x1f\x8b")
_GLANCE = 0.05  # seconds between two looks at a reader's memory: it takes some 0.3 s to fill a gigabyte
_LARGE = 200_000_000  # bytes that a reader may keep when it is done; else it ends
_PIECE = 1 << 20
_GIVE_BACK = {"MALLOC_MMAP_THRESHOLD_": "262144"}  # bytes: glibc learns to keep what is larger, of pages that are gone
_PASSED_ON = ("PATH", "HOME", "LANG", "TZ", "TMPDIR", "SYSTEMROOT")


class Outcome(NamedTuple):
    """The last message of a reader: nothing when it has read to the end, else the error as what it is made of."""

    error: str = ""
    message: str = ""
    code: str = ""


def wanted(source: Source, page: Page) -> bool:
    """Whether a page is to be read by a process of its own."""
    heavy = len(page.body) > SMALL or page.body.startswith(_PACKED) or not _is_ours(type(source))
    return heavy and _can_be_handed_over(_reading(type(source)))


def is_light(source: Source, page: Page) -> bool:
    """Whether a page that is `wanted` here may as well be read in the thread. Only our own kinds are asked."""
    return _is_ours(type(source)) and source.light(page)


def work(task: str, source: Source, page: Page, seconds: float, *more: object) -> Iterator[Any]:
    """What a function of `sources.read` makes of the page, and of what `more` it takes, in a child, within so many
    seconds. Raises ReadError.
    """
    name = _reading(type(source)).kind
    job = pickle.dumps((task, name, source.__dict__, source.model_fields_set, _without_body(page), more))
    with _READERS.lend(page.url) as lent:
        yield from lent.work((job, page.body), page.url, seconds)


class _Readers:
    """The children that there are: a few at once, kept for the next page."""

    def __init__(self, most: int) -> None:
        self._free = threading.BoundedSemaphore(most)
        self._lock = threading.Lock()
        self._idle: list[_Reader] = []
        atexit.register(self.close)

    def lend(self, url: str) -> _Lent:
        """A reader for one page. Raises ReaderTooSlow when all of them are busy for too long."""
        ends = time.monotonic() + PATIENCE
        while not self._free.acquire(timeout=0.2):  # in short steps: a thread that waits in C cannot be broken off
            if time.monotonic() > ends:
                raise ReaderTooSlow(f"{url} was not read: {MOST_READERS} other pages took too long to be read")
        return _Lent(self)

    def take(self) -> _Reader:
        while True:
            with self._lock:
                reader = self._idle.pop() if self._idle else None
            if reader is None:
                return _Reader()
            if reader.lives():
                return reader
            reader.end()

    def give_back(self, reader: _Reader | None, *, sound: bool) -> None:
        if reader and sound and reader.memory() < _LARGE:
            with self._lock:
                self._idle.append(reader)
        elif reader:
            reader.end()
        self._free.release()

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for reader in idle:
            reader.end()


class _Lent:
    """One reader for the time of one page; broken off, it is ended."""

    def __init__(self, readers: _Readers) -> None:
        self._readers = readers
        self._reader: _Reader | None = None
        self._sound = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._readers.give_back(self._reader, sound=self._sound)

    def work(self, job: Sequence[bytes], url: str, seconds: float) -> Iterator[Any]:
        ends = time.monotonic() + seconds
        try:
            self._reader = self._readers.take()
            if not self._reader.send(job):  # it had just gone to rest
                self._reader.end()
                self._reader = _Reader()
                self._reader.send(job)
        except OSError as error:
            raise ReaderFailed(f"no process could be started to read {url}: {error.strerror}") from None
        while True:
            message = self._reader.receive(url, ends, seconds)
            if isinstance(message, Outcome):
                self._sound = True
                if message.error:
                    raise _error(message)
                return
            yield from message


class _Reader:
    """One child process: `sources.reader`, which reads a page at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-B", "-m", "sources.reader"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            bufsize=0,
        )
        assert self._process.stdin and self._process.stdout  # noqa: S101, PT018 - as was asked for
        self._to: IO[bytes] = self._process.stdin
        self._from: IO[bytes] = self._process.stdout
        self._poll = select.poll()
        self._poll.register(self._from, select.POLLIN | select.POLLHUP)
        self._got = bytearray()

    def lives(self) -> bool:
        return self._process.poll() is None

    def memory(self) -> int:
        """Bytes that it has in use; 0 where the system does not tell."""
        try:
            with open(f"/proc/{self._process.pid}/statm", encoding="ascii") as told:  # noqa: PTH123 - many times a second
                return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, ValueError, IndexError):
            return 0

    def send(self, job: Sequence[bytes]) -> bool:
        """Whether the reader took the job."""
        try:
            for part in job:
                for piece in (HEADER.pack(len(part)), part):
                    left = memoryview(piece)
                    while left:
                        left = left[self._to.write(left) :]
        except BrokenPipeError:
            return False
        return True

    def receive(self, url: str, ends: float, seconds: float) -> Any:
        """The next message. Raises ReaderTooSlow and ReaderFailed; then the reader is to be ended."""
        while (message := self._message()) is None:
            left = ends - time.monotonic()
            if left <= 0:
                raise ReaderTooSlow(f"reading {url} took longer than {seconds:.0f} s")
            if self.memory() > MOST_MEMORY:
                raise _too_much(url)
            if self._poll.poll(min(left, _GLANCE) * 1000):
                piece = self._from.read(_PIECE)
                if not piece:
                    self._died(url)
                self._got += piece
        return message

    def _message(self) -> Any:
        if len(self._got) < HEADER.size:
            return None
        ends = HEADER.size + HEADER.unpack_from(self._got)[0]
        if len(self._got) < ends:
            return None
        message = pickle.loads(memoryview(self._got)[HEADER.size : ends])  # noqa: S301 - from our own child
        del self._got[:ends]
        return message

    def _died(self, url: str) -> NoReturn:
        code = self._process.wait(5)
        why = f"signal {-code}" if code < 0 else f"exit code {code}"
        raise ReaderFailed(f"reading {url} ended the process that read it ({why})")

    def end(self) -> None:
        """End it, whatever it is doing."""
        self._process.kill()
        for pipe in (self._to, self._from):
            with suppress(OSError):
                pipe.close()
        self._process.wait()


def _too_much(url: str) -> ReaderFailed:
    return ReaderFailed(f"reading {url} took more than {MOST_MEMORY / 1e6:,.0f} MB of memory", code="reader_too_large")


def _error(outcome: Outcome) -> SourceError:
    kind: type[SourceError] = getattr(sources.errors, outcome.error, ReaderFailed)
    return kind(outcome.message, code=outcome.code)


def _reading(kind: type[Source]) -> type[Source]:
    """The kind that reads: a preset only gives it options, and may be the user's, which the child does not know."""
    return kind.rests_on or kind


def _is_ours(kind: type[Source]) -> bool:
    return kind.__module__.startswith("sources.catalog.")


@cache
def _can_be_handed_over(kind: type[Source]) -> bool:
    """Whether the child finds the same kind by its name: not one that a test has just made up."""
    try:
        return bool(kind.kind) and named(kind.kind) is kind
    except KindError:
        return False


def _without_body(page: Page) -> Mapping[str, Any]:
    """The page but for its body, which is sent as it is, and what was made of it so far; nor how it came."""
    left_out = ("body", "transcript", "gzip")
    return {name: getattr(page, name) for name in Page.__dataclass_fields__ if name not in left_out}


def _environment() -> dict[str, str]:
    """What the child needs and no more: not the secrets that stand in ours."""
    kept = {name: value for name, value in os.environ.items() if name in _PASSED_ON or name.startswith("LC_")}
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1", **_GIVE_BACK}


_READERS = _Readers(MOST_READERS)
