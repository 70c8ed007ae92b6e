"""What root does with files in a folder of another user: it gives them new ones, and follows nothing that they planted.

A service's user who was taken over could put a link in the place of a file, so that root writes to, or gives away, one
of root's own.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


def give_to_owner_of(folder: Path, handle: int) -> None:
    """Root looks after the state of a service, which has to be able to open its files later: give it an open file.

    A file with another name elsewhere, or of a third owner, is none of the service's. Raises OSError.
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
    """As root: see that no other user has put a link at a path. A link of root's own is followed. Raises OSError."""
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
    """Whether we are root in a folder of another user."""
    return os.geteuid() == 0 and folder.stat().st_uid != 0
