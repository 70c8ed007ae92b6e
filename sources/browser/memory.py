"""The memory of a browser's processes. One that exceeds the limit is killed: its page fails, the others go on."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

log = logging.getLogger(__name__)

_PAGE = os.sysconf("SC_PAGE_SIZE")
_GENERATIONS = 20


def kill_large(pids: Iterable[int], most: int) -> int:
    """Kill those processes that take more than `most` bytes; returns how many. Only descendants of this process are
    touched, as it is the browser that names them.
    """
    killed = 0
    for pid in pids:
        taken = resident(pid)
        if taken <= most or not is_descendant(pid):
            continue
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            killed += 1
            log.warning("a page took %d MB of memory: its process was killed", taken // 1_000_000)
    return killed


def resident(pid: int) -> int:
    """The bytes of a process in memory; 0 where that is unknown."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        return 0


def is_descendant(pid: int) -> bool:
    """Whether a process was started by this one, or by one that it started."""
    for _ in range(_GENERATIONS):
        if pid == os.getpid():
            return True
        try:  # the name of a program, in parentheses, may contain anything
            pid = int(Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            return False
    return False
