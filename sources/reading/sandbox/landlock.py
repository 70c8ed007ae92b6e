"""Landlock: from then on, this process reads what it was allowed to, and no other file. Linux 5.13 and later.

There is no function for it in the C library; the numbers of the calls and the bits are those of the kernel's
<linux/landlock.h>, and the same on every machine.
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
# How many rights each version knows: to make, write, move, truncate and run files, and to command devices.
_KNOWN = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_TCP = 0b11  # to bind and to connect, from version 4 on
_SCOPES = 0b11  # abstract sockets and signals outside, from version 6 on


def version() -> int:
    """Which version of Landlock the kernel has; 0 for none."""
    return max(_call(_CREATE, None, 0, _VERSION), 0) if sys.platform == "linux" else 0


def read_only(files: Iterable[Path], listed: Iterable[Path] = ()) -> bool:
    """Let this process read these files, and all that is in these folders, and list others; whether that came about.

    The process may gain no rights any more (PR_SET_NO_NEW_PRIVS).
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
    with suppress(OSError):  # what is not there need not be read
        held = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            given = rights if stat.S_ISDIR(os.fstat(held).st_mode) else rights & _READ_FILE
            _call(_ADD, rules, _BENEATH, struct.pack("=Qi", given, held), 0)
        finally:
            os.close(held)


def _call(number: int, *given: int | bytes | None) -> int:
    """The answer of a system call, -1 where it fails."""
    libc = ctypes.CDLL(None, use_errno=True)
    values = [ctypes.c_long(each) if isinstance(each, int) else each for each in given]
    answer: int = libc.syscall(ctypes.c_long(number), *values)
    return answer
