"""The overview of changedetection.io beside ours: the same watches, each server a process of its own."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress

from tests.bench.bench import Bench
from tests.bench.contenders import OURS
from tests.bench.desk.served import Server, Times, signed_in, started
from tests.bench.peers import Changedetection
from tests.bench.tables import table

HEADS = ("", "", "CPU ms", "95 %", "kB", "peak MB")
PAGES = ("/", "/sources")  # ours: what needs attention, and all sources


def overviews(bench: Bench, server: Server, size: int, times: int) -> str:
    """Both as a table, over watches that have been checked once; ours alone without `--peers`."""
    rows = list(_ours(server, times))
    rows += [
        row for peer in bench.others if isinstance(peer, Changedetection) for row in _theirs(bench, peer, size, times)
    ]
    return f"The overview of {size:,} watches:\n\n{table(HEADS, rows, left=2)}"


def _ours(server: Server, times: int) -> Iterator[list[str]]:
    with server.browser(signed_in(server)) as person:
        for page in PAGES:
            yield _row(page, OURS, server.measured(person, page, times), server)


def _theirs(bench: Bench, peer: Changedetection, size: int, times: int) -> Iterator[list[str]]:
    folder, port = bench.ready(peer, "page", size), _free_port()
    with (
        started(peer.web(folder, port), folder, peer.env(folder), lambda: port if _listens(port) else None) as server,
        server.browser() as person,
    ):
        yield _row("/", peer.name, server.measured(person, "/", times), server)


def _row(page: str, program: str, times: Times, server: Server) -> list[str]:
    middle, late, size = times
    return [page, program, f"{middle:.1f}", f"{late:.1f}", f"{size / 1_000:.0f}", f"{server.highest():.0f}"]


def _free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
