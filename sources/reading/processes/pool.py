"""Reading a page in a process of its own, which can be ended whatever it is doing.

A thread that is stuck in C code (libxml2, a regular expression, a number of a million digits) hears nothing, may keep
the interpreter's lock from all others, and its memory is the program's. So what could cost much is read by a child:
large pages, packed ones, and all that a kind from elsewhere reads; so is what else is asked of such a page. It is ended
at its time limit, and when it takes too much memory. A small page of one of our own kinds is read in the thread, since
that is quicker than handing it over.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from functools import cache
from typing import Self

from sources import jobs
from sources.errors import ReaderFailed, ReaderTooSlow
from sources.jobs import Function
from sources.loader import KindError
from sources.loader import kind as named
from sources.model import Page, Source
from sources.options import largest_page
from sources.reading.frames import PLAIN, BadFrame, in_all, largest
from sources.reading.known_filter import Luggage
from sources.reading.messages import Answer, Call, Job, Outcome, Piece, answer, packed
from sources.reading.processes.child import Child, Doing, Limits
from sources.reading.processes.handover import error_of, options_of, page_form

SMALL = 64_000  # bytes of a body: of such, the worst that was found took a second, and kept the lock for 0.6 s of it
MOST_READERS = 4
PATIENCE = 25.0  # seconds that a page waits for a reader

_PACKED = (b"PK", b"\x1f\x8b")
_MOST_ANSWERED = 64_000_000  # bytes of what a function answers
_LARGE = 200_000_000  # bytes that a reader may keep when it is done; else it ends


def wanted(source: Source, page: Page) -> bool:
    """Whether a page is to be read by a process of its own."""
    heavy = len(page.body) > SMALL or page.body.startswith(_PACKED) or not _is_ours(type(source))
    return heavy and _can_be_handed_over(_reading(type(source)))


def is_light(source: Source, page: Page) -> bool:
    """Whether a page that is `wanted` here may as well be read in the thread. Only our own kinds are asked."""
    return _is_ours(type(source)) and source.light(page)


def work(task: str, source: Source, page: Page, seconds: float, *more: Luggage) -> Generator[Answer]:
    """What a function of `engine.py` answers about the page, and what `more` it takes, in a child, within so many
    seconds; the last answer is an empty Outcome. Raises BadFrame and ReadError.

    Closed before its end, as by who does not believe an answer, it ends the child.
    """
    job, most = _job(task, source, page, *more), largest_page(source)
    doing = Doing(f"reading {page.url}", "reader_too_slow", seconds, _host(page.url))
    yield from _answers(task, job, doing, largest(most), in_all(most))


def ask(function: Function, question: bytes, doing: Doing) -> bytes:
    """What a job (jobs.py) answers, in a child. Raises ReadError."""
    call = [packed(Call(*jobs.named(function))), question]
    answers = _answers("call", call, doing, PLAIN, _MOST_ANSWERED)
    try:
        return b"".join(said.data for said in answers if isinstance(said, Piece))
    except BadFrame as error:
        raise ReaderFailed(f"the process that was {doing.what} answered what it may not: {error}") from None


def _answers(task: str, job: Sequence[bytes], doing: Doing, largest: int, in_all: int) -> Generator[Answer]:
    with _READERS.lend(doing) as child:
        limits = Limits(doing, time.monotonic() + doing.seconds, largest, in_all)
        child.start(job, limits)
        for frame in child.answers(limits):
            said = answer(task, frame)
            if isinstance(said, Outcome) and said.error:
                child.is_sound()
                raise error_of(said)
            yield said
            if isinstance(said, Outcome):
                child.is_sound()
                return


def _job(task: str, source: Source, page: Page, luggage: Luggage | None = None) -> Sequence[bytes]:
    """A job and what it announces, each for a frame. Raises ReaderFailed where it cannot be said."""
    reading = _reading(type(source))
    try:
        form = page_form(page)
        job = packed(Job(task, reading.kind, options_of(source, reading), form, luggage.form if luggage else None))
    except (ValueError, TypeError, OverflowError) as error:
        raise ReaderFailed(f"{page.url} cannot be handed to the process that reads: {error}"[:300]) from None
    return [job, page.body, *(luggage[1:] if luggage else ())]


def may_begin(busy: Mapping[str, int], whose: str, most: int) -> bool:
    """Whether one of `most` children is free for this host, of which `busy` says how many each one has: the last one is
    kept for others than the host that has all the rest.
    """
    return sum(busy.values()) < most and busy.get(whose, 0) < max(most - 1, 1)


class _Readers:
    """The children that there are: a few at once, kept for the next page. No host has all of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._busy: Counter[str] = Counter()
        self._lock = threading.Condition()
        self._idle: list[Child] = []
        atexit.register(self.close)

    def lend(self, doing: Doing) -> _Lent:
        """A reader for one job. Raises ReaderTooSlow when all of them are busy for too long."""
        ends = time.monotonic() + PATIENCE
        with self._lock:
            while not may_begin(self._busy, doing.whose, self._most):
                if time.monotonic() > ends:
                    others = f"{self._busy.total()} others took too long, {self._busy[doing.whose]} of its own host"
                    raise ReaderTooSlow(f"{doing.what} did not begin: {others}", code=doing.too_slow)
                self._lock.wait(0.2)  # in short steps: a thread that waits in C cannot be broken off
            self._busy[doing.whose] += 1
        return _Lent(self, doing.whose)

    def take(self) -> Child:
        while True:
            with self._lock:
                reader = self._idle.pop() if self._idle else None
            if reader is None:
                return Child()
            if reader.lives():
                return reader
            reader.end()

    def give_back(self, reader: Child | None, whose: str, *, sound: bool) -> None:
        kept = reader is not None and sound and reader.memory() < _LARGE
        if reader and not kept:
            reader.end()
        with self._lock:
            self._idle += [reader] if reader and kept else []
            self._busy = +(self._busy - Counter([whose]))
            self._lock.notify_all()

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for reader in idle:
            reader.end()


class _Lent:
    """One child for the time of one job; it is ended unless it is sound at the end."""

    def __init__(self, readers: _Readers, whose: str) -> None:
        self._readers, self._whose = readers, whose
        self._child: Child | None = None
        self._sound = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._readers.give_back(self._child, self._whose, sound=self._sound)

    def start(self, job: Sequence[bytes], limits: Limits) -> None:
        """Give the job to a child. Raises ReadError."""
        try:
            self._child = self._readers.take()
            if not self._child.send(job, limits):  # it had just gone to rest
                self._child.end()
                self._child = Child()
                self._child.send(job, limits)
        except OSError as error:
            raise ReaderFailed(f"{limits.doing.what}: no process could be started: {error.strerror}") from None

    def answers(self, limits: Limits) -> Iterator[bytes]:
        """The frames that it answers."""
        assert self._child  # noqa: S101 - it was started
        return self._child.answers(limits)

    def is_sound(self) -> None:
        """Let it do another job after this one."""
        self._sound = True


def _host(url: str) -> str:
    """Whose page it is: the host with its port, or what stands in its place."""
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2].lower()


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


_READERS = _Readers(MOST_READERS)
