"""Parses pages in subprocesses, which can be killed at any point.

A thread that is stuck in C code (libxml2, a regular expression, the parsing of a million digits) cannot be interrupted,
may hold the GIL, and uses the program's memory. So a subprocess takes what may be expensive: large pages, compressed
ones, all pages of third-party kinds, and whatever else is computed from such pages. It is killed at its time limit or
memory limit. A small page of a built-in kind is parsed in the calling thread, which is faster than the hand-over.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from functools import cache

from sources import jobs
from sources.errors import ReaderFailed, ReaderTooSlow
from sources.jobs import Function
from sources.loader import KindError
from sources.loader import kind as named
from sources.model import Page, Source
from sources.options import largest_page
from sources.reading.frames import PLAIN, BadFrame, in_all, largest
from sources.reading.known_filter import FilterState
from sources.reading.messages import Answer, Call, Job, Outcome, Piece, answer, packed
from sources.reading.processes.child import Child, Doing, Limits
from sources.reading.processes.handover import error_of, options_of, page_form

SMALL = 64_000  # bytes of a body: the worst input found of this size took a second, and held the GIL for 0.6 s
MOST_READERS = 4
PATIENCE = 25.0  # seconds that a page waits for a free subprocess

_PACKED = (b"PK", b"\x1f\x8b", b"%PDF", b"\xd0\xcf\x11\xe0")
_MOST_ANSWERED = 64_000_000  # bytes of a function's result
_LARGE = 200_000_000  # bytes of memory that an idle subprocess may keep; above, it exits


def wanted(source: Source, page: Page) -> bool:
    """Whether a page is to be parsed in a subprocess."""
    heavy = len(page.body) > SMALL or page.body.startswith(_PACKED) or not is_ours(type(source))
    return heavy and _can_be_handed_over(_reading(type(source)))


def is_light(source: Source, page: Page) -> bool:
    """Whether a page that is `wanted` here may be parsed in the calling thread nevertheless. Only built-in kinds are
    asked.
    """
    return is_ours(type(source)) and source.light(page)


def work(task: str, source: Source, page: Page, seconds: float, *more: FilterState) -> Generator[Answer]:
    """Run a task of `engine.py` on a page, and on the filter in `more`, in a subprocess, for at most `seconds`.

    Yields the answers; the last one is an empty Outcome. Raises BadFrame and ReadError. Closing the generator early, as
    after an invalid answer, kills the subprocess.
    """
    job, most = _job(task, source, page, *more), largest_page(source)
    doing = Doing(f"reading {page.url}", "reader_too_slow", seconds, _owner(page.url))
    yield from _answers(task, job, doing, largest(most), in_all(most))


def ask(function: Function, question: bytes, doing: Doing) -> bytes:
    """Run a job (jobs.py) in a subprocess; returns its result. Raises ReadError."""
    call = [packed(Call(*jobs.named(function))), question]
    answers = _answers("call", call, doing, PLAIN, _MOST_ANSWERED)
    try:
        return b"".join(reply.data for reply in answers if isinstance(reply, Piece))
    except BadFrame as error:
        raise ReaderFailed(f"the process that was {doing.what} answered what it may not: {error}") from None


def _answers(task: str, job: Sequence[bytes], doing: Doing, largest: int, in_all: int) -> Generator[Answer]:
    readers, sound = _READERS, False
    child: Child | None = None
    readers.wait(doing)
    try:
        limits = Limits(doing, time.monotonic() + doing.seconds, largest, in_all)
        try:
            child = readers.take()
            if not child.send(job, limits):  # it has just exited after its idle time
                child.end()
                child = Child()
                child.send(job, limits)
        except OSError as error:
            raise ReaderFailed(f"{doing.what}: no process could be started: {error.strerror}") from None
        for frame in child.answers(limits):
            reply = answer(task, frame)
            if isinstance(reply, Outcome) and reply.error:
                sound = True
                raise error_of(reply)
            yield reply
            if isinstance(reply, Outcome):
                sound = True
                return
    finally:
        readers.give_back(child, doing.whose, sound=sound)


def _job(task: str, source: Source, page: Page, filter_state: FilterState | None = None) -> Sequence[bytes]:
    """The frames of a job: the message and what it announces. Raises ReaderFailed when it cannot be encoded."""
    reading = _reading(type(source))
    try:
        form = page_form(page)
        job = packed(
            Job(task, reading.kind, options_of(source, reading), form, filter_state.form if filter_state else None)
        )
    except (ValueError, TypeError, OverflowError) as error:
        raise ReaderFailed(f"{page.url} cannot be handed to the process that reads: {error}"[:300]) from None
    return [job, page.body, *(filter_state[1:] if filter_state else ())]


def may_begin(busy: Mapping[str, int], whose: str, most: int) -> bool:
    """Whether one of `most` subprocesses is free for this owner. `busy` counts the running jobs of each owner. The last
    free subprocess is not given to an owner that has all the others.
    """
    return sum(busy.values()) < most and busy.get(whose, 0) < max(most - 1, 1)


class _Readers:
    """The pool: a few subprocesses, reused for further pages. No host has all of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._busy: Counter[str] = Counter()
        self._lock = threading.Condition()
        self._idle: list[Child] = []
        atexit.register(self.close)

    def wait(self, doing: Doing) -> None:
        """Wait for a job's turn, which ends with `give_back`. Raises ReaderTooSlow when it does not come in time."""
        ends = time.monotonic() + PATIENCE
        with self._lock:
            while not may_begin(self._busy, doing.whose, self._most):
                if time.monotonic() > ends:
                    others = f"{self._busy.total()} others took too long, {self._busy[doing.whose]} of its own host"
                    raise ReaderTooSlow(f"{doing.what} did not begin: {others}", code=doing.too_slow)
                self._lock.wait(0.2)  # in short steps, so that the thread can be interrupted
            self._busy[doing.whose] += 1

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


def _owner(url: str) -> str:
    """The owner of a page: the host and port of its URL."""
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2].lower()


def _reading(kind: type[Source]) -> type[Source]:
    """The kind that parses: for a preset its base, since a user's preset is unknown in the subprocess."""
    return kind.rests_on or kind


def is_ours(kind: type[Source]) -> bool:
    """Whether it is a kind of this program."""
    return kind.__module__.startswith("sources.kinds.")


@cache
def _can_be_handed_over(kind: type[Source]) -> bool:
    """Whether the subprocess finds the same class by its name: false for one defined in a test."""
    try:
        return bool(kind.kind) and named(kind.kind) is kind
    except KindError:
        return False


_READERS = _Readers(MOST_READERS)
