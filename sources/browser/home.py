"""The folder of one browser: its home, its profile, its temporary files and those of the driver that starts it.

A program that is killed does not remove it. So it is locked while the program lives, and the next browser that is
started removes the folders that nobody holds.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import stat
import tempfile
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

_PREFIX = "registry-watch-browser-"
_starting = threading.Lock()
_LOOK = 0.02  # seconds


class Home:
    """A new folder for a browser."""

    def __init__(self) -> None:
        self.path, self._lock = _locked()

    def remove(self) -> None:
        """Remove it with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)

    @asynccontextmanager
    async def for_driver(self) -> AsyncIterator[None]:
        """Let the driver that is started meanwhile keep its temporary files here, and have a home, as it does not start
        without one. It takes no other environment than that of this process. One starts at a time.
        """
        async with _alone():
            names = ("TMPDIR",) if "HOME" in os.environ else ("TMPDIR", "HOME")  # a service's user may have none
            before = os.environ.get("TMPDIR")
            os.environ.update(dict.fromkeys(names, self.path))
            try:
                yield
            finally:
                for name in names:
                    os.environ.pop(name)
                if before is not None:
                    os.environ["TMPDIR"] = before


@asynccontextmanager
async def _alone() -> AsyncIterator[None]:
    """Hold the lock of all event loops: those of several threads may start a browser."""
    while not _starting.acquire(blocking=False):  # noqa: ASYNC110 - no event is shared by loops
        await asyncio.sleep(_LOOK)
    try:
        yield
    finally:
        _starting.release()


def remove_left() -> None:
    """Remove the folders of this user that programs left behind when they were killed."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):  # another program removes it
            found = path.lstat()
            if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid():
                lock = _lock(path)
                shutil.rmtree(path, ignore_errors=True)
                os.close(lock)


def _locked() -> tuple[str, int]:
    """A new folder and its lock, which the system releases when this process ends."""
    while True:
        path = tempfile.mkdtemp(prefix=_PREFIX)
        with suppress(OSError):  # another program found it before it had its lock, and removes it
            lock = _lock(path)
            if Path(path).exists():
                return path, lock
            os.close(lock)


def _lock(path: str | Path) -> int:
    """The lock of a folder. Raises OSError if another program has it."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(folder)
        raise
    return folder
