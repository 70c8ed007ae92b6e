"""Confines the subprocess that parses pages by the kernel's means.

A filter of system calls (syscalls.py) forbids the network, other programs, and any write. Landlock forbids files other
than code that it may import later. On a kernel that lacks one, the other still applies; without both there remain the
resource limits and the minimal environment. `means` reports what there is.
"""

from __future__ import annotations

import ctypes
import os
import platform
import stat
import struct
import sys
import zoneinfo
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from sources.loader import GROUP
from sources.reading.syscalls import MACHINES, program

_OWN = ("sources", "state", "alerts", "watcher")
# Where shared libraries are, which compiled modules link to.
_SHARED = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")
_SMALL = ("/etc/localtime", "/etc/mime.types", "/etc/ld.so.cache", "/dev/null", "/dev/urandom", "/proc/self")
_CODE = (".py", ".so", ".zip", ".dist-info", ".egg-info", ".pth")
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION, _BENEATH = 1, 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
# The number of file access rights in each version: create, write, move, truncate, execute, ioctl on devices.
_KNOWN = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_TCP = 0b11  # bind and connect, since version 4
_SCOPES = 0b11  # abstract sockets and signals, since version 6
_NO_NEW_PRIVS, _DUMPABLE, _SECCOMP, _GET_SECCOMP, _FILTER = 38, 4, 22, 21, 2


def readable(path: Sequence[str]) -> tuple[list[Path], list[Path]]:
    """The files and folders to read, and the folders to list, for imports from this module search path.

    Of a listed folder only importable files may be read: a user's folder may be on the path, such as that of the
    configuration.
    """
    files, listed = list(map(Path, (*_SHARED, *_SMALL, *zoneinfo.TZPATH))), list[Path]()
    files += [Path(prefix) / "lib" for prefix in {sys.prefix, sys.base_prefix, sys.exec_prefix}]
    for folder in map(Path, filter(None, path)):
        if folder.name in {"site-packages", "dist-packages"} or folder.is_file():
            files.append(folder)
        elif not any(folder.is_relative_to(each) for each in files):
            listed.append(folder)
            files += _code(folder)
    return [*files, *_homes()], listed


def _code(folder: Path) -> Iterator[Path]:
    """The importable files in a folder, and the metadata of its distributions."""
    with suppress(OSError):
        for each in folder.iterdir():
            if each.suffix in _CODE or each.name == "__pycache__" or any(each.glob("*.py")):
                yield each


def _homes() -> Iterator[Path]:
    """The folders of this program's packages and of plugins, whatever import finder they use."""
    points = {point.module.partition(".")[0] for point in entry_points(group=GROUP)}
    for name in (*_OWN, *sorted(points)):
        with suppress(ImportError, ValueError, AttributeError):
            if spec := find_spec(name):
                places = spec.submodule_search_locations or filter(None, [spec.origin])
                yield from map(Path, places)


def landlock_version() -> int:
    """The kernel's version of Landlock; 0 for none."""
    return max(_call(_CREATE, None, 0, _VERSION), 0) if sys.platform == "linux" else 0


def read_only(files: Iterable[Path], listed: Iterable[Path] = ()) -> bool:
    """Restrict this process to reading `files` (folders with their content) and listing `listed`; returns whether it
    worked.

    Sets PR_SET_NO_NEW_PRIVS.
    """
    has = landlock_version()
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
    return Means(known and _prctl(_GET_SECCOMP) >= 0, landlock_version())


def confine(files: Iterable[Path], listed: Iterable[Path]) -> Means:
    """Confine this process, which must have a single thread, for good; returns what was applied. It may read `files`
    (and folders), and list the folders in `listed`.
    """
    if sys.platform != "linux":
        return Means(seccomp=False, landlock=0)
    _prctl(_DUMPABLE, 0)
    _prctl(_NO_NEW_PRIVS, 1)
    locked = read_only(files, listed)
    return Means(_filter(), landlock_version() if locked else 0)


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
