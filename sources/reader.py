"""The process that `apart.py` has read pages: a job from standard input, its items to standard output, again and again.

It writes no files, leaves no core behind, steps back for the others, and ends by itself when nobody asks any more.
"""

from __future__ import annotations

import gc
import os
import pickle
import resource
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

from sources.apart import HEADER, MOST_MEMORY, Outcome
from sources.errors import SourceError
from sources.loader import kind
from sources.model import Page
from sources.packed import Pack
from sources.read import READ_SECONDS, TASKS

_GARBAGE = 20_000  # objects that came and stayed until circles of them are looked for: entries are many, and make none
_REST = 60  # seconds without a job before it ends
_BATCH = 200  # items in one message
_NICE = 5


def main() -> None:
    """Read until there is nothing more to read."""
    jobs, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):  # what a kind prints is no message
        os.dup2(nowhere, stream)
    _keep_small()
    gc.freeze()  # what is there now stays
    gc.set_threshold(_GARBAGE)
    while select.select([jobs], [], [], _REST)[0]:
        job, body = _receive(jobs), _receive(jobs)
        if job is None or body is None:
            return
        signal.alarm(int(READ_SECONDS * 2))  # should our parent be gone, and the page endless
        for message in _messages(job, body):
            data = pickle.dumps(message)
            answers.write(HEADER.pack(len(data)))
            answers.write(data)
            answers.flush()
        signal.alarm(0)
        del job, body  # it may be long until there is another


def _keep_small() -> None:
    """Limits that a parent which looks at our memory need not rely on."""
    with suppress(OSError):  # a unit of systemd may forbid it, as it may the limits
        os.nice(_NICE)
    limits = {resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_AS: 2 * MOST_MEMORY}
    for what, most in limits.items():
        with suppress(OSError, ValueError):  # and macOS knows some of them in name only
            resource.setrlimit(what, (most, most))


def _receive(jobs: Any) -> bytes | None:
    header = jobs.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    size = HEADER.unpack(header)[0]
    job: bytes = jobs.read(size)
    return job if len(job) == size else None


def _messages(job: bytes, body: bytes) -> Iterator[list[Any] | Outcome]:
    """The items in batches, then how it ended."""
    try:
        task, name, options, given, page, more = pickle.loads(job)  # noqa: S301 - from our own parent
        source = kind(name).model_construct(given, **options)
        items = TASKS[task](source, Page(body=body, **page), *more)
        while batch := list(_batch(items)):
            yield batch
    except SourceError as error:
        yield Outcome(type(error).__name__, error.message, error.code)
    except MemoryError:
        where = page["url"]
        yield Outcome("ReaderFailed", f"reading {where} took too much memory", "reader_too_large")
    else:
        yield Outcome()


def _batch(items: Iterator[Any]) -> Iterator[Any]:
    """The next items for one message: a pack is large by itself."""
    for item in islice(items, _BATCH):
        yield item
        if isinstance(item, Pack):
            return


if __name__ == "__main__":
    with suppress(BrokenPipeError, KeyboardInterrupt):
        main()
    sys.exit(0)
