"""A rendered page whose frames, of a site each, take memory in a process each, also beside a busy processor and beside
a good page; one with blobs; and one with many frames.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
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
timeout = "40s"
wait_for = "#never"
url = "{url}"
"""
GOOD = """
[sources.good]
kind = "table"
key = "No"
fetch = "browser"
timeout = "40s"
wait_for = "#done"
url = "{url}"
"""
BUSY = [sys.executable, "-c", "while True: pass"]
# A page that is read, but has the largest process of all: what it takes is a fifth of the limit.
LARGE = f"const kept = new Uint8Array({MOST // 5}e6).fill(7); setTimeout(() => document.body.id = 'done', 12000);"
GLANCE = 0.01  # seconds between two measurements


def faults() -> Iterator[Fault | Row]:
    if nothing := skipped():
        yield nothing
        return
    below = f"below {MOST + SLACK} MB"
    many = "".join(f"<iframe src='http://127.0.0.{host}:PORT/takes'></iframe>" for host in range(2, 14))
    twelve = "12 frames of a site each, that take memory"
    yield Fault(twelve, f"failing, {below}", partial(rendered, many))
    yield Fault(f"{twelve}, on a busy machine", f"failing, {below}", partial(rendered, many, busy=4))
    yield Fault(f"{twelve}, beside a good page", f"failing, good baseline, {below}", partial(rendered, many, good=True))
    blobs = f"<script>{BLOBS}</script>"
    yield Fault("a page with blobs in the browser's memory", f"failing, {below}", partial(rendered, blobs))
    frames = "<iframe></iframe>" * 500
    yield Fault("a page of 500 frames", f"failing too_large, {below}", partial(rendered, frames, reason=" too_large"))


def rendered(body: str, *, reason: str = "", busy: int = 0, good: bool = False) -> str:
    """What came of it; `busy` is the number of processes beside it that do nothing but compute."""
    with TemporaryDirectory(prefix="torture-") as name, ExitStack() as stack:
        port = stack.enter_context(served(body))
        program, traces = Program(Path(name)), Traces(Path(name))
        more = GOOD.format(url=f"http://127.0.0.2:{port}/good") if good else ""
        url, command = f"http://127.0.0.1:{port}/", command_of(OPTIONS)
        program.configure(CONFIGURATION.format(command=command, memory=MOST * 1_000_000, url=url) + more)
        for _ in range(busy):
            stack.callback(subprocess.Popen(BUSY).kill)
        running, most, browsers = program.start("--once", "--json"), 0, list[int]()
        try:
            while running.alive:
                browsers = browsers or traces.pids("browser")
                for pages, others in map(memory_of, browsers):  # it leads the group of its processes
                    most = max(most, sum(pages.values()) + others)
                time.sleep(GLANCE)
            results = {each["name"]: each for each in running.wait().json["sources"]}
        finally:
            program.close()
        assert traces.left() == NOTHING
        used = f"below {MOST + SLACK}" if most < (MOST + SLACK) * 1_000_000 else f"{most // 1_000_000}"
        beside = f"good {results['good']['status']}, " if good else ""
        bad = f"{results['page']['status']}{' ' + results['page']['reason'] if reason else ''}"
        return f"{bad}, {beside}{used} MB"


@contextmanager
def served(body: str) -> Iterator[int]:
    """A port at 127.0.0.1 that answers with a page, and at further addresses, which are other sites, with frames."""
    servers, port = list[ThreadingHTTPServer](), 0

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            pages = {"/takes": f"<script>{TAKES}</script>", "/good": f"{TABLE}<script>{LARGE}</script>"}
            shown = pages.get(self.path, TABLE + body.replace("PORT", str(port)))
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
