"""What readers cost the daemon."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench.bench import Bench
from tests.bench.measure import RunFailedError, run
from tests.bench.tables import table
from tests.bench.work_daemon import daemon

READERS = 500
NOBODY, OTHERS, ALL = "nobody follows", f"{READERS} follow something else", f"{READERS} get each change at once"
_POST = """
[channels.post]
readers = true
url = "mailto://127.0.0.1:{port}?from=a@example.org&to={{reader}}"
"""
_FOLLOW = """
import sys
from datetime import UTC, datetime
from state.storage.readers import Interest
from state.store import Store
with Store.open(f"sqlite:///{sys.argv[1]}") as store:
    for number in range(int(sys.argv[2])):
        store.readers.follow(f"r{number}", Interest(sources=[sys.argv[3]], when=sys.argv[4]), datetime.now(UTC))
"""
_OFFICE = """
import sys
from tests.conftest import PostOffice
office = PostOffice()
office.start()
print(office.port, flush=True)
sys.stdin.read()
print(len(office.mails), flush=True)
"""


@contextmanager
def post_office() -> Iterator[tuple[int, list[int]]]:
    """A mail server in a process of its own: its port; the number of mails is known at its end."""
    got = list[int]()
    command = [sys.executable, "-c", _OFFICE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield int(process.stdout.readline()), got
        got.append(int(process.communicate("")[0]))


def followers(bench: Bench) -> None:
    """The daemon with pages that are checked all the time, of which one in a hundred changes every 5 seconds: where
    nobody follows anything, where readers follow what does not come, and where all are mailed each change.
    """
    size, seconds = max(bench.sizes), 60 if bench.full else 20
    used, rows = dict[str, float](), []
    for what, source, when in ((NOBODY, "", ""), (OTHERS, "nowhere", "hourly"), (ALL, "s*", "at once")):
        with post_office() as (port, got):
            used[what], mails = _use(bench, size, seconds, port, source, when), got
        per_mail = (used[what] - used[NOBODY]) / mails[0] * 1000 if mails[0] else 0
        figures = [f"{used[what]:.2f}", f"{used[what] / used[NOBODY]:.2f}", f"{mails[0]:,}"]
        rows.append([what, *figures, f"{per_mail:.1f}" if mails[0] else ""])
    bench.facts["followers"] = used[OTHERS] / used[NOBODY]
    bench.tell("followers", table((f"{size:,} sources, {seconds} s", "CPU s", "ratio", "mails", "CPU-ms a mail"), rows))


def _use(bench: Bench, size: int, seconds: int, port: int, source: str, when: str) -> float:
    """CPU seconds of the daemon in that time."""
    folder = bench.fresh()
    bench.ours.lay(folder, bench.addresses("moving", size), "table", more='every = "2s"\n')
    users = "".join(f"[web.users.r{number}]\nmail = 'r{number}@example.org'\n" for number in range(READERS))
    with (folder / "watch.toml").open("a") as file:
        file.write(_POST.format(port=port) + users)
    run(bench.ours.command(folder), folder)
    if source:
        (state,) = folder.rglob("state.db")
        subprocess.run([sys.executable, "-c", _FOLLOW, str(state), str(READERS), source, when], check=True, timeout=120)
    bench.say(f"followers: {source or 'nobody'}, {seconds} s")
    with daemon(bench, folder) as running:
        time.sleep(3)
        before, ends = running.cpu(), time.monotonic() + seconds
        while time.monotonic() < ends:
            bench.site.bump("moving", 0, size, 100)
            time.sleep(5)
        used = running.cpu() - before
    if not used:
        raise RunFailedError("the daemon used no processor time at all")
    return used


WORKLOADS = {"followers": followers}
