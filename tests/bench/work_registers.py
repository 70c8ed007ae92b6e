"""One large register as HTML, CSV and XML: read for the first time, and with 10 changes."""

from __future__ import annotations

from functools import partial

from tests.bench.bench import Bench, Case
from tests.bench.contenders import Ours, reported
from tests.bench.measure import run

FORMS = ("html", "csv", "xml")
HUGE = 1_000_000  # rows, of which only the first reading is measured, and only as CSV


def registers(bench: Bench) -> None:
    """One register, an entry for each row: read for the first time, then with 10 rows changed. It is sent packed."""
    first, later = [], []
    sizes = (1_000, 10_000, 100_000) if bench.full else (10_000,)
    for rows in sizes:
        for form in FORMS:
            for build in bench.builds:
                first.append(_case(bench, build, form, rows, "first", "baseline"))
                later.append(_case(bench, build, form, rows, "10 changes", "ok"))
                run(later[-1].command, later[-1].folder)
                later[-1].before = partial(bench.site.bump, form, rows, rows + 1)
    if bench.full:
        first.append(_case(bench, bench.ours, "csv", HUGE, "first", "baseline"))
    for case in first:
        case.before = partial(_forget, case)
    bench.measure("registers", first + later)
    documents = [
        f"{name.removeprefix('MB of ')} {size:.1f} MB" for name, size in bench.facts.items() if "MB of" in name
    ]
    bench.tell("registers", f"The documents, unpacked: {'; '.join(documents)}.")


def label(form: str, rows: int, what: str) -> str:
    """The name of a case."""
    return f"{form}, {rows:,} rows, {what}"


def _case(bench: Bench, build: Ours, form: str, rows: int, what: str, status: str) -> Case:
    bench.say(f"registers: {form}, {rows:,} rows")
    folder = bench.fresh()
    build.lay(folder, [bench.site.address(f"{form}/{rows}")], form, more=_wire(rows))
    case = bench.case(build, folder, 1, {"200": 1})
    case.label = label(form, rows, what)
    bench.facts[f"MB of {form}, {rows:,} rows"] = bench.site.size(form, rows)[0] / 1e6
    case.verify = partial(reported, build.name, {status: 1})
    return case


def _wire(rows: int) -> str:
    return 'timeout = "10m"\n' if rows >= HUGE else ""


def _forget(case: Case) -> None:
    for file in case.folder.glob("state.db*"):
        file.unlink()


WORKLOADS = {"registers": registers}
