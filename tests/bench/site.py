"""The bench's hold on its server, which is another process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.certificates import self_signed

ROOT = Path(__file__).parents[2]


class Site:
    """Where the documents are, and what the server is told and asked. `ca` is the PEM file of its own authority."""

    def __init__(self, ports: Mapping[str, int], ca: Path | None) -> None:
        self.ports, self.ca = ports, ca

    def address(self, path: str, port: str = "http") -> str:
        """The address of a document, at one of the server's ports."""
        scheme = port.split(maxsplit=1)[0]
        host = "localhost" if scheme == "https" else "127.0.0.1"
        return f"{scheme}://{host}:{self.ports[port]}/{path}"

    def warm(self, family: str, first: int, end: int) -> None:
        """Have these documents of a family ready."""
        self._tell("warm", family=family, first=first, end=end)

    def bump(self, family: str, first: int, end: int, step: int = 1) -> None:
        """Change every so many of these documents of a family."""
        self._tell("bump", family=family, first=first, end=end, step=step)

    def size(self, family: str, number: int) -> tuple[int, int]:
        """Bytes of a document, as it is and as it is sent."""
        plain, packed = self._tell("size", family=family, number=number)
        return plain, packed

    def files(self, family: str, number: int) -> list[Path]:
        """A register's latest two versions on this machine's disk, or the only one."""
        return [Path(file) for file in self._tell("files", family=family, number=number)]

    def times(self, path: str) -> list[float]:
        """When a document was asked for, in seconds since 1970."""
        return [*self._tell("times", target=f"/{path}")]

    def usage(self) -> tuple[float, dict[str, int]]:
        """CPU seconds so far, and how often it answered what."""
        told = self._tell("usage")
        return told["cpu"], told["counts"]

    def slow(self) -> None:
        """From now on slow hosts take their time, and the ledger is kept."""
        self._tell("slow")

    def ledger(self) -> list[tuple[str, float, float]]:
        """Of the slow hosts: what was asked for, when, and when that was answered, in seconds since 1970."""
        return [(target, asked, answered) for target, asked, answered in self._tell("ledger")]

    def _tell(self, what: str, **how: object) -> Any:
        connection = HTTPConnection("127.0.0.1", self.ports["http"], timeout=600)
        connection.request("GET", f"/-/{what}?{urlencode(how)}")
        told = json.loads(connection.getresponse().read())
        connection.close()
        return told


@contextmanager
def started(folder: Path, *, slow: int = 0) -> Iterator[Site]:
    """A server, for as long as it is needed; by TLS too where there is an openssl to make a certificate."""
    ca = self_signed(folder) if not slow else None
    command = [sys.executable, "-m", "tests.bench.server", str(folder), "--slow", str(slow)]
    command += ["--certificate", str(ca)] if ca else []
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        yield Site(json.loads(process.stdout.readline()), ca)
