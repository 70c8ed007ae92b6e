"""`watch serve` as a process of its own, over a state that the program itself has made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import Site

ROOT = Path(__file__).parents[2]
TOKEN = "a-token-for-the-browser-tests"
SECONDS = 200  # that a command may take


def toml(value: str) -> str:
    """A text as TOML has it between quotes."""
    return json.dumps(value, ensure_ascii=False)


def surroundings(folder: Path) -> dict[str, str]:
    """The environment of a process: nothing says where a configuration is, and all files are in its folder."""
    told = {name: value for name, value in os.environ.items() if name not in {"WATCH_CONFIG", "CREDENTIALS_DIRECTORY"}}
    return told | {"PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(folder / "cache")}


def command(*argv: str) -> list[str]:
    return [sys.executable, "-m", "watcher.cli", *argv]


def watch(folder: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the program in a folder."""
    return subprocess.run(
        command(*argv),
        cwd=folder,
        env=surroundings(folder),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=SECONDS,
        check=False,
    )


def checked(folder: Path, *sources: str) -> dict[str, str]:
    """Check some sources once: how each of them fares then."""
    asked = [word for name in sources for word in ("--source", name)]
    ran = watch(folder, "--once", "--json", *asked)
    assert ran.stdout, ran.stderr
    told: list[dict[str, Any]] = json.loads(ran.stdout)["sources"]
    return {str(each["name"]): str(each["status"]) for each in told}


@dataclass(frozen=True)
class Served:
    """A desk that is served, and the site that its sources are on."""

    address: str
    folder: Path
    site: Site

    @property
    def link(self) -> str:
        """The address that signs in."""
        return f"{self.address}sign-in?token={TOKEN}"

    def watch(self, *argv: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the program beside it, over the same state."""
        return watch(self.folder, *argv)


@contextmanager
def serving(folder: Path, site: Site) -> Iterator[Served]:
    """Serve the desk over the state in a folder, until the block ends. No fault may be in its log then."""
    log = folder / "serve.log"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command("serve", "--listen", "127.0.0.1:0", "--token", TOKEN),
            cwd=folder,
            env=surroundings(folder),
            stdout=subprocess.PIPE,
            stderr=errors,
            stdin=subprocess.DEVNULL,
            text=True,
        ) as process,
    ):
        assert process.stdout
        try:
            first, second = process.stdout.readline(), process.stdout.readline()
            assert first.startswith("serving http://127.0.0.1:"), log.read_text()
            served = Served(first.split()[-1], folder, site)
            assert second.split()[-1] == served.link
            yield served
        finally:
            process.terminate()
    assert "unexpected" not in log.read_text()
