"""One large register in each form: read for the first time, and with 10 changes; CSV beside programs that compare files."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from shutil import rmtree
from typing import NamedTuple

from tests.bench.bench import Bench, Case, Row
from tests.bench.contenders import DUCK, Duck, FileComparer, Ours, reported
from tests.bench.measure import RunFailedError, run
from tests.bench.tables import table

FORMS = ("html", "csv", "xml", "json", "jsonl")
MILLION = 1_000_000  # rows, only as CSV
HUGE = 5_000_000  # rows of 630 bytes, only as CSV and only when asked for
FIRST, CHANGES = "first", "10 changes"
GIVEN = 'timeout = "1h"\n'
HEAD = Ours.HEAD.replace("1_000_000_000", "10_000_000_000")


class Told(NamedTuple):
    """A register that is measured."""

    form: str
    rows: int

    @property
    def csv(self) -> bool:
        return self.form in ("csv", "wide")


def registers(bench: Bench) -> None:
    """One register, an entry for each row: read for the first time, then with 10 rows changed. It is sent packed.

    DuckDB and other programs that compare files find CSV unpacked on disk, and keep no history: see tests/bench/duck.py.
    """
    for rows in bench.lengths or ((1_000, 10_000, 100_000, MILLION) if bench.full else (10_000,)):
        for form in FORMS if rows < MILLION else ("csv",):
            _both(bench, Told(form, rows))
    if bench.huge:
        _huge(bench)
    documents = [
        f"{name.removeprefix('MB of ')} {size:.1f} MB" for name, size in bench.facts.items() if "MB of" in name
    ]
    bench.tell("registers", f"The documents, unpacked: {'; '.join(documents)}.")
    if ratios := [*_ratios(bench)]:
        bench.tell("registers", table(("beside DuckDB", "CPU s", "DuckDB's", "times", "MB", "DuckDB's"), ratios))
    if bench.absent:
        bench.tell("registers", f"Not installed, so not beside it: {', '.join(bench.absent)}.")


def label(form: str, rows: int, what: str) -> str:
    """The name of a case."""
    return f"{form}, {rows:,} rows, {what}"


def _both(bench: Bench, told: Told) -> None:
    """A register in both states, which changes once for all programs before each turn."""
    first = [_case(bench, build, told, FIRST, "baseline") for build in bench.builds]
    for case in first:
        case.before = partial(_forget, case)
    later = [_case(bench, build, told, CHANGES, "ok") for build in bench.builds]
    for case in later:
        bench.attempt(case, lambda case: run(case.command, case.folder))
    cases = [*first, *_kept(bench, told), *later, *_compared(bench, told)]
    bench.measure("registers", cases, before=partial(bench.site.bump, told.form, told.rows, told.rows + 1))


def _huge(bench: Bench) -> None:
    """The largest register once in each state, in one folder, after another: it takes minutes and gigabytes."""
    told = Told("wide", HUGE)
    first, later = (_case(bench, bench.ours, told, *how) for how in ((FIRST, "baseline"), (CHANGES, "ok")))
    later.folder = first.folder
    later.before = partial(bench.site.bump, told.form, told.rows, told.rows + 1)
    bench.measure_once("registers", [first, *_kept(bench, told), later, *_compared(bench, told)])


def _case(bench: Bench, build: Ours, told: Told, what: str, status: str) -> Case:
    bench.say(f"registers: {told.form}, {told.rows:,} rows")
    folder = bench.fresh()
    more = GIVEN if told.rows >= MILLION else ""
    head = HEAD if told.rows >= HUGE else Ours.HEAD
    build.lay(folder, [bench.site.address(f"{told.form}/{told.rows}")], told.form, more, head)
    case = bench.case(build, folder, 1, {"200": 1})
    case.label = label(*told, what)
    bench.facts[f"MB of {told.form}, {told.rows:,} rows"] = bench.site.size(*told)[0] / 1e6
    case.verify = partial(_verify, build.name, status)
    return case


def _verify(name: str, status: str, text: str) -> None:
    """Raises RunFailedError unless the first reading, or just the 10 changes, were reported."""
    reported(name, {status: 1}, text)
    if status == "ok" and f" {CHANGES}" not in text:
        raise RunFailedError(f"{CHANGES} were to be reported: {text}")


def _forget(case: Case) -> None:
    rmtree(case.folder / "state.db.downloads", ignore_errors=True)
    for file in case.folder.glob("state.db*"):
        file.unlink()


def _kept(bench: Bench, told: Told) -> Iterator[Case]:
    """DuckDB, which reads the register for the first time."""
    if told.csv and DUCK not in bench.absent:
        folder = bench.fresh()
        case = Case(label(*told, FIRST), DUCK, Duck().keep(folder / "after.csv"), folder)
        case.before = partial(_link, bench, told, case)
        yield case


def _compared(bench: Bench, told: Told) -> Iterator[Case]:
    """Each program that compares files."""
    for program in bench.comparers:
        if told.csv and told.rows <= program.most:
            folder = bench.fresh()
            command = program.compare(folder / "before.csv", folder / "after.csv")
            case = Case(label(*told, CHANGES), program.name, command, folder)
            case.before = partial(_link, bench, told, case)
            case.verify = partial(_found, program)
            yield case


def _link(bench: Bench, told: Told, case: Case) -> None:
    """Name the register's files as they are told: the latest two versions."""
    files = bench.site.files(*told)
    for name, file in zip(("before.csv", "after.csv"), (files[0], files[-1]), strict=True):
        (case.folder / name).unlink(missing_ok=True)
        (case.folder / name).symlink_to(file)


def _found(program: FileComparer, text: str) -> None:
    """Raises RunFailedError unless the 10 changes were found; others than DuckDB show them in words of their own."""
    if program.name == DUCK and text.split() != ["0", "0", "10"]:
        raise RunFailedError(f"DuckDB was to find 0 rows added, 0 removed and 10 changed, and found {text}")


def _ratios(bench: Bench) -> Iterator[list[str]]:
    """What ours takes beside DuckDB."""
    for told in (row.label for row in bench.rows if row.workload == "registers" and row.program == DUCK):
        ours, duck = bench.find("registers", told), bench.find("registers", told, DUCK)
        if ours and duck:
            yield [told, *_beside(ours, duck)]


def _beside(ours: Row, duck: Row) -> list[str]:
    cpu = f"{ours.cost.cpu / duck.cost.cpu:.1f}"
    return [f"{ours.cost.cpu:.2f}", f"{duck.cost.cpu:.2f}", cpu, f"{ours.cost.peak:.0f}", f"{duck.cost.peak:.0f}"]


WORKLOADS = {"registers": registers}
