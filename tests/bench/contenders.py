"""The programs that are measured: how each is told what to watch, and run once over all of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

HERE = Path(__file__).parent


class Contender(Protocol):
    """A program that checks every address it was given once a run, and keeps its state in its folder."""

    name: str
    codes: Sequence[int]  # exit codes that are as they should be

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
    """This program: `watch --once`."""

    name = "registry-watch"
    codes = (0,)
    KINDS: Mapping[str, str] = {
        "table": 'kind = "table"\nkey = "No"\n',
    }
    HEAD = '[http]\nprivate_addresses = "allow"\nspacing = "0s"\nper_host = {per_host}\n'

    def __init__(self, program: Path | None = None, per_host: int = 8) -> None:
        self.program = program or Path(sys.executable).with_name("watch")
        self.per_host = per_host

    def lay(self, folder: Path, addresses: Sequence[str], kind: str) -> None:
        tables = [
            f'[sources.s{number}]\nurl = "{address}"\n{self.KINDS[kind]}' for number, address in enumerate(addresses)
        ]
        (folder / "watch.toml").write_text("\n".join([self.HEAD.format(per_host=self.per_host), *tables]))

    def command(self, folder: Path) -> list[str]:
        return [str(self.program), "--once"]

    def env(self, folder: Path) -> Mapping[str, str]:
        return {}


class Bare:
    """httpx.Client in 8 threads, which compares nothing and keeps only the tags."""

    name = "bare httpx"
    codes = (0,)

    def lay(self, folder: Path, addresses: Sequence[str], kind: str) -> None:
        task = {"urls": list(addresses), "tags": str(folder / "tags.json")}
        (folder / "task.json").write_text(json.dumps(task))

    def command(self, folder: Path) -> list[str]:
        return [sys.executable, "-P", str(HERE / "bare.py"), str(folder / "task.json")]

    def env(self, folder: Path) -> Mapping[str, str]:
        return {}
