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

ROOT = Path(__file__).parents[2]


class Site:
    """Where the documents are, and what the server is told and asked."""

    def __init__(self, ports: Mapping[str, int]) -> None:
        self._ports = ports

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self._ports['http']}/{path}"

    def warm(self, family: str, of: int) -> None:
        """Have so many documents of a family ready."""
        self._tell("warm", family=family, of=of)

    def bump(self, family: str, count: int, of: int) -> None:
        """Change `count` documents of a family, evenly among the first `of`."""
        self._tell("bump", family=family, count=count, of=of)

    def usage(self) -> dict[str, Any]:
        """CPU seconds so far, and how often it answered what."""
        return dict(self._tell("usage"))

    def _tell(self, what: str, **how: object) -> Any:
        connection = HTTPConnection("127.0.0.1", self._ports["http"], timeout=600)
        connection.request("GET", f"/-/{what}?{urlencode(how)}")
        told = json.loads(connection.getresponse().read())
        connection.close()
        return told


@contextmanager
def started() -> Iterator[Site]:
    """A server, for as long as it is needed."""
    command = [sys.executable, "-m", "tests.bench.server"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        yield Site(json.loads(process.stdout.readline()))
