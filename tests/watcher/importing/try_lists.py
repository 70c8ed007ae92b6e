"""How much of the lists in a folder becomes sources, what is left out and why, and whether the sources can be read, from
pages on loopback that are made after what they select:

    python -m tests.watcher.importing.try_lists FOLDER
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.configurations import LOOPBACK
from tests.conftest import Site
from tests.watcher.importing.made_pages import body_for
from watcher import cli
from watcher.importing.job import ImportedJob
from watcher.importing.run import jobs_in
from watcher.propose.block import block

_BROWSER = {"fetch", "steps", "wait_for"}  # a page that a browser would read is read without one


class Tried(NamedTuple):
    """What became of a list: its jobs, those that can be imported, the reasons of the others, and how many could be read."""

    name: str
    jobs: int
    good: Sequence[ImportedJob]
    left: Sequence[ImportedJob]
    read: int
    unread: Sequence[str]


def tried(file: Path) -> Tried:
    """Import a list and read each of its sources once."""
    _, jobs = jobs_in(file)
    for job in jobs:
        if not job.left:
            job.check()
    good, left = [job for job in jobs if not job.left], [job for job in jobs if job.left]
    seen = _read(good)
    unread = [f"{good[int(name[1:])].title}: {status}" for name, status in seen.items() if status != "baseline"]
    return Tried(file.name, len(jobs), good, left, len(seen) - len(unread), unread)


def _read(jobs: Sequence[ImportedJob]) -> dict[str, str]:
    """The status of each source after a first check, by its name: s0, s1 and so on."""
    site = Site()
    text = LOOPBACK
    for number, job in enumerate(jobs):
        options = {
            name: value for name, value in job.table.items() if name not in _BROWSER | {"enabled", "proxy", "before"}
        }
        body, media = body_for(job.kind, options)
        site.page(f"/{number}", body, type=media)
        text += block(f"s{number}", job.kind, site.url(f"/{number}"), options)
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as out:
        os.chdir(folder)
        try:
            Path("watch.toml").write_text(text, "utf-8")
            cli.main(["--once", "--json"])
        finally:
            os.chdir(here)
            site.close()
    result: dict[str, Any] = json.loads(out.getvalue()) if jobs else {"sources": []}
    return {source["name"]: f"{source['status']} {source.get('message') or ''}".strip() for source in result["sources"]}


def main(folder: Path) -> int:
    """Print a row for each list, and the reasons."""
    everything = [tried(file) for file in sorted(folder.iterdir()) if file.is_file()]
    print("| list | jobs | become sources | kinds | read from stand-ins |\n| --- | --- | --- | --- | --- |")
    for each in everything:
        kinds = ", ".join(f"{kind} {number}" for kind, number in Counter(job.kind for job in each.good).most_common())
        print(f"| {each.name} | {each.jobs} | {len(each.good)} | {kinds} | {each.read} |")
    for each in everything:
        for job in each.left:
            print(f"left out: {each.name}: {job.title}: {job.left}")
        for line in each.unread:
            print(f"not read: {each.name}: {line}")
    whole, good = sum(each.jobs for each in everything), sum(len(each.good) for each in everything)
    print(f"{good} of {whole} jobs become sources; {sum(each.read for each in everything)} of these were read")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
