"""A large register, killed at every step of its first reading and of a change: in the end all is as if never killed.

Its body is a file on its way, and is stored in pieces as its entries are.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from functools import cache, partial
from typing import Any

from sqlalchemy import select

from state.db.tables.core import BODIES, ENTRIES, PAGES, STAGINGS
from state.store import Store
from tests.torture.desks import Register, opened
from tests.torture.faults_kill import DAEMON, ONCE, WELL
from tests.torture.rows import Fault

AT_ONCE = 3
ROWS = 25_000
FIRST = ("after_fetch", "after_read", "staged", "before_commit", "after_commit")
LATER = tuple(point for point in FIRST if point != "staged")
SAME = "as never killed"
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
    """One of 25,000 rows, 6 MB; two of them differ by what is shown."""

    configuration = CONFIGURATION

    def show(self, branch: str, **_: str) -> None:
        lines = [f"{number},Company {number} of the register,{f'{number} Long Street; ' * 9}" for number in range(ROWS)]
        lines[ROWS // 2] += branch
        self.body = "\n".join(["No,Name,Address", *lines]).encode()
        self.site.page("/list", self.body, type="text/csv")


def faults() -> Iterator[Fault]:
    for argv, way in ((ONCE, "--once"), (DAEMON, "daemon")):
        for point in FIRST:
            what = f"SIGKILL {point.replace('_', ' ')}, {ROWS:,} rows at first, {way}"
            yield Fault(what, f"{SAME}; {WELL}", partial(killed_at_first, point, argv))
        for point in LATER:
            what = f"SIGKILL {point.replace('_', ' ')}, one of {ROWS:,} rows changed, {way}"
            yield Fault(what, f"{SAME}; {WELL}", partial(killed_later, point, argv))
    yield Fault("SIGKILL at each step of it, one after the other", f"{SAME}; {WELL}", killed_again)


def killed_at_first(point: str, argv: tuple[str, ...]) -> str:
    with opened(LargeRegister) as case:
        kill(case, point, *argv)
        assert case.program.once().code == 0
        case.show("B")
        return stand(case)


def killed_later(point: str, argv: tuple[str, ...]) -> str:
    with opened(LargeRegister) as case:
        assert case.program.once().code == 0
        case.show("B")
        kill(case, point, *argv)
        return stand(case)


def killed_again() -> str:
    with opened(LargeRegister) as case:
        for point in FIRST:
            kill(case, point, *ONCE)
        case.show("B")
        for point in LATER:
            kill(case, point, *ONCE)
        return stand(case)


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
