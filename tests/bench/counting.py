"""A web server that counts, a process of its own: `python -m tests.bench.counting`. It prints its port, and serves until
its standard input closes.

    GET /s/7        one entry with its version, an ETag, 304       POST /hook   an alert: its key and text are kept
    GET /-/bump/7   the version is one more from now on            GET /-/told  all alerts as JSON
    GET /-/counts   how often each source was asked for
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from typing import Any

_counts: Counter[int] = Counter()
_versions: Counter[int] = Counter()
_told: list[tuple[str, str]] = []


class Answering(asyncio.Protocol):
    """One connection, kept open."""

    def __init__(self) -> None:
        self._had = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._had += data
        while (end := self._had.find(b"\r\n\r\n")) >= 0:
            head = self._had[:end].decode("latin-1")
            headers = {
                name.lower(): value.strip()
                for name, _, value in (line.partition(":") for line in head.split("\r\n")[1:])
            }
            size = int(headers.get("content-length", 0))
            if len(self._had) < end + 4 + size:
                return
            body, self._had = self._had[end + 4 : end + 4 + size], self._had[end + 4 + size :]
            self._transport.write(answer(head.split(" ", 2)[1], headers, body))


def answer(path: str, headers: dict[str, str], body: bytes) -> bytes:
    kind, _, number = path.lstrip("/").rpartition("/")
    if kind == "s":
        source = int(number)
        _counts[source] += 1
        tag = f'"{_versions[source]}"'
        if headers.get("if-none-match") == tag:
            return f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\n\r\n".encode()
        return _reply([{"name": f"Company {source}", "value": f"v{_versions[source]}"}], f"ETag: {tag}\r\n")
    if kind == "-/bump":
        _versions[int(number)] += 1
        return _reply({})
    if path == "/hook":
        _told.append((headers.get("idempotency-key", ""), json.loads(body)["message"]))
        return _reply({})
    return _reply(_told if path == "/-/told" else _counts)


def _reply(what: Any, headers: str = "") -> bytes:
    body = json.dumps(what).encode()
    return (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode()
        + body
    )


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Answering, "0.0.0.0", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
