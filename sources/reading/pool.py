"""Parses pages in subprocesses, which can be killed at any point.

A thread that is stuck in C code (libxml2, a regular expression, the parsing of a million digits) cannot be interrupted,
may hold the GIL, and uses the program's memory. So a subprocess takes what may be expensive: large pages, compressed
ones, all pages of third-party kinds, and whatever else is computed from such pages. It is killed at its time limit or
memory limit, and what it answers is validated before it is used. A small page of a built-in kind is parsed in the
calling thread, which is faster than the hand-over.
"""

import atexit
import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import closing, suppress
from typing import IO, ClassVar, NamedTuple

from sources.errors import ReaderFailed, ReaderTooSlow
from sources.formats.download import Body, FileBody
from sources.http.course import course
from sources.model import Get, Page, Source
from sources.options import largest_page
from sources.places import SharedPlace, SharedPlaces, owner_of
from sources.reading import messages
from sources.reading.entry_fingerprints import Block, Pack
from sources.reading.placement import reading_kind

PROGRAM = ("-m", "sources.reading.process_main")
MOST_MEMORY = 1_000_000_000  # bytes of memory of one subprocess

# Bytes: glibc returns larger allocations to the system when they are freed.
_GIVE_BACK = {"MALLOC_MMAP_THRESHOLD_": "262144"}
_PASSED_ON = ("PATH", "HOME", "LANG", "TZ", "TMPDIR", "SYSTEMROOT")
MOST_READERS = 4
PATIENCE = 25.0  # seconds that a page waits for a free subprocess
_QUICK = 2.0  # seconds of processor time: the last free subprocess is for the pages of hosts that take no longer

_GLANCE = 0.05  # seconds between two checks of a subprocess's memory: filling a gigabyte takes some 0.3 s
_FREE = 16_000_000  # bytes allowed for all answers together, however small the page
_MOST_ANSWERED = 64_000_000  # bytes of a function's result
_LARGE = 200_000_000  # bytes of memory that an idle subprocess may keep; above, it exits


class Doing(NamedTuple):
    """A piece of work: in words for messages ("reading http://..."), the error code when it takes too long, its limit
    in seconds, and its owner, a host or source: the pool limits how much of one owner runs at once.
    """

    what: str
    too_slow: str
    seconds: float
    whose: str


class Child:
    """One subprocess that runs `sources.reading.process_main`, one job at a time, until its deadline (monotonic)."""

    nice: ClassVar[int] = 0  # how much lower their priority is; they lower it further by themselves

    def __init__(self) -> None:
        # Without the secrets of the parent's environment.
        kept = {name: value for name, value in os.environ.items() if name in _PASSED_ON or name.startswith("LC_")}
        self._to, theirs = socket.socketpair()  # also for files
        self._to.shutdown(socket.SHUT_RD)  # what a kind writes to it is nobody's
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - this Python interpreter
                [sys.executable, "-P", "-B", *PROGRAM],
                stdin=theirs.fileno(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=kept | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1", **_GIVE_BACK},
                bufsize=0,
            )
        assert self._process.stdout  # noqa: S101 - it is a pipe
        if self.nice:
            os.setpriority(os.PRIO_PROCESS, self._process.pid, self.nice)
        self._spent = self._looked = 0.0
        self._from: IO[bytes] = self._process.stdout
        self._to.setblocking(False)  # a write must not block: the time limit applies
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

    def lap(self) -> float | None:
        """The seconds of processor time that it took since the last call; None where the system does not report it."""
        try:
            with open(f"/proc/{self._process.pid}/stat", encoding="ascii") as stat:  # noqa: PTH123 - called often
                spent = sum(map(int, stat.read().rpartition(")")[2].split()[11:13])) / os.sysconf("SC_CLK_TCK")
        except (OSError, ValueError):
            return None
        lap, self._spent = spent - self._spent, spent
        return lap

    def send(self, job: Sequence[Body], doing: Doing, ends: float) -> bool:
        """Send a job, a large body as its file; False when the process has exited. After ReaderTooSlow or ReaderFailed
        the caller kills it.
        """
        try:
            for part in job:
                if isinstance(part, FileBody):
                    self._write(messages.HEADER.pack(0), doing, ends, [part.descriptor])
                else:
                    self._write(messages.HEADER.pack(len(part)), doing, ends)
                    self._write(part, doing, ends)
        except (BrokenPipeError, ConnectionResetError):
            return False
        return True

    def _write(self, piece: bytes, doing: Doing, ends: float, files: Sequence[int] = ()) -> None:
        left = memoryview(piece)
        while left:
            if self._writable.poll(self._patience(doing, ends)):
                with suppress(BlockingIOError):
                    left = left[socket.send_fds(self._to, [left], files) if files else self._to.send(left) :]

    def answers(self, frames: messages.Unframer, doing: Doing, ends: float) -> Iterator[bytes]:
        """The frames of its answer, as they arrive. Raises BadFrame, ReaderTooSlow and ReaderFailed; then the caller
        kills it.
        """
        while True:
            while (frame := frames.next()) is not None:
                yield frame
            if self._readable.poll(self._patience(doing, ends)):
                piece = self._from.read(1 << 20)
                if not piece:
                    try:
                        code = self._process.wait(1)
                        why = f"signal {-code}" if code < 0 else f"exit code {code}"
                    except subprocess.TimeoutExpired:
                        why = "it says no more"
                    raise ReaderFailed(f"{doing.what} ended the process that read it ({why})")
                frames.take(piece)

    def _patience(self, doing: Doing, ends: float) -> float:
        """Milliseconds until the next check of its limits. Raises ReaderTooSlow or ReaderFailed beyond a limit."""
        now = time.monotonic()
        left = ends - now
        if left <= 0:
            raise ReaderTooSlow(f"{doing.what} took longer than {doing.seconds:.0f} s", code=doing.too_slow)
        if now - self._looked >= _GLANCE:
            self._looked = now
            if self.memory() > MOST_MEMORY:
                most = f"{MOST_MEMORY / 1e6:,.0f} MB"
                raise ReaderFailed(f"{doing.what} took more than {most} of memory", code="reader_too_large")
        return min(left, _GLANCE) * 1000

    def end(self) -> None:
        """Kill it."""
        self._process.kill()
        for pipe in (self._to, self._from):
            with suppress(OSError):
                pipe.close()
        self._process.wait()


def ask(function: Callable[[bytes], bytes], question: bytes, doing: Doing) -> bytes:
    """Run a job (`placement.job`) in a subprocess; returns its result. Raises ReadError."""
    call = [messages.packed(messages.Call(function.__module__, function.__name__)), question]
    answers = _answers("call", call, doing, messages.Unframer(messages.PLAIN, _MOST_ANSWERED))
    try:
        return b"".join(reply.data for reply in answers if isinstance(reply, messages.Piece))
    except messages.BadFrame as error:
        raise ReaderFailed(f"the process that was {doing.what} answered what it may not: {error}") from None


def _answers(task: str, job: Sequence[Body], doing: Doing, frames: messages.Unframer) -> Generator[messages.Answer]:
    readers, sound = _READERS, False
    child: Child | None = None
    place = readers.wait(doing, task)
    try:
        ends = time.monotonic() + doing.seconds
        try:
            child = readers.take()
            if not child.send(job, doing, ends):  # it has just exited after its idle time
                child.end()
                child = Child()
                child.send(job, doing, ends)
        except OSError as error:
            raise ReaderFailed(f"{doing.what}: no process could be started: {error.strerror}") from None
        for frame in child.answers(frames, doing, ends):
            reply = messages.answer(task, frame)
            if isinstance(reply, messages.Outcome) and reply.error:
                sound = True
                raise messages.error_of(reply)
            yield reply
            if isinstance(reply, messages.Outcome):
                sound = True
                return
    finally:
        readers.give_back(child, place, sound=sound)


class _Readers:
    """The pool: a few subprocesses, reused for further pages. No host has all of them, nor has what takes long."""

    def __init__(self, most: int) -> None:
        self._places = SharedPlaces(most, share=most - 2, keep=1, quick=_QUICK)
        self._lock = threading.Lock()
        self._idle: list[Child] = []
        atexit.register(self.close)

    def wait(self, doing: Doing, task: str) -> SharedPlace:
        """Wait for a job's turn, which ends with `give_back`. Raises ReaderTooSlow when it does not come in time."""
        ends, place = time.monotonic() + PATIENCE, self._places.ask(doing.whose, f"{task} {doing.whose}")
        try:
            while not place.turn.done():
                if time.monotonic() > ends:
                    raise ReaderTooSlow(f"{doing.what} did not begin: others took too long", code=doing.too_slow)
                with suppress(TimeoutError):
                    place.turn.result(0.2)  # in short steps, so that the thread can be interrupted
        except BaseException:
            self._places.give_back(place)
            raise
        return place

    def take(self) -> Child:
        while True:
            with self._lock:
                reader = self._idle.pop() if self._idle else None
            if reader is None:
                return Child()
            if reader.lives():
                return reader
            reader.end()

    def give_back(self, reader: Child | None, place: SharedPlace, *, sound: bool) -> None:
        took = reader.lap() if reader else 0.0  # by processor time: on a busy machine all take long
        kept = reader is not None and sound and reader.memory() < _LARGE
        if reader and not kept:
            reader.end()
        with self._lock:
            self._idle += [reader] if reader and kept else []
        self._places.give_back(place, took)

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for reader in idle:
            reader.end()


_READERS = _Readers(MOST_READERS)


def items_of(
    task: str, source: Source, page: Page, seconds: float, ignore: Collection[str]
) -> Generator[tuple[Block, Pack] | Get | int | bytes]:
    """What a task of the engine yields in a subprocess, in at most `seconds`: entries come in both forms.

    Raises ReadError. Closing it early, as after an invalid answer, kills the subprocess.
    """
    reading = reading_kind(type(source))
    try:
        options, form = messages.options_of(source, reading), messages.page_form(page)
        head = messages.packed(messages.Job(task, reading.kind, options, form, sorted(ignore)))
    except (ValueError, TypeError, OverflowError) as error:
        raise ReaderFailed(f"{page.url} cannot be handed to the process that reads: {error}"[:300]) from None
    most = largest_page(source)
    doing = Doing(f"reading {page.url}", "reader_too_slow", seconds, owner_of(source.start().url))
    # One entry with all its text, three bytes a character; entries have at most four characters for a byte of the page.
    frames = messages.Unframer(messages.PLAIN + 4 * most, _FREE + 8 * most)
    reached = course.get()
    try:
        with closing(_answers(task, [head, page.content], doing, frames)) as answers:
            for said in answers:
                if isinstance(said, messages.Asks):
                    yield from map(messages.get_of, said.gets)
                elif isinstance(said, messages.Total):
                    yield said.total
                elif isinstance(said, messages.Piece):
                    yield said.data
                elif not isinstance(said, messages.Outcome):
                    reached.entries += said[1].number
                    yield said
    except messages.BadFrame as error:
        raise ReaderFailed(f"the process that read {page.url} answered what it may not: {error}") from None
