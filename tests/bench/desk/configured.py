"""What lists and forms of the configuration take, over thousands of sources of the desk: processor time of the server."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from state.storage.objects import NEW, Edit
from state.store import Store
from tests.bench.desk.pages import HEADS, MOST, PAGE
from tests.bench.desk.served import Times, desk, signed_in
from tests.bench.measure import run
from tests.bench.site import ROOT
from tests.bench.tables import table
from watcher.config.edit import apply
from watcher.config.load import load

SOURCES = 5_000
PAGES = (
    "/config/sources",
    "/config/sources?after=source-3",
    "/config/sources?find=register+49",
    "/config/sources/source-17",
    "/config/sources/-new",
    "/config/rules/-new",
    "/api/v1/config/sources/source-17",
)


def looks(program: Path, folder: Path, sources: int, times: int) -> dict[str, Times]:
    """Each page over so many sources of the desk. Raises RunFailedError."""
    run(
        [sys.executable, "-m", "tests.bench.desk.configured", str(folder), str(sources)],
        folder,
        {"PYTHONPATH": str(ROOT)},
    )
    (folder / "own").mkdir()
    with desk(program, folder / "own", folder / "watch.toml") as server, server.browser(signed_in(server)) as person:
        return {path: server.measured(person, path, times) for path in PAGES}


def told(found: dict[str, Times]) -> str:
    """The looks as Markdown."""
    rows = [
        [path, f"{middle:.1f}", f"{late:.1f}", str(MOST[PAGE]), f"{size / 1_000:.0f}"]
        for path, (middle, late, size) in found.items()
    ]
    return table(HEADS, rows)


def main(folder: Path, sources: int) -> None:
    """Write a configuration, and so many sources into its state."""
    (folder / "watch.toml").write_text('[channels.chat]\nurl = "json://127.0.0.1:9/"\n')
    config = load(folder / "watch.toml")
    documents = {
        f"source-{number}": {"kind": "text", "url": f"http://{number}.test/", "label": f"Register {number}"}
        for number in range(sources)
    }
    with Store.open(config.state) as store:
        edits = [Edit("source", name, document, NEW) for name, document in documents.items()]
        apply(config, store, edits, "bench", datetime.now(UTC))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
