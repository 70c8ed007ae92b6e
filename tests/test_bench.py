"""The bench, so that it does not rot: one tiny run of it, and what its figures rest on. `make bench` is the bench itself."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench import documents
from tests.bench.bench import Bench, Case
from tests.bench.contenders import BEFORE, OURS, Ours, reported
from tests.bench.measure import RunFailedError, run
from tests.bench.registers import RegisterFiles
from tests.bench.site import Site
from tests.bench.tables import costs
from tests.bench.targets import Target
from tests.bench.work_latency import Plan, compare

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the bench looks into /proc")


def test_a_tiny_run_writes_its_table(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "tests.bench",
        "changed",
        "--sources",
        "3",
        "--repeat",
        "1",
        "--out",
        str(tmp_path / "out.md"),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    said = [line.rpartition(": ")[0] for line in done.stderr.splitlines()]
    assert said == [
        "changed: 3 sources, registry-watch",
        "changed: 3 sources, none changed, registry-watch",
        "changed: 3 sources, bare httpx",
    ]
    written = (tmp_path / "out.md").read_text().splitlines()
    rows = [[cell.strip() for cell in line.split("|")] for line in written if line.startswith("| 3 sources")]
    assert [row[1:3] for row in rows] == [
        ["3 sources", "registry-watch"],
        ["3 sources, none changed", "registry-watch"],
        ["3 sources", "bare httpx"],
    ]


@pytest.mark.timeout(500)
def test_a_tiny_run_over_a_desk_has_all_its_parts(tmp_path: Path) -> None:
    out = tmp_path / "out.md"
    command = [sys.executable, "-m", "tests.bench", "desk", "--sources", "3", "--repeat", "1", "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=490, check=False)
    assert done.returncode == 0, done.stderr
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in out.read_text().splitlines() if "|" in line]
    looked = {row[0] for row in rows if len(row) == 5}
    assert looked >= {"/", "/entries?find=ltd", "/feeds/changes.atom, 304", "/api/v1/changes", "/metrics"}
    assert {"a check of 3 unchanged sources", "the same beside 20 page views a second", "/sources"} <= {
        row[0] for row in rows
    }


def test_a_program_that_does_not_find_what_changed_is_not_measured() -> None:
    text = "s0  unchanged   100 entries\ns1  ok          1 change\n"
    reported(OURS, {"unchanged": 1, "ok": 1}, text)
    with pytest.raises(RunFailedError, match="was to be reported"):
        reported(OURS, {"ok": 2}, text)


class UnaskedSite(Site):
    """A server that nobody asks for anything."""

    def __init__(self) -> None:
        super().__init__({}, None)

    def usage(self) -> tuple[float, dict[str, int]]:
        return 0.0, {}


def test_what_a_build_cannot_do_is_said_in_its_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = "s0  failing     reading http://127.0.0.1:9/xml/7 took longer than 60 s"
    label, bench = "xml, 7 rows, first", Bench(UnaskedSite(), Ours(), [], tmp_path, [])
    cannot = Case(label, BEFORE, [sys.executable, "-c", f"raise SystemExit({said!r})"], tmp_path)
    bench.measure_once("registers", [cannot, Case(label, OURS, ["true"], tmp_path)])
    assert [row.why for row in bench.rows] == ["could not: reading took longer than 60 s", ""]
    assert (bench.find("registers", label, BEFORE), bench.failed) == (None, [])
    assert "| could not: reading took longer than 60 s |" in costs(bench.rows, OURS)
    assert [line.count("could not") for line in capsys.readouterr().err.splitlines()] == [1, 0]


def test_what_a_program_costs_includes_its_children_even_those_it_leaves_behind(tmp_path: Path) -> None:
    spin = "import time; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
    leave = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {spin!r}])"
    cost = run([sys.executable, "-c", leave], tmp_path)
    assert cost.cpu >= 0.3


@pytest.mark.parametrize("form", documents.FORMS)
def test_a_bump_changes_ten_rows_of_a_register_in_both_of_its_files(form: str, tmp_path: Path) -> None:
    files = RegisterFiles(tmp_path)
    before = files.version(form, 2_500, 0).plain.read_bytes().splitlines()
    for version in range(1, 4):
        written = files.version(form, 2_500, version)
        after = gzip.decompress(written.packed.read_bytes()).splitlines()
        assert sum(one != other for one, other in zip(before, after, strict=True)) == 10
        assert after == written.plain.read_bytes().splitlines()
        assert b"".join(after) == b"".join(documents.block(form, 2_500, version, 0, 2_500).splitlines())
        before = after


def test_a_bump_brings_one_item_to_a_feed() -> None:
    items = [set(documents.feed(7, version).split(b"<item>")[2:-1]) for version in (0, 1)]
    assert len(items[1] - items[0]) == 1


def test_a_check_is_late_by_the_time_from_when_it_was_due() -> None:
    ledger = [("/page/3", 100.2, 100.5), ("/page/3", 130.1, 130.4), ("/page/4", 100.0, 100.1)]
    seen = compare({3: {100.0, 130.0}, 4: {115.0}, 5: {200.0}}, ledger, Plan(10, 10, 30.0), (90.0, 150.0))
    assert (sorted(round(each, 3) for each in seen.answered), seen.missed) == ([0.4, 0.5], 1)


def test_a_promise_is_kept_at_its_limit_and_no_further() -> None:
    assert Target("at most", 1.15, 1.15).met
    assert not Target("at most", 1.15, 1.16).met
    assert Target("at least", 3.3, 3.4, at_least=True).met
