"""A rendered page whose frames, of a site each, take memory in a process each; and one with many frames."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from sources.browser.chromium import command_of, memory_of
from tests.torture.processes import Program
from tests.torture.rendering import NOTHING, OPTIONS, Traces, skipped
from tests.torture.rows import Fault, Row

MOST, SLACK = 700, 400  # MB: the limit, and what may be taken between two looks at the memory
TAKES = "const kept = []; setInterval(() => kept.push(new Uint8Array(4e6).fill(7)), 10);"
BLOBS = "const kept = []; setInterval(() => kept.push(new Blob([new Uint8Array(8e6).fill(7)])), 10);"
TABLE = "<table><tr><th>No<th>Name<tr><td>1<td>one</table>"
CONFIGURATION = """
[http]
private_addresses = "allow"
spacing = "0s"
[browser]
command = "{command}"
memory = {memory}
[sources.page]
kind = "table"
key = "No"
fetch = "browser"
timeout = "25s"
wait_for = "#never"
url = "{url}"
"""


def faults() -> Iterator[Fault | Row]:
    if nothing := skipped():
        yield nothing
        return
    below = f"below {MOST + SLACK} MB"
    many = "".join(f"<iframe src='http://127.0.0.{host}:PORT/takes'></iframe>" for host in range(2, 14))
    yield Fault("12 frames of a site each, that take memory", f"failing, {below}", partial(rendered, many, ""))
    blobs = f"<script>{BLOBS}</script>"
    yield Fault("a page with blobs in the browser's memory", f"failing, {below}", partial(rendered, blobs, ""))
    frames = "<iframe></iframe>" * 500
    yield Fault("a page of 500 frames", f"failing too_large, {below}", partial(rendered, frames, " too_large"))


def rendered(body: str, reason: str) -> str:
    with TemporaryDirectory(prefix="torture-") as name, served(body) as port:
        program, traces = Program(Path(name)), Traces(Path(name))
        url, command = f"http://127.0.0.1:{port}/", command_of(OPTIONS)
        program.configure(CONFIGURATION.format(command=command, memory=MOST * 1_000_000, url=url))
        running, most = program.start("--once", "--json"), 0
        try:
            while running.alive:
                most = max(most, sum(memory_of(each.pid) for each in traces.processes() if each.part != "driver"))
            [result] = running.wait().json["sources"]
        finally:
            program.close()
        assert traces.left() == NOTHING
        used = f"below {MOST + SLACK}" if most < (MOST + SLACK) * 1_000_000 else f"{most // 1_000_000}"
        return f"{result['status']}{' ' + result['reason'] if reason else ''}, {used} MB"


@contextmanager
def served(body: str) -> Iterator[int]:
    """A port at 127.0.0.1 that answers with a page, and at further addresses, which are other sites, with frames."""
    servers, port = list[ThreadingHTTPServer](), 0

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shown = f"<script>{TAKES}</script>" if self.path == "/takes" else TABLE + body.replace("PORT", str(port))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(shown.encode())

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    for host in range(1, 14):
        servers.append(ThreadingHTTPServer((f"127.0.0.{host}", port), Answer))
        port = servers[0].server_port
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
    try:
        yield port
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
