"""What was promised, beside what was measured in this call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from tests.bench.bench import Bench
from tests.bench.contenders import BARE, OURS
from tests.bench.desk.beside import ENOUGH, RATE, labels
from tests.bench.desk.configured import SOURCES
from tests.bench.desk.pages import MOST, PAGE, SEARCH, UNCHANGED
from tests.bench.linear import PROMISED
from tests.bench.tables import table
from tests.bench.work_desk import LARGE
from tests.bench.work_history import AT, AT_CSV
from tests.bench.work_history import ONE as ONE_ENTRY
from tests.bench.work_pages import none_changed
from tests.bench.work_registers import CHANGES, FIRST, HUGE, MILLION, label
from tests.bench.work_screen import ALONE, BESIDE, CUSTOMERS, ENTRIES
from tests.bench.work_start import HELP, IMPORT, ONE

LESS_CPU = (
    ("urlwatch", 1_000, 3.3),
    ("webchanges", 1_000, 11),
    ("changedetection.io", 1_000, 6),
    ("urlwatch", 5_000, 13),
    ("webchanges", 5_000, 17),
)
HEADS = ("target", "promised", "measured", "met")


class Target(NamedTuple):
    """What is measured, in words; the limit; what was measured, or None in a call that did not."""

    what: str
    limit: float
    measured: float | None
    unit: str = ""
    at_least: bool = False

    @property
    def met(self) -> bool:
        assert self.measured is not None
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit


def sheet(bench: Bench) -> str:
    """The table of those that this call can tell of; nothing when there is none."""
    rows = [
        [
            target.what,
            f"{'at least' if target.at_least else 'at most'} {_shown(target.limit, target.unit)}",
            _shown(target.measured, target.unit),
            "yes" if target.met else "**no**",
        ]
        for target in targets(bench)
        if target.measured is not None
    ]
    return table(HEADS, rows) if rows else ""


def targets(bench: Bench) -> Iterator[Target]:
    """All of them."""
    look = Figures(bench)
    for group in (
        _against_bare,
        _against_peers,
        _memory,
        _pages,
        _documents,
        _starting,
        _flat,
        _latency,
        _linear,
        _desk,
        _history,
        _screening,
    ):
        yield from group(look)


class Figures:
    """The measured figures, each None when it was not measured."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench

    def cpu(self, workload: str, label: str, program: str = OURS) -> float | None:
        """CPU seconds of a run."""
        row = self.bench.find(workload, label, program)
        return None if row is None else row.cost.cpu

    def peak(self, workload: str, label: str, program: str = OURS) -> float | None:
        """MB at the most."""
        row = self.bench.find(workload, label, program)
        return None if row is None else row.cost.peak

    def unchanged(self, size: int, program: str) -> float | None:
        """CPU seconds of a run over so many unchanged sources."""
        return self.cpu("unchanged", sources(size), program)

    def memory(self, size: int, program: str) -> float | None:
        """MB of a run over so many unchanged sources, at the most."""
        return self.peak("unchanged", sources(size), program)


def sources(size: int) -> str:
    """The label of a case of so many sources."""
    return f"{size:,} sources"


def further(
    figure: Callable[[int, str], float | None], program: str, small: int = 1_000, large: int = 5_000
) -> float | None:
    """What each further source adds, from the smaller to the larger number."""
    low, high = figure(small, program), figure(large, program)
    return None if low is None or high is None else (high - low) / (large - small)


def scaled(figure: float | None, factor: float) -> float | None:
    """In another unit."""
    return None if figure is None else figure * factor


def ratio(one: float | None, other: float | None) -> float | None:
    """How many times the other, or None when one of them is not known."""
    return one / other if one is not None and other else None


def _against_bare(look: Figures) -> Iterator[Target]:
    share = ratio(further(look.unchanged, OURS), further(look.unchanged, BARE))
    yield Target("unchanged, each further source from 1,000 to 5,000: CPU, times bare httpx", 1, share)
    each = scaled(further(look.unchanged, OURS), 1_000)
    yield Target("unchanged, each further source from 1,000 to 5,000: CPU", 0.4, each, "ms")
    first = ratio(*(look.cpu("first", sources(1_000), program) for program in (OURS, BARE)))
    yield Target("first, 1,000 sources: CPU, times bare httpx", 9, first)


def _against_peers(look: Figures) -> Iterator[Target]:
    for name, size, limit in LESS_CPU:
        less = ratio(look.unchanged(size, name), look.unchanged(size, OURS))
        yield Target(f"unchanged, {size:,} sources: CPU of {name}, times ours", limit, less, at_least=True)


def _memory(look: Figures) -> Iterator[Target]:
    yield Target("unchanged, 5,000 sources: peak memory", 110, look.memory(5_000, OURS), "MB")
    for name in ("urlwatch", "webchanges", "changedetection.io"):
        share = ratio(look.memory(5_000, OURS), look.memory(5_000, name))
        yield Target(f"unchanged, 5,000 sources: peak memory, times that of {name}", 1, share)
    each = scaled(further(look.memory, OURS), 1_000)
    yield Target("unchanged, each further source from 1,000 to 5,000: peak memory", 2.5, each, "KB")


def _pages(look: Figures) -> Iterator[Target]:
    share = ratio(look.cpu("changed", sources(1_000)), look.cpu("changed", none_changed(1_000)))
    yield Target("changed, 1,000 sources: CPU, times unchanged", 1.1, share)
    for size in (1_000, 5_000):
        each = scaled(look.cpu("noise", sources(size)), 1_000 / size)
        yield Target(f"noise, {size:,} sources: CPU a check", 3.5, each, "ms")
    yield Target(
        "the event loop's longest pause in all of these: processor time", 0.5, look.bench.facts.get("pause"), "s"
    )


def _documents(look: Figures) -> Iterator[Target]:
    small = look.peak("start", ONE)
    for form, seconds, times in (("csv", 1.5, 4), ("html", 1.2, 10), ("xml", 1.5, 10)):
        case, size = label(form, 100_000, CHANGES), look.bench.facts.get(f"MB of {form}, 100,000 rows")
        yield Target(f"{case}: CPU", seconds, look.cpu("registers", case), "s")
        peak = look.peak("registers", case)
        beyond = None if peak is None or small is None else peak - small
        yield Target(f"{case}: memory beyond that of one small source, times the document", times, ratio(beyond, size))
    yield Target(label("xml", 100_000, FIRST), 4, look.cpu("registers", label("xml", 100_000, FIRST)), "s")
    for what, seconds in ((FIRST, 12), (CHANGES, 4)):
        case = label("csv", MILLION, what)
        yield Target(f"{case}: CPU", seconds, look.cpu("registers", case), "s")
    case = label("csv", MILLION, CHANGES)
    yield Target(f"{case}: peak memory", 300, look.peak("registers", case), "MB")
    for what in (FIRST, CHANGES):
        case = label("wide", HUGE, what)
        yield Target(f"{case}: peak memory", 500, look.peak("registers", case), "MB")


def _starting(look: Figures) -> Iterator[Target]:
    base = look.cpu("start", IMPORT, "python")
    yield Target(f"{HELP}: CPU, times {IMPORT}", 1, ratio(look.cpu("start", HELP), base))
    yield Target(f"{ONE}: CPU", 0.5, look.cpu("start", ONE), "s")
    yield Target("`watch status`, 50,000 sources: CPU", 1, look.cpu("status", sources(50_000)), "s")


def _flat(look: Figures) -> Iterator[Target]:
    """A check's CPU beyond what one source takes from start to end, at each size; best measured in the same turns."""
    one, sizes = look.unchanged(1, OURS) or look.cpu("start", ONE), (1_000, 5_000, 50_000)
    found = [look.unchanged(size, OURS) for size in sizes]
    each = [(cpu - one) / (size - 1) for size, cpu in zip(sizes, found, strict=True) if cpu and one]
    spread = max(each) / min(each) if len(each) == len(sizes) else None
    yield Target(
        "unchanged, CPU a check less the start: largest of 1,000, 5,000 and 50,000, times the smallest", 1.15, spread
    )


def _latency(look: Figures) -> Iterator[Target]:
    for figure, limit, name in (("median", 1, "median"), ("99", 2, "99th percentile")):
        measured = look.bench.facts.get(f"latency 10000 {figure}")
        yield Target(f"10,000 sources on slow hosts: due to checked, {name}", limit, measured, "s")


def _linear(look: Figures) -> Iterator[Target]:
    what = "linear: a unit of the core with eight times a hostile text: CPU, times that with one"
    yield Target(what, PROMISED, look.bench.facts.get("linear"))


def _desk(look: Figures) -> Iterator[Target]:
    facts = look.bench.facts
    for sort, what in (
        (PAGE, "each page: the server's CPU"),
        (SEARCH, "each search: the server's CPU"),
        (UNCHANGED, "a feed answered 304: the server's CPU"),
    ):
        yield Target(f"the desk over {LARGE}, {what}, 95th of a hundred", MOST[sort], facts.get(f"desk {sort}"), "ms")
    what = f"lists and forms over {SOURCES:,} sources of the desk: the server's CPU, 95th of a hundred"
    yield Target(what, MOST[PAGE], facts.get("desk configured"), "ms")
    yield Target(f"the desk over {LARGE}: peak memory of `watch serve`", 130, facts.get("desk memory"), "MB")
    share = ratio(*(look.cpu("desk", label) for label in reversed(labels(LARGE.sources))))
    share = share if facts.get("desk views", 0) >= ENOUGH else None
    yield Target(f"a check of 1,000 unchanged sources beside {RATE} page views a second: CPU, times alone", 1.05, share)


def _history(look: Figures) -> Iterator[Target]:
    for case, seconds in ((AT, 3), (AT_CSV, 3), (ONE_ENTRY, 0.5)):
        yield Target(
            f"history, 100,000 entries with 10,000 changes, {case}: CPU", seconds, look.cpu("history", case), "s"
        )
        yield Target(f"history, {case}: peak memory", 300, look.peak("history", case), "MB")


def _shown(figure: float | None, unit: str) -> str:
    assert figure is not None
    digits = f"{figure:,.2f}".rstrip("0").rstrip(".") if abs(figure) < 100 else f"{figure:,.0f}"
    return f"{digits} {unit}".strip()


def _screening(look: Figures) -> Iterator[Target]:
    facts = look.bench.facts
    yield Target(
        f"screen, {CUSTOMERS:,} customers against {ENTRIES:,} entries: by the clock", 180, facts.get("screen"), "s"
    )
    yield Target("screen: memory", 1_000, facts.get("screen memory"), "MB")
    yield Target("screen, one name by the API, the 95th of a hundred: by the clock", 50, facts.get("match"), "ms")
    share = ratio(look.cpu("screen", BESIDE), look.cpu("screen", ALONE))
    yield Target("screen, a check beside the index: CPU, times one without", 1.05, share)
