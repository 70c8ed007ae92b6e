"""File handling: new names that last, and for root in another user's folder: hands new files over to that user, and
follows no planted link.

A compromised service user could replace a file by a link, so that root would write to, or give away, one of root's own
files.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


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


def sync_folder(folder: Path) -> None:
    """Make a folder's new names survive a power cut. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
