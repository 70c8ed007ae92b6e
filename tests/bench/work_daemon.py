"""The daemon with nothing to do."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.bench import Bench
from tests.bench.measure import RunFailedError, Running, run, said
from tests.bench.tables import table

READY = 120.0  # seconds until it has to be


@contextmanager
def daemon(bench: Bench, folder: Path) -> Iterator[Running]:
    """The daemon, from when it says that it is ready until it is told to end."""
    told = folder / "told"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(told))
        manager.settimeout(READY)
        running = Running([str(bench.ours.program)], folder, {"NOTIFY_SOCKET": str(told)})
        try:
            while b"READY=1" not in manager.recv(4_096):
                pass
            manager.close()  # it does not mind
            yield running
            running.terminate()
            code, _ = running.wait(60)
        except BaseException:
            running.kill()
            running.wait()
            raise
    if code:
        raise RunFailedError(f"the daemon ended with {code}:\n{said(folder)[-2_000:]}")


def idle(bench: Bench) -> None:
    """The daemon with sources none of which is due: what it uses by being there."""
    size, seconds = (10_000, 60) if bench.full else (max(bench.sizes), 10)
    folder = bench.fresh()
    bench.ours.lay(folder, bench.addresses("page", size), "table", more='every = "1d"\n')
    bench.say(f"idle: learns {size:,} pages")
    run(bench.ours.command(folder), folder)
    with daemon(bench, folder) as running:
        time.sleep(3)
        before = running.cpu()
        bench.say(f"idle: {seconds} s")
        time.sleep(seconds)
        used, memory = running.cpu() - before, running.memory()
    heads = ("", "seconds", "CPU s", "of one core", "MB")
    row = [f"{size:,} sources", str(seconds), f"{used:.2f}", f"{100 * used / seconds:.2f} %", f"{memory:.0f}"]
    bench.tell("idle", table(heads, [row]))


WORKLOADS = {"idle": idle}
