"""Lists of other programs, as somebody else may have written them: one bad job costs itself alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.torture.faults_proofs import MEASURED
from tests.torture.rows import Fault

MOST_MEMORY = 300  # MB
GOOD = "https://good.example/"
BAD: Mapping[str, tuple[str, str]] = {
    "XPath of 990 parentheses": ("jobs.yaml", json.dumps([{"xpath": "(" * 990 + "//a" + ")" * 990}])),
    "CSS of 200,000 parts": ("jobs.yaml", json.dumps([{"css": ",".join(["a"] * 200_000)}])),
    "CSS of 3,000 :not() in each other": ("jobs.yaml", json.dumps([{"css": ":not(" * 3000 + "a" + ")" * 3000}])),
    "an interval of 5,000 digits": ("list.csv", "9" * 5000 + "s"),
}


def faults() -> Iterator[Fault]:
    yield Fault("OPML: 2,000 feeds in 90 groups with names of 150 kB", f"2000 of 2000, < {MOST_MEMORY} MB", nested)
    for what, (name, value) in BAD.items():
        yield Fault(f"{name} with {what}", f"1 of 2, < {MOST_MEMORY} MB", partial(bad, name, value))


def nested() -> str:
    feeds = "".join(f'<outline text="t" xmlUrl="{GOOD}{number}"/>' for number in range(2000))
    groups = f'<outline text="{"x" * 150_000}">'
    return imported("list.opml", f"<opml><body>{groups * 90}{feeds}{'</outline>' * 90}</body></opml>")


def bad(name: str, value: str) -> str:
    if name == "list.csv":
        return imported(name, f"url,every\nhttps://bad.example/,{value}\n{GOOD},1h\n")
    return imported(name, f"url: https://bad.example/\nfilter: {value}\n---\nurl: {GOOD}\n")


def imported(name: str, content: str) -> str:
    """How many of its jobs are imported, and the memory of the process that does it."""
    with TemporaryDirectory(prefix="torture-") as folder:
        (Path(folder) / name).write_text(content)
        argv = [sys.executable, "-c", MEASURED, "import", name, "--json"]
        environment = {"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": "/usr/bin:/bin"}
        ran = subprocess.run(argv, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        said, _, memory = ran.stdout.rpartition("peak ")
        told = json.loads(said)
        used = "<" if int(memory) < MOST_MEMORY else f"{int(memory)} and not <"
        return f"{len(told['imported'])} of {told['jobs']}, {used} {MOST_MEMORY} MB"
