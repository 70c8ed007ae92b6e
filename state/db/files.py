"""Files: a lock that one process at a time holds, new names that last, and what root does in another user's folder.

Root hands new files over to the folder's user, and follows no planted link: a compromised service user could replace a
file by a link, so that root would write to, or give away, one of root's own files.
"""

import errno
import fcntl
import os
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from state.errors import StateError

_PAUSE = 0.05  # seconds between two attempts

# A POSIX record lock belongs to the process, so threads need a lock of their own. Closing any handle of the file
# releases it, so no second handle is opened while it is held.
_threads: dict[Path, threading.Lock] = {}
os.register_at_fork(after_in_child=_threads.clear)  # a forked child does not hold the locks


def is_there(file: Path) -> bool:
    """Whether a file is there. Raises OSError where this cannot be told; `Path.exists` says no then on Python 3.14."""
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


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
        try:
            acquired = False
            while not acquired:
                try:
                    fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    acquired = True
                except (BlockingIOError, PermissionError):
                    if time.monotonic() >= deadline:
                        break
                    time.sleep(_PAUSE)
            yield acquired
        finally:
            os.close(handle)
    finally:
        ours.release()


def give_to_owner_of(folder: Path, handle: int) -> None:
    """As root, give an open file to the owner of its folder, so that the service can open it later.

    Refuses a file with several hard links, or of a third owner. Raises OSError.
    """
    if os.geteuid() != 0:
        return
    owner, file = folder.stat(), os.fstat(handle)
    if file.st_nlink > 1 and stat.S_ISREG(file.st_mode):
        raise OSError(errno.EPERM, "it has another name elsewhere")
    if file.st_uid not in (0, owner.st_uid):
        raise OSError(errno.EPERM, "it belongs to somebody else")
    os.fchown(handle, owner.st_uid, owner.st_gid)


def refuse_planted(path: Path) -> None:
    """As root, check that no other user has put a link at a path; root's own links are followed. Raises OSError."""
    if os.geteuid() != 0:
        return
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if stat.S_ISLNK(found.st_mode) and found.st_uid != 0:
        raise OSError(errno.ELOOP, "it is a link of another user, which root does not follow")
    if stat.S_ISREG(found.st_mode) and found.st_nlink > 1 and is_foreign(path.parent):
        raise OSError(errno.EPERM, "it has another name elsewhere, and its folder belongs to another user")


def is_foreign(folder: Path) -> bool:
    """Whether this process is root, in a folder of another user."""
    return os.geteuid() == 0 and folder.stat().st_uid != 0


def is_read_only(folder: Path) -> bool:
    """Whether its file system is mounted so that nobody can write there."""
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


def sync_folder(folder: Path) -> None:
    """Make a folder's new names survive a power cut. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
