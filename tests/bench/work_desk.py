"""The desk over a large state: the package desk, as a workload."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench.bench import Bench
from tests.bench.desk import configured as configuration
from tests.bench.desk.beside import check_beside_views
from tests.bench.desk.overview import overviews
from tests.bench.desk.pages import SORTS, Size, measured
from tests.bench.desk.served import Server, wait_for_index
from tests.bench.desk.served import desk as served

LARGE = Size(1_000, 1_000_000, 100_000)
TIMES, TURNS = 40, 11  # that each page is asked; that a check is run with and without somebody who looks


def desk(bench: Bench) -> None:
    """Pages of the desk, a check beside somebody who looks, overviews: by the processor time of the process itself."""
    _pages(bench)
    with _over_known_sources(bench) as server:
        check_beside_views(bench, server, _size(bench).sources, TURNS if _size(bench) == LARGE else bench.repeat)
        bench.tell("desk", overviews(bench, server, _size(bench).sources, _times(bench)))


def overview(bench: Bench) -> None:
    """The overview of a thousand watches alone."""
    with _over_known_sources(bench) as server:
        bench.tell("overview", overviews(bench, server, _size(bench).sources, _times(bench)))


def configured(bench: Bench) -> None:
    """Lists and forms of the configuration, over sources of the desk."""
    sources = min(configuration.SOURCES, max(bench.sizes))
    found = configuration.looks(bench.ours.program, bench.fresh(), sources, TIMES)
    bench.tell("configured", f"Over {sources:,} sources of the desk:\n\n{configuration.told(found)}")
    if sources == configuration.SOURCES:
        bench.facts["desk configured"] = max(look.late for look in found.values())


def _size(bench: Bench) -> Size:
    number = min(LARGE.sources, max(bench.sizes))
    return Size(number, *(each * number // LARGE.sources for each in LARGE[1:]))


def _times(bench: Bench) -> int:
    return TIMES if _size(bench) == LARGE else 3


@contextmanager
def _over_known_sources(bench: Bench) -> Iterator[Server]:
    """A desk over sources that have been read once, and whose entries are indexed."""
    folder, number = bench.fresh(), _size(bench).sources
    with served(bench.ours.program, folder, bench.ready(bench.ours, "page", number) / "watch.toml") as server:
        wait_for_index(folder, number)
        yield server


def _pages(bench: Bench) -> None:
    size = _size(bench)
    bench.say(f"the desk over {size}")
    found = measured(bench.ours.program, bench.fresh(), size, _times(bench))
    bench.tell("desk", f"`watch serve` over {size}; its index: {found.index}; {found.memory:.0f} MB at the most.")
    bench.tell("desk", found.table())
    if size == LARGE:
        bench.facts |= {f"desk {sort}": found.late(sort) for sort in SORTS} | {"desk memory": found.memory}


WORKLOADS = {"desk": desk, "overview": overview, "configured": configured}
