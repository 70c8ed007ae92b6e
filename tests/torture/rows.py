"""What a torture module gives: faults, each with what is expected of the program, and the table they end in."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple
from unittest.mock import patch

from alerts import send
from tests.pauses import noting
from tests.torture.databases import on_server

MOST_PAUSE = 0.5  # seconds of processor time that the event loop may not turn


class Row(NamedTuple):
    """One fault and what came of it. `seconds` is how long it took, `memory` by how many MB the process grew, `pause`
    the longest that an event loop did not turn meanwhile, in seconds of its thread's processor time: None where none ran.
    """

    fault: str
    expected: str
    seen: str
    seconds: float
    memory: float | None = None
    pause: float | None = None
    most_pause: float = MOST_PAUSE
    skipped: bool = False

    @property
    def passed(self) -> bool:
        """Whether what was seen is what was expected, and nothing else had to wait for it."""
        return self.skipped or (self.seen == self.expected and (self.pause or 0) <= self.most_pause)

    def __str__(self) -> str:
        paused = f", paused for {self.pause:.2f} s" if (self.pause or 0) > self.most_pause else ""
        return f"{self.fault}: expected {self.expected}, seen {self.seen}{paused}"


class Fault(NamedTuple):
    """A fault to be tried: `act` returns what was seen, in the words of `expected` if all is well. `most_pause` is the
    longest that the event loops of the processes that it starts may not turn. With the state on a PostgreSQL server
    `on_server` is expected, where that is something else; `only_files` says why a fault cannot be tried there.
    """

    fault: str
    expected: str
    act: Callable[[], str]
    most_pause: float = MOST_PAUSE
    on_server: str = ""
    only_files: str = ""

    def __call__(self) -> Row:
        expected = (on_server() and self.on_server) or self.expected
        if on_server() and self.only_files:
            return Row(self.fault, expected, f"skipped: {self.only_files}", 0, skipped=True)
        start = time.monotonic()
        with noting() as pauses:
            try:
                seen = self.act()
            except Exception as error:  # noqa: BLE001 - one fault's surprise is its row, the others are still tried
                where = traceback.extract_tb(error.__traceback__)[-1]
                seen = f"{type(error).__name__}: {error} ({where.name}:{where.lineno})"
        took, pause = time.monotonic() - start, max(pauses, default=None)
        return Row(self.fault, expected, seen, took, pause=pause, most_pause=self.most_pause)


def tried(faults: Iterable[Callable[[], Row] | Row], at_once: int = 1) -> Iterator[Row]:
    """The rows of a module's faults, in their order; callables run in threads, `at_once` at a time."""
    with patch.object(send, "SECONDS", send.SECONDS):  # some wait shorter than that, and those after them must not
        if at_once == 1:
            yield from (fault if isinstance(fault, Row) else fault() for fault in faults)
            return
        with ThreadPoolExecutor(at_once) as pool:
            running = [fault if isinstance(fault, Row) else pool.submit(fault) for fault in faults]
            for each in running:
                yield each if isinstance(each, Row) else each.result()


def print_table(title: str, rows: Iterable[Row]) -> list[Row]:
    """Print rows as they come; returns those that differ from what was expected."""
    print(f"\n{title}")
    _print_line(("", "fault", "expected", "seen", "seconds", "MB", "pause"))
    differing = list[Row]()
    for row in rows:
        if not row.passed:
            differing.append(row)
        memory = "" if row.memory is None else f"{row.memory:,.0f}"
        pause = "-" if row.pause is None else f"{row.pause:.3f}"
        mark = "" if row.passed else "!"
        _print_line((mark, row.fault, row.expected, row.seen, f"{row.seconds:.2f}", memory, pause))
    return differing


def _print_line(cells: Sequence[str]) -> None:
    mark, fault, expected, seen, seconds, memory, pause = cells
    line = f"{mark:1} {fault:<52} {expected:<34} {seen:<34} {seconds:>7} {memory:>6} {pause:>6}"
    print(line.rstrip(), flush=True)
