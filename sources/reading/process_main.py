"""Main function of the subprocess that parses pages: jobs from standard input, answers to standard output, in a loop.

It has no access to files but code and a large page's body, which it gets open, no network and no core dumps, runs at
low priority, and exits when idle.
"""

import gc
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress

from sources.errors import ReaderFailed, SourceError
from sources.formats.download import Body, FileBody
from sources.reading.engine import TASKS, read_seconds
from sources.reading.messages import (
    HEADER,
    Call,
    Job,
    Outcome,
    Piece,
    job,
    messages_of,
    outcome,
    packed,
    page_of,
    source_of,
)
from sources.reading.placement import find_job
from sources.reading.pool import MOST_MEMORY
from sources.reading.sandbox import confine, readable

_PIECE = 500_000  # bytes of a function's result in one message


def main() -> None:
    """Handle jobs until there are no more."""
    jobs, answers = socket.socket(fileno=os.dup(0)), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):  # so that a kind's print() does not write into the stream of messages
        os.dup2(nowhere, stream)
    # Set resource limits, in addition to the parent's watch on memory
    with suppress(OSError):  # a systemd unit may forbid it, as it may the limits
        os.nice(5)
    limits = {resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_AS: 2 * MOST_MEMORY}
    for what, most in limits.items():
        with suppress(OSError, ValueError):  # macOS has some of them in name only
            resource.setrlimit(what, (most, most))
    confine(*readable(sys.path))
    gc.freeze()  # excludes existing objects from garbage collection
    gc.set_threshold(20_000)  # garbage collector threshold: entries are many objects, but make no cycles
    while select.select([jobs], [], [], 60)[0]:  # seconds without a job before it exits
        head = _receive(jobs)
        content = _receive(jobs) if isinstance(head, bytes) else None
        if not isinstance(head, bytes) or content is None:
            return
        signal.alarm(int(read_seconds(len(content)) * 2))  # in case the parent died and the page never ends
        for data in _answers(job(head), content):
            answers.write(HEADER.pack(len(data)))
            answers.write(data)
            answers.flush()
        signal.alarm(0)
        del head, content  # frees the page: the next job may be minutes away


def _receive(jobs: socket.socket) -> Body | None:
    """The next frame; of a large body its file came with the header. None at the end."""
    header, files, _, _ = socket.recv_fds(jobs, HEADER.size, 1, socket.MSG_WAITALL)
    if files:
        return FileBody(files[0])
    if len(header) < HEADER.size:
        return None
    size = HEADER.unpack(header)[0]
    if size > MOST_MEMORY:
        return None
    content = jobs.recv(size, socket.MSG_WAITALL)
    return content if len(content) == size else None


def _answers(request: Job | Call, content: Body) -> Iterator[bytes]:
    """The encoded answers to a request, with an Outcome at the end."""
    what = request.page.url if isinstance(request, Job) else request.name
    try:
        if isinstance(request, Job):
            source, page = source_of(request.kind, request.options), page_of(request.page, content)
            yield from messages_of(TASKS[request.task](source, page, request.ignore))
        else:
            try:
                result = find_job(request.module, request.name)(content[:])
            except Exception as error:  # noqa: BLE001 - the Outcome reports it
                raise ReaderFailed(f"{request.name} failed: {type(error).__name__}: {error}"[:300]) from None
            for start in range(0, len(result), _PIECE):
                yield packed(Piece(result[start : start + _PIECE]))
    except SourceError as error:
        yield packed(outcome(type(error).__name__, error.message, error.code))
    except MemoryError:
        yield packed(outcome("ReaderFailed", f"reading {what} took too much memory", "reader_too_large"))
    except (ValueError, TypeError, OverflowError) as error:
        yield packed(outcome("ReaderFailed", f"what was read of {what} cannot be told: {error}"[:300], "reader_failed"))
    else:
        yield packed(Outcome())


if __name__ == "__main__":
    with suppress(BrokenPipeError, KeyboardInterrupt):
        main()
    sys.exit(0)
