"""What people use today, installed on demand: each in an environment of its own, outside the repository."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from tests.bench.measure import run

HERE = Path(__file__).parent


def cache() -> Path:
    """Where the environments are: $BENCH_CACHE, or registry-watch-bench in the user's cache folder."""
    given = os.environ.get("BENCH_CACHE")
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(given) if given else base / "registry-watch-bench"


class Installed:
    """A program of others, in its environment."""

    name: str
    version: str

    @property
    def bin(self) -> Path:
        return cache() / f"{self.name}-{self.version}" / "bin"

    @property
    def is_there(self) -> bool:
        """Whether it is installed."""
        return self._done.exists()

    @property
    def _done(self) -> Path:
        return self.bin.parent / "installed"

    def install(self) -> None:
        """Make its environment, if there is none yet."""
        if self.is_there:
            return
        print(f"installing {self.name} {self.version}", file=sys.stderr)
        venv.create(self.bin.parent, with_pip=True, clear=True)
        quiet = ["--quiet", "--disable-pip-version-check"]
        subprocess.run(
            [self.bin / "python", "-m", "pip", "install", *quiet, f"{self.name}=={self.version}"], check=True
        )
        self._done.touch()


class Peer(Installed):
    """A program that watches pages. It is told to read each page's table, as ours does."""

    conditional = True

    def lay(self, folder: Path, addresses: Sequence[str], kind: str) -> None:
        raise NotImplementedError

    def command(self, folder: Path) -> list[str]:
        raise NotImplementedError

    def env(self, folder: Path) -> Mapping[str, str]:
        return {}


class Urlwatch(Peer):
    """One run of its command."""

    name, version = "urlwatch", "2.29"

    def lay(self, folder: Path, addresses: Sequence[str], kind: str) -> None:
        jobs = [f"url: {address}\nfilter:\n  - css: table\n  - html2text\n" for address in addresses]
        (folder / "urls.yaml").write_text("---\n".join(jobs))
        (folder / "urlwatch.yaml").write_text("report:\n  stdout:\n    enabled: true\n")
        (folder / "hooks.py").touch()

    def command(self, folder: Path) -> list[str]:
        files = {"urls": "urls.yaml", "config": "urlwatch.yaml", "hooks": "hooks.py", "cache": "cache.db"}
        return [str(self.bin / "urlwatch"), *(f"--{name}={folder / file}" for name, file in files.items())]


class Webchanges(Peer):
    """One run of its command, without its look for a newer version."""

    name, version = "webchanges", "3.37.0"

    def lay(self, folder: Path, addresses: Sequence[str], kind: str) -> None:
        jobs = [f"url: {address}\nfilters:\n  - css: table\n  - html2text\n" for address in addresses]
        (folder / "jobs.yaml").write_text("---\n".join(jobs))
        (folder / "config.yaml").write_text(
            "version_check:\n  enabled: false\nreport:\n  browser:\n    enabled: false\n  stdout:\n    enabled: true\n"
        )
        (folder / "hooks.py").touch()

    def command(self, folder: Path) -> list[str]:
        files = {"jobs": "jobs.yaml", "config": "config.yaml", "hooks": "hooks.py", "database": "snapshots.db"}
        return [str(self.bin / "webchanges"), *(f"--{name}={folder / file}" for name, file in files.items())]


class Changedetection(Peer):
    """Its check of each watch, without its web application: peer_check.py. It knows no conditional requests."""

    name, version = "changedetection.io", "0.60.10"
    conditional = False
    ENV: ClassVar[Mapping[str, str]] = {
        "ALLOW_IANA_RESTRICTED_ADDRESSES": "true",
        "DISABLE_VERSION_CHECK": "true",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    }

    def lay(self, folder: Path, addresses: Sequence[str], kind: str) -> None:
        (folder / "addresses.json").write_text(json.dumps(list(addresses)))
        (folder / "store").mkdir()
        run([*self.command(folder), str(folder / "addresses.json")], folder, self.env(folder))

    def command(self, folder: Path) -> list[str]:
        return [str(self.bin / "python"), "-P", str(HERE / "peer_check.py"), str(folder / "store")]

    def env(self, folder: Path) -> Mapping[str, str]:
        return self.ENV

    def web(self, folder: Path, port: int) -> list[str]:
        """Its whole program with its web application, over the watches in a folder, on loopback."""
        return [str(self.bin / "changedetection.io"), "-d", str(folder / "store"), "-h", "127.0.0.1", "-p", str(port)]


class CsvDiff(Installed):
    """csv-diff, a program of Python without a database."""

    name, version, most = "csv-diff", "1.2", 100_000

    def compare(self, before: Path, after: Path) -> list[str]:
        return [str(self.bin / "csv-diff"), str(before), str(after), "--key", "No"]


class Daff(Installed):
    """daff, which compares tables of any order of rows and columns."""

    name, version, most = "daff", "1.4.2", 10_000

    def compare(self, before: Path, after: Path) -> list[str]:
        return [str(self.bin / "daff"), "--id", "No", "--context", "0", str(before), str(after)]


COMPARERS: Sequence[type[CsvDiff | Daff]] = (CsvDiff, Daff)
PEERS: Sequence[type[Peer]] = (Urlwatch, Webchanges, Changedetection)
