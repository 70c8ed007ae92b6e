"""What evidence costs: checks that keep the pages of changes, beside checks that do not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.bench.bench import Bench, Case
from tests.bench.contenders import OURS, reported
from tests.bench.tables import table

EVIDENCE = f"{OURS}, evidence"
STEP = 20  # one page in twenty is changed
A_DAY = 24  # checks of each source: one an hour


def evidence(bench: Bench) -> None:
    """One page in twenty has one row changed, the others are answered with 304; and nothing has changed at all. With the
    table [evidence], the changed pages are kept.
    """
    for size in bench.sizes:
        if size <= 5_000:
            _changed(bench, size)
            _unchanged(bench, size)
    bench.tell("evidence", f"What it adds:\n\n{table(('', '', 'more CPU', 'more wall'), list(_more(bench)), left=2)}")


def _changed(bench: Bench, size: int) -> None:
    moved, turns = len(range(0, size, STEP)), max(bench.repeat, 3)
    cases = _cases(bench, "kept", size, {"200": moved, "304": size - moved})
    for case in cases:
        case.verify = partial(reported, OURS, {"ok": moved, "unchanged": size - moved})
        case.label = f"{size:,} sources, {moved:,} changed"
    kept, sizes = cases[1].folder / "evidence", list[int]()

    def before() -> None:
        sizes.append(_size(kept))
        bench.site.bump("kept", 0, size, STEP)

    bench.measure("evidence", cases, turns, before)
    sizes.append(_size(kept))
    first, later = sizes[1] - sizes[0], (sizes[-1] - sizes[1]) / (turns - 1)
    day = (first + later * (A_DAY - 1)) / 1e6
    plain, packed = bench.site.size("kept", 0)
    bench.tell(
        "evidence",
        f"{size:,} sources, one change in twenty checks: {first / moved / 1e3:.1f} kB for a source's first change of a day"
        f" (the page before it is kept too), {later / moved / 1e3:.1f} kB for each further one; pages of {plain / 1e3:.0f} kB,"
        f" {packed / 1e3:.0f} kB packed. Checked every hour that is {day:.0f} MB a day.",
    )


def _unchanged(bench: Bench, size: int) -> None:
    cases = _cases(bench, "page", size, {"200": 0, "304": size})
    for case in cases:
        case.verify = partial(reported, OURS, {"unchanged": size})
        case.label = f"{size:,} sources, unchanged"
    bench.measure("evidence", cases)


def _cases(bench: Bench, family: str, size: int, answers: dict[str, int]) -> list[Case]:
    """The same folder twice: without evidence and with it."""
    ready = bench.ready(bench.ours, family, size)
    cases = []
    for program, more in ((OURS, ""), (EVIDENCE, "\n[evidence]\n")):
        folder = bench.fresh()
        shutil.copytree(ready, folder, dirs_exist_ok=True)
        with (folder / "watch.toml").open("a") as out:
            out.write(more)
        cases.append(bench.case(bench.ours, folder, size, answers))
        cases[-1].program = program
    return cases


def _more(bench: Bench) -> Iterator[list[str]]:
    rows = [row for row in bench.rows if row.workload == "evidence" and not row.why]
    for row in rows:
        without = bench.find("evidence", row.label)
        if row.program == EVIDENCE and without:
            more = [f"{part / base - 1:+.0%}" for part, base in zip(row.cost[:2], without.cost[:2], strict=True)]
            yield [row.label, "with evidence", *more]


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("*.warc.gz"))


WORKLOADS = {"evidence": evidence}
