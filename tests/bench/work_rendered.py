"""Pages that a browser renders, beside plain ones."""

from __future__ import annotations

import asyncio
import os
import resource
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sources import Source
from sources.browser.chromium import command_of
from sources.browser.fetcher import PageFetcher
from sources.options import BrowserOptions, HttpOptions
from tests.bench.bench import Bench
from watcher.runtime.event_loop import Pauses, make_runner

_TURNS = 6


class Cost(NamedTuple):
    """Of one check: processor seconds of this process and of its children that have ended, and seconds by the clock."""

    cpu: float
    wall: float


def rendered(bench: Bench) -> None:
    """One page by HTTP, in a browser that is kept, and in one that is started for it; plain checks beside rendered ones."""
    if command_of(BrowserOptions()) is None:
        bench.tell("rendered", "There is no Chromium here.")
        return
    pauses = Pauses()
    with make_runner(pauses) as runner:
        for line in runner.run(lines(bench.addresses("page", 1)[0], 30 if bench.full else 10, pauses)):
            bench.tell("rendered", line)


async def lines(url: str, times: int, pauses: Pauses) -> list[str]:
    """The results, in words. `pauses` are those of this event loop."""
    plain, browser = Source(url=url), Source(url=url, fetch="browser")
    by_http = await _each(plain, times)
    kept, memory = await _kept(browser, times)
    anew = await _each(browser, max(3, times // 5))
    pauses.longest = 0.0
    alone, beside = await _beside(plain, browser, times * 60)
    hour = 50 * kept.cpu
    return [
        f"by HTTP: {by_http.cpu * 1000:.1f} ms of processor time, {by_http.wall * 1000:.1f} ms",
        f"in a browser that is kept: {kept.cpu * 1000:.0f} ms, {kept.wall * 1000:.0f} ms; it takes {memory:.0f} MB",
        f"in one that is started for it: {anew.cpu * 1000:.0f} ms, {anew.wall * 1000:.0f} ms",
        f"50 rendered checks an hour: {hour:.1f} s of processor time, {hour / 36:.2f} % of one processor",
        f"a plain check, at the median and the 95th percentile: {_told(alone)} alone, {_told(beside)} beside rendered ones",
        f"the event loop's longest pause meanwhile: {pauses.longest * 1000:.1f} ms of processor time",
    ]


def _fetcher() -> PageFetcher:
    return PageFetcher(HttpOptions(private_addresses="allow"), BrowserOptions(), clock=lambda: datetime.now(UTC))


async def _each(source: Source, times: int) -> Cost:
    """Each check by a fetcher of its own."""
    began, cpu = time.monotonic(), _cpu()
    for _ in range(times):
        async with aclosing(_fetcher()) as fetcher:
            await fetcher.session(source).fetch(source.start())
    return Cost((_cpu() - cpu) / times, (time.monotonic() - began) / times)


async def _kept(source: Source, times: int) -> tuple[Cost, float]:
    """All checks by one browser, after a first one; and the megabytes that its processes take."""
    async with aclosing(_fetcher()) as fetcher:
        await fetcher.session(source).fetch(source.start())
        began, cpu = time.monotonic(), _tree_cpu()
        for _ in range(times):
            await fetcher.session(source).fetch(source.start())
        return Cost((_tree_cpu() - cpu) / times, (time.monotonic() - began) / times), _tree(_own_memory)


async def _beside(plain: Source, browser: Source, times: int) -> tuple[list[float], list[float]]:
    """The seconds of plain checks, sorted: alone, and while pages are rendered. By turns, so that both have the same
    machine.
    """
    alone, beside = list[float](), list[float]()
    async with aclosing(_fetcher()) as fetcher:
        await fetcher.session(browser).fetch(browser.start())
        for _ in range(_TURNS):
            alone += await _took(fetcher, plain, times // _TURNS)
            async with _rendering(fetcher, browser):
                beside += await _took(fetcher, plain, times // _TURNS)
    return sorted(alone), sorted(beside)


@asynccontextmanager
async def _rendering(fetcher: PageFetcher, source: Source) -> AsyncIterator[None]:
    """Render a page again and again meanwhile."""
    done = asyncio.Event()

    async def render() -> None:
        while not done.is_set():
            await fetcher.session(source).fetch(source.start())

    task = asyncio.create_task(render())
    yield
    done.set()
    await task


async def _took(fetcher: PageFetcher, source: Source, times: int) -> list[float]:
    took = list[float]()
    for _ in range(times):
        began = time.monotonic()
        await fetcher.session(source).fetch(source.start())
        took.append(time.monotonic() - began)
        await asyncio.sleep(0.01)
    return took


def _told(took: list[float]) -> str:
    """The median and the 95th percentile."""
    return f"{took[len(took) // 2] * 1000:.2f} and {took[len(took) * 19 // 20] * 1000:.2f} ms"


def _cpu() -> float:
    """Processor seconds of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _tree_cpu() -> float:
    """Processor seconds of this process and of its living descendants."""
    return _tree(_own_cpu)


def _tree(of: Callable[[str], float]) -> float:
    parents = {}
    for pid in (each.name for each in Path("/proc").iterdir() if each.name.isdecimal()):
        try:
            parents[pid] = _stat(pid)[1]
        except OSError:
            continue
    mine = {str(os.getpid())}
    while found := {pid for pid, parent in parents.items() if parent in mine and pid not in mine}:
        mine |= found
    return sum(of(pid) for pid in mine if of is _own_cpu or pid != str(os.getpid()))


def _own_cpu(pid: str) -> float:
    try:
        stat = _stat(pid)
    except OSError:
        return 0.0
    return sum(map(int, stat[11:15])) / os.sysconf("SC_CLK_TCK")  # with children that have ended


def _own_memory(pid: str) -> float:
    """Megabytes, of which shared ones count in part."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
        return next((int(line.split()[1]) for line in told.splitlines() if line.startswith("Pss:")), 0) / 1000
    except OSError:
        return 0.0


def _stat(pid: str) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()


WORKLOADS = {"rendered": rendered}
