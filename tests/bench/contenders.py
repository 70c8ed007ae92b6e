"""The programs that are measured: how each is told what to watch, and run once over all of it."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar, Protocol

from tests.bench.measure import RunFailedError

HERE = Path(__file__).parent
OURS, BEFORE, BARE, DUCK = "registry-watch", "before", "bare httpx", "DuckDB"


class Contender(Protocol):
    """A program that checks every address it was given once a run, and keeps its state in its folder."""

    name: str
    conditional: bool  # whether it asks with the ETag that it was given

    def lay(self, folder: Path, addresses: Sequence[str], kind: str) -> None:
        """Write its configuration; `kind` is how the documents are read."""
        ...

    def command(self, folder: Path) -> list[str]:
        """One run."""
        ...

    def env(self, folder: Path) -> Mapping[str, str]:
        """What it wants in its environment."""
        ...


class Ours:
    """This program: `watch --once`. `program` is the `watch` to run, `per_host` its connections to one host.

    With the name BEFORE it is an earlier build of this program, measured in the same turns.
    """

    conditional = True
    KINDS: ClassVar[Mapping[str, str]] = {
        "table": 'kind = "table"\nkey = "No"\n',
        "feed": 'kind = "feed"\n',
        "html": 'kind = "table"\nkey = "No"\n',
        "csv": 'kind = "csv"\nkey = "No"\n',
        "wide": 'kind = "csv"\nkey = "No"\n',
        "xml": 'kind = "xml"\nitems = "entry"\nkey = "No"\n',
        "json": 'kind = "json"\nitems = "@"\nkey = "No"\n',
        "jsonl": 'kind = "json"\nlines = true\nitems = "@"\nkey = "No"\n',
    }
    HEAD = '[http]\nprivate_addresses = "allow"\nspacing = "0s"\nper_host = {per_host}\nmax_bytes = 1_000_000_000\n'

    def __init__(self, program: Path | None = None, per_host: int = 8, name: str = OURS) -> None:
        self.name = name
        self.program = program or Path(sys.executable).with_name("watch")
        self.per_host = per_host

    def lay(self, folder: Path, addresses: Sequence[str], kind: str, more: str = "", head: str = HEAD) -> None:
        """`more` is added to each source, and to `[http]` if it begins with that."""
        tables = [
            f'[sources.s{number}]\nurl = "{address}"\n{self.KINDS[kind]}{more}'
            for number, address in enumerate(addresses)
        ]
        (folder / "watch.toml").write_text("\n".join([head.format(per_host=self.per_host), *tables]))

    def command(self, folder: Path) -> list[str]:
        return [str(self.program), "--once"]

    def env(self, folder: Path) -> Mapping[str, str]:
        return {}


class Bare:
    """httpx.Client in 8 threads, which compares nothing and keeps only the tags."""

    name, conditional = BARE, True

    def lay(self, folder: Path, addresses: Sequence[str], kind: str, ca: Path | None = None) -> None:
        task = {"urls": list(addresses), "tags": str(folder / "tags.json"), "ca": ca and str(ca)}
        (folder / "task.json").write_text(json.dumps(task))

    def command(self, folder: Path) -> list[str]:
        return [sys.executable, "-P", str(HERE / "bare.py"), str(folder / "task.json")]

    def env(self, folder: Path) -> Mapping[str, str]:
        return {}


class FileComparer(Protocol):
    """A program that compares two files of CSV on disk, by the column "No", and names or counts the 10 that differ."""

    name: str
    most: int  # rows; of more it takes minutes

    @property
    def is_there(self) -> bool:
        """Whether it is installed."""
        ...

    def compare(self, before: Path, after: Path) -> list[str]:
        """One comparison."""
        ...


class Duck:
    """DuckDB in a process of its own: see duck.py."""

    name, most = DUCK, 10_000_000
    is_there = find_spec("duckdb") is not None

    def keep(self, file: Path) -> list[str]:
        """Read a file for the first time."""
        return [sys.executable, "-P", str(HERE / "duck.py"), str(file)]

    def compare(self, before: Path, after: Path) -> list[str]:
        return [*self.keep(after), str(before)]


def reported(name: str, expected: Mapping[str, int], text: str) -> None:
    """Raises RunFailedError unless our program reported so many sources in each state. Of others nothing is asked."""
    if name in (OURS, BEFORE):
        found = Counter(re.findall(r"^s\d+ +([a-z]+) ", text, re.MULTILINE))
        if found != Counter(expected):
            raise RunFailedError(f"{dict(expected)} was to be reported, and {dict(found)} was")
