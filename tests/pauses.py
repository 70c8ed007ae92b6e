"""The event loop's longest pause, as the program's log tells of it, and as its processes note it for those who started
them."""

from __future__ import annotations

import math
import mmap
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import NamedTuple

from watcher.runtime import event_loop

_NOTE = struct.Struct("d")
_SAID = re.compile(r"longest pause: ([\d.]+) s of processor time, ([\d.]+) s in all")
_noted: ContextVar[list[float] | None] = ContextVar("noted", default=None)


class Said(NamedTuple):
    """A longest pause in seconds: of processor time, and in all."""

    cpu: float
    wall: float


def said_in(log: str) -> list[Said]:
    """The longest pause of each process that a log tells of; it does so at its end, if it is asked for much (-v)."""
    return [Said(float(cpu), float(wall)) for cpu, wall in _SAID.findall(log)]


@contextmanager
def noting() -> Iterator[list[float]]:
    """Collects the longest pauses that `note` is told of in this thread, in seconds of processor time."""
    found: list[float] = []
    token = _noted.set(found)
    try:
        yield found
    finally:
        _noted.reset(token)


def note(pause: float | None) -> None:
    """Have the longest pause of one event loop collected; None when none ran."""
    found = _noted.get()
    if found is not None and pause is not None:
        found.append(pause)


def tell_into(file: Path) -> None:
    """From now on the event loops of this process write their longest pause into a file, whatever will end them."""
    file.write_bytes(_NOTE.pack(math.nan))
    with file.open("r+b") as opened:
        memory = mmap.mmap(opened.fileno(), _NOTE.size)
    add, longest = event_loop.Pauses.add, 0.0

    def telling(pauses: event_loop.Pauses, cpu: float, wall: float, now: float = 0.0) -> None:
        nonlocal longest
        add(pauses, cpu, wall, now)
        longest = max(longest, pauses.longest)
        _NOTE.pack_into(memory, 0, longest)

    event_loop.Pauses.add = telling  # type: ignore[method-assign]


def told_in(file: Path) -> float | None:
    """What a process wrote into its file: None when it had no event loop."""
    written = file.read_bytes()
    (pause,) = _NOTE.unpack(written) if written else (math.nan,)
    return None if math.isnan(pause) else pause
