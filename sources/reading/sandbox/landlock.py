"""Landlock: a process gives up access to all files but those on a list. Linux 5.13 and later.

The C library has no function for it; the numbers of the system calls and the bits are from the kernel's
<linux/landlock.h>, and equal on all architectures.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION, _BENEATH = 1, 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
# The number of file access rights in each version: create, write, move, truncate, execute, ioctl on devices.
_KNOWN = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_TCP = 0b11  # bind and connect, since version 4
_SCOPES = 0b11  # abstract sockets and signals, since version 6


def version() -> int:
    """The kernel's version of Landlock; 0 for none."""
    return max(_call(_CREATE, None, 0, _VERSION), 0) if sys.platform == "linux" else 0


def read_only(files: Iterable[Path], listed: Iterable[Path] = ()) -> bool:
    """Restrict this process to reading `files` (folders with their content) and listing `listed`; returns whether it
    worked.

    Sets PR_SET_NO_NEW_PRIVS.
    """
    has = version()
    if not has:
        return False
    rights = (1 << _KNOWN[min(has, max(_KNOWN))]) - 1
    asked = struct.pack("QQQ", rights, _TCP if has >= 4 else 0, _SCOPES if has >= 6 else 0)
    rules = _call(_CREATE, asked, 8 if has < 4 else 16 if has < 6 else 24, 0)
    if rules < 0:
        return False
    try:
        for path in files:
            _allow(rules, path, _READ_FILE | _READ_DIR)
        for path in listed:
            _allow(rules, path, _READ_DIR)
        return _call(_RESTRICT, rules, 0) == 0
    finally:
        os.close(rules)


def _allow(rules: int, path: Path, rights: int) -> None:
    with suppress(OSError):  # a path that does not exist
        held = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            given = rights if stat.S_ISDIR(os.fstat(held).st_mode) else rights & _READ_FILE
            _call(_ADD, rules, _BENEATH, struct.pack("=Qi", given, held), 0)
        finally:
            os.close(held)


def _call(number: int, *given: int | bytes | None) -> int:
    """The result of a system call, -1 when it fails."""
    libc = ctypes.CDLL(None, use_errno=True)
    values = [ctypes.c_long(each) if isinstance(each, int) else each for each in given]
    answer: int = libc.syscall(ctypes.c_long(number), *values)
    return answer
