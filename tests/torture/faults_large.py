"""A large register, killed at every step of its first reading and of a change: in the end all is as if never killed.

Its body is a file on its way, and is stored in pieces as its entries are.
"""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Iterator
from functools import cache, partial
from hashlib import shake_256
from typing import Any

from sqlalchemy import select

from state.db.tables.core import BODIES, ENTRIES, PAGES, STAGINGS
from state.store import Store
from tests.torture.desks import Register, opened
from tests.torture.faults_kill import DAEMON, ONCE, WELL
from tests.torture.faults_machine import DISK, can_mount, small_disk
from tests.torture.rows import Fault

AT_ONCE = 3
ROWS = 25_000
FIRST = ("after_fetch", "after_read", "piece_written", "staged", "before_commit", "after_commit")
SAME = "as never killed"
WHOLE = f"{SAME}; {WELL}"
CONFIGURATION = """
state = "{state}"
[http]
private_addresses = "allow"
spacing = "0s"

[sources.list]
kind = "csv"
url = "{site}/list"
key = "No"
every = "200ms"
{source}
[channels.desk]
url = "{desk}"

[[alerts]]
to = ["desk"]
{top}{more}
"""
_once = threading.Lock()


class LargeRegister(Register):
    """One of 25,000 rows, 10 MB, which cannot be made much smaller; what is shown stands in one of them."""

    configuration = CONFIGURATION

    def show(self, branch: str, **_: str) -> None:
        rows = ((number, shake_256(number.to_bytes(4)).hexdigest(190)) for number in range(ROWS))
        lines = [f"{number},Company {number},{noise}" for number, noise in rows]
        lines[ROWS // 2] += branch
        self.body = "\n".join(["No,Name,Address", *lines]).encode()
        self.site.page("/list", self.body, type="text/csv")


def faults() -> Iterator[Fault]:
    for point in FIRST:
        at = point.replace("_", " ")
        for argv, way in ((ONCE, "--once"), (DAEMON, "daemon")):
            yield Fault(f"SIGKILL {at}, the first reading, {way}", WHOLE, partial(killed_at_first, point, argv))
        if point != "staged":
            yield Fault(f"SIGKILL {at}, one row changed, --once", WHOLE, partial(killed_later, point))
    yield Fault("SIGKILL at each step, one after the other", WHOLE, killed_again)
    if can_mount():
        for room, what in ((4, "download"), (14, "page"), (20, "entries")):
            yield Fault(
                f"no disk for its {what}",
                f"said, nothing counts; then {WHOLE}",
                partial(no_room, room),
                only_files=DISK,
            )


def killed_at_first(point: str, argv: tuple[str, ...]) -> str:
    with opened(LargeRegister) as case:
        kill(case, point, *argv)
        assert case.program.once().code == 0
        case.show("B")
        return stand(case)


def killed_later(point: str) -> str:
    with opened(LargeRegister) as case:
        assert case.program.once().code == 0
        case.show("B")
        kill(case, point, *ONCE)
        return stand(case)


def killed_again() -> str:
    with opened(LargeRegister) as case:
        for point in FIRST:
            kill(case, point, *ONCE)
        case.show("B")
        for point in FIRST:
            if point != "staged":
                kill(case, point, *ONCE)
        return stand(case)


def no_room(room: int) -> str:
    """The state is on a disk of so many MB at first, and then on a larger one."""
    with small_disk(f"{room}m") as folder, opened(LargeRegister, state=f"sqlite:///{folder}/state.db") as case:
        case.program.state = folder / "state.db"
        ran = case.program.once()
        [said] = ran.json["sources"]
        known = ("no space", "disk space", "No space", "cannot be read or written")
        told = "said" if ran.code == 1 and any(words in said["message"] for words in known) else f"{ran.code}: {said}"
        counts = (
            "something counts"
            if case.program.ask("SELECT coalesce(sum(entries), 0) FROM sources")
            else "nothing counts"
        )
        subprocess.run(["mount", "-o", "remount,size=200m", str(folder)], check=True)
        assert case.program.once().code == 0
        case.show("B")
        return f"{told}, {counts}; then {stand(case)}"


def kill(case: LargeRegister, point: str, *argv: str) -> None:
    ran = case.program.run(*argv, failpoint=f"{point}:KILL")
    assert ran.code == -signal.SIGKILL, f"it was not killed: {ran}"


def stand(case: LargeRegister) -> str:
    """Whether all is as it would be without the kill, and what the desk was told, after two undisturbed runs."""
    for _ in range(2):
        ran = case.program.once()
        assert ran.code == 0, f"exit {ran.code}: {ran.err[-300:]} {ran.out}"
    assert (ran.json["sources"][0]["status"], case.program.sound()) == ("unchanged", True), ran.out
    same = SAME if stored(case) == never_killed() else "otherwise than never killed"
    return f"{same}; {case.count(1)}"


def stored(case: LargeRegister) -> Any:
    """The entries that the state has, and how much it has of pages and of what is on its way."""
    with Store.open(case.place.url) as store, store.database.reading() as connection:
        columns = [ENTRIES.c[name] for name in ("standing", "mark", "key", "title", "fields", "left")]
        rows = sorted(map(repr, connection.execute(select(*columns))))
        counts = [len(connection.execute(select(table)).all()) for table in (PAGES, BODIES, STAGINGS)]
        assert [each.page.body for each in store.pages("list")] == [case.body]
        return hash(tuple(rows)), counts


def never_killed() -> Any:
    with _once:
        return _never_killed()


@cache
def _never_killed() -> Any:
    with opened(LargeRegister) as case:
        assert case.program.once().code == 0
        case.show("B")
        assert case.program.once().code == 0
        return stored(case)
