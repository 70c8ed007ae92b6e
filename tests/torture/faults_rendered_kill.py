"""Killed while a page is rendered: the program, its browser, a page's process, the driver; and all of them.

Of each run the first makes the baseline, the second meets its end in a visit that waits for the rows of its page, the
third must put everything right, and leave no process and no folder behind.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial

from tests.torture.desks import CONFIGURATION, Register, opened
from tests.torture.processes import Running, until
from tests.torture.rendering import BROWSER, NOTHING, Traces, skipped
from tests.torture.rows import Fault, Row

TITLE = "Killed in a visit of a browser, and with a rendered page"
AT_ONCE = 2
WELL = f"lost 0, twice 0, {NOTHING}"
AGAIN = f"lost 0, twice 1 with the same id, {NOTHING}"
POINTS = ("after_fetch", "after_read", "before_commit", "after_commit", "before_send", "after_send")
PARTS = ("browser", "renderer", "driver", "gpu-process")
PAGE = (
    "<table><thead><tr><th>name<th>branch</thead><tbody></tbody></table><script>fetch('/rows').then(it => it.text())"
    ".then(rows => document.querySelector('tbody').innerHTML = rows)</script>"
)
SOURCE = 'fetch = "browser"\nwait_for = "td"\ntimeout = "20s"\n'


def faults() -> Iterator[Fault | Row]:
    if row := skipped():
        yield row
        return
    for kind in ("KILL", "TERM"):
        for argv in (("--once",), ()):
            what = f"SIG{kind} in a visit, {'--once' if argv else 'daemon'}"
            yield Fault(what, WELL, partial(ended, signal.Signals[f"SIG{kind}"], argv))
    yield Fault("SIGKILL in a visit: program, driver and browser", WELL, all_ended)
    for part in PARTS:
        yield Fault(f"SIGKILL in a visit: the {part}, --once", WELL, partial(part_ended, part, ("--once",)))
        yield Fault(f"SIGKILL in a visit: the {part}, daemon", WELL, partial(part_ended, part, ()))
    yield Fault("SIGKILL between two visits: the browser, daemon", WELL, between)
    for point in POINTS:
        expected = AGAIN if point == "after_send" else WELL
        yield Fault(f"SIGKILL {point.replace('_', ' ')} of a rendered page, --once", expected, partial(at_point, point))


class Rendered(Register):
    """A register whose rows a script asks for."""

    configuration = CONFIGURATION.replace('kind = "json"', 'kind = "table"').replace('items = "@"\n', "")
    traces: Traces

    def show(self, branch: str, **more: str) -> None:
        self.site.page("/list", PAGE)
        self.site.page("/rows", f"<tr><td>Telegram<td>{branch}</tr>", type="text/html")

    def in_visit(self, argv: tuple[str, ...]) -> Running:
        """The program, in a visit that waits for rows."""
        self.site.silent("/rows")
        asked = self.site.paths.count("/rows")
        running = self.program.start(*argv)
        until(lambda: self.site.paths.count("/rows") > asked, 40)
        return running


@contextmanager
def rendered() -> Iterator[Rendered]:
    """A case with its baseline."""
    with opened(Rendered, top=BROWSER, source=SOURCE) as case:
        case.traces = Traces(case.program.folder)
        ran = case.program.once()
        assert ran.code == 0, f"exit {ran.code}: {ran.err[-300:]} {ran.out}"
        yield case


def ended(number: signal.Signals, argv: tuple[str, ...]) -> str:
    with rendered() as case:
        running = case.in_visit(argv)
        running.signal(number)
        ran = running.wait()
        assert ran.code == (0 if number == signal.SIGTERM and not argv else -number), f"ended with {ran.code}"
        return aftermath(case)


def all_ended() -> str:
    with rendered() as case:
        running = case.in_visit(())
        pids = [each.pid for each in case.traces.processes()]
        running.kill()
        kill(*pids)
        return aftermath(case)


def part_ended(part: str, argv: tuple[str, ...]) -> str:
    """A part of the browser ends, and the program goes on; a daemon reads the page by itself."""
    with rendered() as case:
        running = case.in_visit(argv)
        kill(*case.traces.pids(part))
        if argv:
            assert running.wait().code == 1
        return aftermath(case, None if argv else running)


def between() -> str:
    with rendered() as case:
        running = case.program.start()
        asked = case.site.paths.count("/rows")
        until(lambda: case.site.paths.count("/rows") > asked + 1, 40)
        kill(*case.traces.pids("browser"))
        return aftermath(case, running)


def at_point(point: str) -> str:
    with rendered() as case:
        case.show("B")
        ran = case.program.once(failpoint=f"{point}:KILL")
        assert ran.code == -signal.SIGKILL, f"it was not killed: {ran}"
        return aftermath(case)


def aftermath(case: Rendered, running: Running | None = None) -> str:
    """The change is told by the daemon that still runs, or by two undisturbed runs; the state is whole."""
    case.show("B")
    if running:
        until(lambda: case.count(1).startswith("lost 0"), 60, "the daemon told nothing")
        running.signal(signal.SIGTERM)
        assert running.wait().code == 0
    for _ in range(2):
        ran = case.program.once()
        assert ran.code == 0, f"exit {ran.code}: {ran.err[-300:]} {ran.out}"
    assert (case.program.changes(), case.program.sound()) == (1, True)
    return f"{case.count(1)}, {case.traces.left()}"


def kill(*pids: int) -> None:
    """End processes of this test's own program."""
    assert pids, "there is no such process"
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
