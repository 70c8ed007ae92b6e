"""A lock file that one process at a time holds, released when the process dies."""

from __future__ import annotations

import errno
import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from state.db.ownership import give_to_owner_of
from state.errors import StateError

_PAUSE = 0.05  # seconds between two attempts

# A POSIX record lock belongs to the process, so threads need a lock of their own. Closing any handle of the file
# releases it, so no second handle is opened while it is held.
_threads: dict[Path, threading.Lock] = {}
os.register_at_fork(after_in_child=_threads.clear)  # a forked child does not hold the locks


@contextmanager
def exclusive(path: Path, timeout: float) -> Iterator[bool]:
    """Acquire the lock at `path` within `timeout` seconds; yields whether it was acquired. Raises StateError.

    It is a POSIX record lock: a forked child does not inherit it, and the kernel releases it when the process dies.
    """
    deadline = time.monotonic() + timeout
    ours = _threads.setdefault(path.resolve(), threading.Lock())
    if not ours.acquire(timeout=max(timeout, 0)):
        yield False
        return
    try:
        handle = _opened(path)
        try:
            yield _lock(handle, deadline)
        finally:
            os.close(handle)
    finally:
        ours.release()


def _opened(path: Path) -> int:
    try:
        handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
        try:
            give_to_owner_of(path.parent, handle)
        except OSError:
            os.close(handle)
            raise
    except OSError as error:
        why = "it is a link" if error.errno in (errno.ELOOP, errno.EMLINK) else error.strerror
        raise StateError(f"{path}: it cannot be opened: {why}; it is the lock of those who send") from error
    return handle


def _lock(handle: int, deadline: float) -> bool:
    while True:
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            if time.monotonic() >= deadline:
                return False
            time.sleep(_PAUSE)
        else:
            return True
