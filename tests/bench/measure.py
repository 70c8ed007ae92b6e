"""What a program costs as a whole: processor time, time by the clock, memory; its own children are counted in.

Linux counts into a process's peak memory what the process that started it had then; so the bench itself stays small.
"""

from __future__ import annotations

import ctypes
import os
import re
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median
from textwrap import shorten
from typing import NamedTuple

LONGEST = 7_200.0  # seconds that one run may take
GLANCE = 0.05  # seconds between two looks at a program's memory
PAGE = os.sysconf("SC_PAGE_SIZE")
TICK = os.sysconf("SC_CLK_TCK")

_PR_SET_CHILD_SUBREAPER = 36
_ASIDE = re.compile(r"^s\d+ +[a-z]+ +|https?://\S+")


class Cost(NamedTuple):
    """User and system seconds, seconds by the clock, MB at the most."""

    cpu: float
    wall: float
    peak: float


class RunFailedError(Exception):
    """The program did not do what was to be measured."""

    @property
    def why(self) -> str:
        """In a few words: the last line of what is told, without an address, and without a source and its state."""
        last = str(self).strip().rpartition("\n")[2]
        return f"could not: {shorten(_ASIDE.sub('', last), 80)}"


class Running:
    """A program in `folder`, in a process group of its own; what it says goes to the file `said` there."""

    def __init__(self, command: Sequence[str], folder: Path, env: Mapping[str, str]) -> None:
        _adopt_orphans(yes=True)
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", "TZ": "UTC", **env}
        with (folder / "said").open("wb") as out:
            self._began = time.monotonic()
            self._child = subprocess.Popen(
                command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out, process_group=0
            )
        self.pid = self._child.pid

    def wait(self, longest: float = LONGEST) -> tuple[int, Cost]:
        """Its exit code, and what it and its children have cost. It is killed when it takes too long."""
        overdue = threading.Timer(longest, self.kill)
        overdue.start()
        memory = _Memory(self.pid)
        try:
            _, status, used = os.wait4(self.pid, 0)
            wall = time.monotonic() - self._began
            code = self._child.returncode = os.waitstatus_to_exitcode(status)
            left = list(self._orphans())
        except BaseException:
            self.kill()
            raise
        finally:
            _adopt_orphans(yes=False)
            memory.stop()
            overdue.cancel()
        cpu = sum(one.ru_utime + one.ru_stime for one in (used, *left))
        return code, Cost(cpu, wall, max(used.ru_maxrss * 1024, memory.most) / 1e6)

    def cpu(self) -> float:
        """Seconds of processor time that it has used so far, without its children's."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def memory(self) -> float:
        """MB that it and its children have in use."""
        return resident(self.pid) / 1e6

    def terminate(self) -> None:
        """Ask it to end."""
        self._child.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it and all of its process group."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def _orphans(self) -> list[resource.struct_rusage]:
        """What those of its children have used that it did not wait for."""
        used = []
        with suppress(ChildProcessError):
            while True:
                used.append(os.wait4(-self.pid, 0)[2])
        return used


def _adopt_orphans(*, yes: bool) -> None:
    """Whether processes that a child leaves behind are ours to wait for."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, int(yes), 0, 0, 0)


class _Memory:
    """Watches what a program and its children have in use together; the kernel knows only the largest of them."""

    def __init__(self, pid: int) -> None:
        self.most = 0
        self._pid, self._done = pid, threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def stop(self) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(GLANCE):
            self.most = max(self.most, resident(self._pid))


def resident(pid: int) -> int:
    """Bytes in use by a process and all below it; 0 when it has ended."""
    try:
        own = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
        listed = [file.read_text() for file in Path(f"/proc/{pid}/task").glob("*/children")]
    except (OSError, IndexError):
        return 0
    return own + sum(resident(int(child)) for child in " ".join(listed).split())


def run(command: Sequence[str], folder: Path, env: Mapping[str, str] | None = None) -> Cost:
    """Run a program to its end. Raises RunFailedError when that is not well."""
    code, cost = Running(command, folder, env or {}).wait()
    if code:
        raise RunFailedError(f"{' '.join(command)} ended with {code}:\n{said(folder)[-2_000:]}")
    return cost


def said(folder: Path) -> str:
    """What the last program in this folder said."""
    return (folder / "said").read_text(errors="replace")


def medians(costs: Sequence[Cost]) -> Cost:
    """Each figure's median."""
    return Cost(*(median(figures) for figures in zip(*costs, strict=True)))
