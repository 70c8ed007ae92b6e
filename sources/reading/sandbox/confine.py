"""Confines the subprocess that parses pages by the kernel's means.

A filter of system calls (syscalls.py) forbids the network, other programs, and any write. Landlock (landlock.py)
forbids files other than code to import. On a kernel that lacks one, the other still applies; without both there remain
the resource limits and the minimal environment. `means` reports what there is.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from sources.reading.sandbox import landlock
from sources.reading.sandbox.syscalls import MACHINES, program

_NO_NEW_PRIVS, _DUMPABLE, _SECCOMP, _GET_SECCOMP, _FILTER = 38, 4, 22, 21, 2


class Means(NamedTuple):
    """What the kernel offers: whether it filters system calls, and the version of Landlock or 0."""

    seccomp: bool
    landlock: int

    def __str__(self) -> str:
        """In words, for people."""
        calls = (
            "no network, no programs (seccomp)" if self.seccomp else "NOT kept from network and programs: no seccomp"
        )
        own = f"no files but code (Landlock, version {self.landlock})"
        return f"{calls}; {own if self.landlock else 'NOT kept from reading files: no Landlock'}"


def means() -> Means:
    """What this kernel offers. Changes nothing."""
    known = sys.platform == "linux" and platform.machine() in MACHINES
    return Means(known and _prctl(_GET_SECCOMP) >= 0, landlock.version())


def confine(files: Iterable[Path], listed: Iterable[Path]) -> Means:
    """Confine this process, which must have a single thread, for good; returns what was applied. It may read `files`
    (and folders), and list the folders in `listed`.
    """
    if sys.platform != "linux":
        return Means(seccomp=False, landlock=0)
    _prctl(_DUMPABLE, 0)
    _prctl(_NO_NEW_PRIVS, 1)
    locked = landlock.read_only(files, listed)
    return Means(_filter(), landlock.version() if locked else 0)


def _filter() -> bool:
    machine = MACHINES.get(platform.machine())
    if machine is None:
        return False
    code = program(machine, os.getpid())

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))

    given = Program(len(code) // 8, code)
    return _prctl(_SECCOMP, _FILTER, ctypes.addressof(given)) == 0


def _prctl(*given: int) -> int:
    values = [ctypes.c_ulong(each) for each in (*given[1:], 0, 0, 0, 0)][:4]
    answer: int = ctypes.CDLL(None, use_errno=True).prctl(ctypes.c_int(given[0]), *values)
    return answer
