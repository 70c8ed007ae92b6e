"""The desk over a large state: the package desk, as a workload."""

from __future__ import annotations

from tests.bench.bench import Bench
from tests.bench.desk.beside import check_beside_views
from tests.bench.desk.overview import overviews
from tests.bench.desk.pages import SORTS, Size, measured
from tests.bench.desk.served import desk as served
from tests.bench.desk.served import wait_for_index

LARGE = Size(1_000, 1_000_000, 100_000)
TIMES, TURNS = 40, 11  # that each page is asked; that a check is run with and without somebody who looks


def desk(bench: Bench) -> None:
    """Pages of the desk, a check beside somebody who looks, and overviews: by the processor time of the process itself."""
    number = min(LARGE.sources, max(bench.sizes))
    size = Size(number, *(each * number // LARGE.sources for each in LARGE[1:]))
    times, turns = (TIMES, TURNS) if size == LARGE else (3, bench.repeat)
    _pages(bench, size, times)
    folder = bench.fresh()
    with served(bench.ours.program, folder, bench.ready(bench.ours, "page", number) / "watch.toml") as server:
        wait_for_index(folder, number)
        check_beside_views(bench, server, number, turns)
        bench.tell("desk", overviews(bench, server, number, times))


def _pages(bench: Bench, size: Size, times: int) -> None:
    bench.say(f"the desk over {size}")
    found = measured(bench.ours.program, bench.fresh(), size, times)
    bench.tell("desk", f"`watch serve` over {size}; its index: {found.index}; {found.memory:.0f} MB at the most.")
    bench.tell("desk", found.table())
    if size == LARGE:
        bench.facts |= {f"desk {sort}": found.late(sort) for sort in SORTS} | {"desk memory": found.memory}


WORKLOADS = {"desk": desk}
