"""What sources of the desk cost beside sources of a file: a start, and a check of all of them."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime

from state.storage.objects import NEW, Edit
from state.store import Store
from tests.bench.bench import Bench, Case
from tests.bench.contenders import OURS
from tests.bench.measure import run
from tests.bench.tables import table
from watcher.config import edit
from watcher.config.load import load

FILES, MIXED = "all in a file", "half of them at the desk"
MOST = 1.05  # times what files alone take


def objects(bench: Bench) -> None:
    """As many sources in a file, and half of them in the state: `check-config` reads them, `--once` checks them."""
    size = 4_000 if bench.full else max(bench.sizes)
    addresses, folders = bench.addresses("page", size), {FILES: bench.fresh(), MIXED: bench.fresh()}
    for folder in folders.values():
        bench.ours.lay(folder, addresses, "table")
    text = (folders[MIXED] / "watch.toml").read_text()
    kept, begin, rest = text.partition(f"[sources.s{size // 2}]")
    (folders[MIXED] / "watch.toml").write_text(kept)
    config = load(folders[MIXED] / "watch.toml")
    made = [Edit("source", name, document, NEW) for name, document in tomllib.loads(begin + rest)["sources"].items()]
    with Store.open(config.state) as store:
        edit.apply(config, store, made, "bench", datetime.now(UTC))
    for name, argv in (("a start", ["check-config", "--json"]), ("a check", ["--once"])):
        cases = [
            Case(f"{name}, {where}", OURS, [str(bench.ours.program), *argv], folder, size)
            for where, folder in folders.items()
        ]
        for case in cases:
            run(case.command, case.folder)  # the first check of all is another thing
        bench.measure("objects", cases)
    rows = []
    for name in ("a start", "a check"):
        alone, beside = (bench.find("objects", f"{name}, {where}") for where in folders)
        assert alone
        assert beside
        bench.facts[f"objects, {name}"] = beside.cost.cpu / alone.cost.cpu
        rows.append(
            [
                f"{name} of {size:,}",
                f"{alone.cost.cpu:.2f}",
                f"{beside.cost.cpu:.2f}",
                f"{beside.cost.cpu / alone.cost.cpu:.3f}",
            ]
        )
    bench.tell("objects", table(("CPU seconds", FILES, MIXED, f"times (at most {MOST})"), rows))


WORKLOADS = {"objects": objects}
