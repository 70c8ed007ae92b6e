"""Confines the subprocess that parses pages by the kernel's means.

A filter of system calls (seccomp), a BPF program for the kernel, forbids the network, other programs, and any write: it
checks the number of a call and some of its arguments, and a refused call fails with EPERM, which Python raises as
PermissionError. Landlock forbids files other than code that it may import later. On a kernel that lacks one, the other
still applies; without both there remain the resource limits and the minimal environment. `means` reports what there is.
"""

import ctypes
import os
import platform
import stat
import struct
import sys
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from sources.loader import plugins

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
            with suppress(OSError):  # importable files, and the metadata of distributions
                for each in folder.iterdir():
                    if each.suffix in _CODE or each.name == "__pycache__" or any(each.glob("*.py")):
                        files.append(each)
    # The folders of this program's packages and of plugins, whatever import finder they use.
    points = {point.module.partition(".")[0] for point in plugins()}
    for name in (*_OWN, *sorted(points)):
        with suppress(ImportError, ValueError, AttributeError):
            if spec := find_spec(name):
                files += map(Path, spec.submodule_search_locations or filter(None, [spec.origin]))
    return files, listed


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
        allowed = [*((path, _READ_FILE | _READ_DIR) for path in files), *((path, _READ_DIR) for path in listed)]
        for path, mask in allowed:
            with suppress(OSError):  # a path that does not exist
                held = os.open(path, os.O_PATH | os.O_CLOEXEC)
                try:
                    given = mask if stat.S_ISDIR(os.fstat(held).st_mode) else mask & _READ_FILE
                    _call(_ADD, rules, _BENEATH, struct.pack("=Qi", given, held), 0)
                finally:
                    os.close(held)
        return _call(_RESTRICT, rules, 0) == 0
    finally:
        os.close(rules)


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
    filtered = False
    if machine := MACHINES.get(platform.machine()):
        code = ctypes.create_string_buffer(program(machine, os.getpid()))
        given = ctypes.create_string_buffer(struct.pack("HP", (len(code) - 1) // 8, ctypes.addressof(code)))
        filtered = _prctl(_SECCOMP, _FILTER, ctypes.addressof(given)) == 0  # struct sock_fprog
    return Means(filtered, landlock_version() if locked else 0)


def _prctl(*given: int) -> int:
    values = [ctypes.c_ulong(each) for each in (*given[1:], 0, 0, 0, 0)][:4]
    answer: int = ctypes.CDLL(None, use_errno=True).prctl(ctypes.c_int(given[0]), *values)
    return answer


# The numbers on x86_64 and on aarch64; None where a call does not exist.
_REFUSED: Mapping[str, tuple[int | None, int | None]] = {
    # the network; io_uring would bypass the filter
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
    "accept": (43, 202), "accept4": (288, 242), "sendto": (44, 206), "sendmsg": (46, 211), "sendmmsg": (307, 269),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    # other programs and processes
    "execve": (59, 221), "execveat": (322, 281), "fork": (57, None), "vfork": (58, None), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kill": (62, 129), "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424), "kcmp": (312, 272), "setpriority": (141, 140),
    # files: only opening for reading remains
    "creat": (85, None), "unlink": (87, None), "unlinkat": (263, 35), "rename": (82, None), "renameat": (264, 38),
    "renameat2": (316, 276), "mkdir": (83, None), "mkdirat": (258, 34), "rmdir": (84, None), "link": (86, None),
    "linkat": (265, 37), "symlink": (88, None), "symlinkat": (266, 36), "mknod": (133, None), "mknodat": (259, 33),
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, None),
    "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54), "truncate": (76, 45), "ftruncate": (77, 46),
    "fallocate": (285, 47), "utime": (132, None), "utimes": (235, None), "utimensat": (280, 88),
    "futimesat": (261, None), "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16), "memfd_create": (319, 279),
    "memfd_secret": (447, 447), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    # the machine
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97),
    "setns": (308, 268), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "mount_setattr": (442, 442), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "personality": (135, 92), "add_key": (248, 217),
    "request_key": (249, 218), "keyctl": (250, 219), "shmget": (29, 194), "shmat": (30, 196), "semget": (64, 190),
    "msgget": (68, 186), "mq_open": (240, 180),
}  # fmt: skip

_WRITING = 0o1 | 0o2 | 0o100 | 0o1000 | 0o20000000  # O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_TMPFILE
_THREAD = 0x10000  # CLONE_THREAD
_TYPE_INTO_TERMINAL = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX


class Machine(NamedTuple):
    """The filter's parameters for an architecture: the kernel's name for it, and the calls whose arguments are
    checked.
    """

    audit: int
    column: int
    open: int | None
    openat: int
    clone: int
    tgkill: int
    prlimit64: int
    ioctl: int
    most: int  # larger numbers belong to another ABI (x32)


MACHINES = {
    "x86_64": Machine(0xC000003E, 0, 2, 257, 56, 234, 302, 16, 0x40000000),
    "aarch64": Machine(0xC00000B7, 1, None, 56, 220, 131, 261, 29, 0x40000000),
}
# Clone3 and openat2: their arguments are in memory, out of reach; after ENOSYS, libc uses the older call.
_MISSING = (435, 437)

_LOAD, _EQUAL, _AT_LEAST, _SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _END, _EPERM, _ENOSYS = 0x7FFF0000, 0x80000000, 0x50000 | 1, 0x50000 | 38
_NUMBER, _MACHINE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data

Instruction = tuple[int, int, int, int]  # struct sock_filter: code, jump if true, jump if false, operand


def program(machine: Machine, pid: int) -> bytes:
    """The filter for the process `pid`, as the kernel's array of struct sock_filter: eight bytes each."""
    return b"".join(struct.pack("HBBI", *each) for each in _instructions(machine, pid))


def _instructions(machine: Machine, pid: int) -> Iterator[Instruction]:
    yield from ((_LOAD, 0, 0, _MACHINE), (_EQUAL, 1, 0, machine.audit), (_RETURN, 0, 0, _END))
    yield from ((_LOAD, 0, 0, _NUMBER), (_AT_LEAST, 0, 1, machine.most), (_RETURN, 0, 0, _EPERM))
    for number in _MISSING:
        yield from _at_call(number, [(_RETURN, 0, 0, _ENOSYS)])
    for refused in filter(None, (numbers[machine.column] for numbers in _REFUSED.values())):
        yield from _at_call(refused, [(_RETURN, 0, 0, _EPERM)])
    if machine.open is not None:
        yield from _at_call(machine.open, _unless(1, _SET, _WRITING, refuse_if=True))
    yield from _at_call(machine.openat, _unless(2, _SET, _WRITING, refuse_if=True))
    yield from _at_call(machine.clone, _unless(0, _SET, _THREAD, refuse_if=False))
    yield from _at_call(machine.tgkill, _unless(0, _EQUAL, pid, refuse_if=False))
    yield from _at_call(machine.prlimit64, _unless(0, _EQUAL, 0, refuse_if=False))
    for request in _TYPE_INTO_TERMINAL:
        yield from _at_call(machine.ioctl, _unless(1, _EQUAL, request, refuse_if=True, go_on=True))
    yield (_RETURN, 0, 0, _ALLOW)


def _at_call(number: int, then: Sequence[Instruction]) -> Iterator[Instruction]:
    """Run the instructions `then` at a call of that number."""
    yield (_EQUAL, 0, len(then), number)
    yield from then


def _unless(argument: int, test: int, value: int, *, refuse_if: bool, go_on: bool = False) -> Sequence[Instruction]:
    """Test the lower half of an argument, and refuse the call when the result equals `refuse_if`."""
    yes, no = (0, 1) if refuse_if else (1, 0)
    look: list[Instruction] = [
        (_LOAD, 0, 0, _ARGUMENTS + 8 * argument),
        (test, yes, no, value),
        (_RETURN, 0, 0, _EPERM),
    ]
    return [*look, (_LOAD, 0, 0, _NUMBER) if go_on else (_RETURN, 0, 0, _ALLOW)]
