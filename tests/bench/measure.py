"""What a program costs as a whole: processor time, time by the clock, memory; its own children are counted in.

Linux counts into a process's peak memory what the process that started it had then; so the bench itself stays small.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

LONGEST = 1_800.0  # seconds that one run may take


class Cost(NamedTuple):
    """User and system seconds, seconds by the clock, MB at the most."""

    cpu: float
    wall: float
    peak: float


class RunFailedError(Exception):
    """The program did not do what was to be measured."""


def run(
    command: Sequence[str], folder: Path, env: Mapping[str, str] | None = None, codes: Sequence[int] = (0,)
) -> Cost:
    """Run a program in `folder`; what it says goes to the file `said` there. Raises RunFailedError for an exit code
    that is not one of `codes`.
    """
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", "TZ": "UTC", **(env or {})}
    said = folder / "said"
    with said.open("wb") as out:
        began = time.monotonic()
        child = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out, process_group=0
        )
        overdue = threading.Timer(LONGEST, os.killpg, (child.pid, signal.SIGKILL))
        overdue.start()
        try:
            _, status, used = os.wait4(child.pid, 0)
        except BaseException:
            os.killpg(child.pid, signal.SIGKILL)
            raise
        finally:
            overdue.cancel()
    wall = time.monotonic() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in codes:
        end = said.read_text(errors="replace")[-2_000:]
        raise RunFailedError(f"{' '.join(command)} ended with {child.returncode}:\n{end}")
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * 1024 / 1e6)


def medians(costs: Sequence[Cost]) -> Cost:
    """Each figure's median."""
    return Cost(*(median(figures) for figures in zip(*costs, strict=True)))
