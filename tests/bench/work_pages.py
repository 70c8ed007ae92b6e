"""Pages of 39 KB with a table of 100 rows each, all on one host: the workloads that every program is measured by."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from tests.bench.bench import Bench, Case
from tests.bench.contenders import BARE, BEFORE, OURS, Contender, reported
from tests.bench.measure import Cost
from tests.bench.tables import table

MOST = 5_000  # sources: above that only `unchanged` is measured, and only ours
MOST_READ = 1_000  # sources of the peers where each page has to be read

STEP_HEADS = ("sources", "", "CPU-ms", "bare httpx = 1", "KB of memory")


def entrants(bench: Bench, peers: int = MOST_READ, ours: int = MOST) -> Iterator[tuple[int, Contender]]:
    """Who takes part at which size."""
    most = {OURS: ours, BEFORE: ours, BARE: MOST}
    for size in bench.sizes:
        for contender in bench.contenders:
            if size <= most.get(contender.name, peers):
                yield size, contender


def first(bench: Bench) -> None:
    """Every page is new: read, and all of its rows stored."""
    cases = []
    for size, contender in entrants(bench):
        addresses = bench.addresses("page", size)
        case = bench.case(contender, bench.laid(contender, addresses, "table"), size, {"200": size, "304": 0})
        case.before = partial(_forget, contender, case, addresses)
        case.verify = partial(reported, contender.name, {"baseline": size})
        cases.append(case)
    bench.measure("first", cases)


def _forget(contender: Contender, case: Case, addresses: list[str]) -> None:
    shutil.rmtree(case.folder)
    case.folder.mkdir()
    contender.lay(case.folder, addresses, "table")


def unchanged(bench: Bench) -> None:
    """Nothing has changed, and the server says so: 304."""
    _known(bench, "unchanged", "page", "304", list(entrants(bench, peers=MOST, ours=1_000_000)))
    steps = [line for small, large in pairwise(sorted(bench.sizes)) for line in _steps(bench, small, large)]
    if steps:
        bench.tell("unchanged", f"Each further source, without the start:\n\n{table(STEP_HEADS, steps, left=2)}")


def _steps(bench: Bench, small: int, large: int) -> Iterator[list[str]]:
    """What each further source takes, from one size to the next."""
    found = {contender.name: _step(bench, contender.name, small, large) for contender in bench.contenders}
    bare = found.get(BARE)
    for name, step in found.items():
        if step:
            times = f"{step.cpu / bare.cpu:.2f}" if bare else ""
            yield [f"{small:,} to {large:,}", name, f"{step.cpu * 1000:.3f}", times, f"{step.peak * 1000:.1f}"]


def _step(bench: Bench, name: str, small: int, large: int) -> Cost | None:
    low, high = (bench.find("unchanged", f"{size:,} sources", name) for size in (small, large))
    if not low or not high:
        return None
    return Cost(*((more - less) / (large - small) for less, more in zip(low.cost, high.cost, strict=True)))


def plain(bench: Bench) -> None:
    """Nothing has changed, but the server gives no validators: the same body again, 200."""
    _known(bench, "plain", "plain", "200", list(entrants(bench)))


def noise(bench: Bench) -> None:
    """A counter in the footer changes each time; nothing that is watched does."""
    _known(bench, "noise", "noise", "200", list(entrants(bench)))


def _known(bench: Bench, workload: str, family: str, status: str, taking: list[tuple[int, Contender]]) -> None:
    cases = []
    for size, contender in taking:
        answers = {"200": 0, "304": 0} | {status: size}
        case = bench.case(contender, bench.ready(contender, family, size), size, answers)
        case.verify = partial(reported, contender.name, {"unchanged": size})
        cases.append(case)
    bench.measure(workload, cases)


def changed(bench: Bench) -> None:
    """One page in a hundred has one row changed; for the others the server answers 304. In the same turns, as many of
    which none has changed.
    """
    cases = []
    for size, contender in entrants(bench):
        moved = len(range(0, size, 100))
        folder = bench.ready(contender, "moving", size)
        case = bench.case(contender, folder, size, {"200": moved, "304": size - moved})
        case.verify = partial(reported, contender.name, {"ok": moved, "unchanged": size - moved})
        cases.append(case)
        if contender is bench.ours:
            cases.append(_as_before(bench, size))
    most = max(bench.sizes)
    bench.measure("changed", cases, before=lambda: bench.site.bump("moving", 0, min(most, MOST), 100))


def none_changed(size: int) -> str:
    """The label of a case of so many sources of which none has changed, beside those that have."""
    return f"{size:,} sources, none changed"


def _as_before(bench: Bench, size: int) -> Case:
    case = bench.case(bench.ours, bench.ready(bench.ours, "page", size), size, {"200": 0, "304": size})
    case.label, case.verify = none_changed(size), partial(reported, bench.ours.name, {"unchanged": size})
    return case


WORKLOADS = {"first": first, "unchanged": unchanged, "plain": plain, "noise": noise, "changed": changed}
