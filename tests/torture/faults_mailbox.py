"""The mails of a mailbox, read while the program is killed at every step: each is told once, whatever happened.

Dovecot serves them. After each kill the program is started again.
"""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from state.model import EventKind
from state.store import Store
from tests.dovecot import MISSING, Dovecot, running
from tests.torture.desks import Register, opened
from tests.torture.processes import until
from tests.torture.rows import Fault

POINTS = ("after_fetch", "after_read", "evidence_half", "evidence_synced", "before_commit", "after_commit")
WELL = "lost 0, twice 0"
OLD, NEW = 30, 510  # mails: of the new ones, more than a page


class Mailing(Register):
    """A mailbox in place of the list."""

    server: Dovecot
    configuration = Register.configuration.replace(
        'kind = "json"\nurl = "{site}/list"\nitems = "@"\nkey = "name"', "{mailbox}"
    )

    def send(self, count: int, first: int = 0) -> None:
        for number in range(first, first + count):
            self.server.send(f"Notice {number}")


def faults() -> Iterator[Fault]:
    if MISSING:
        return
    for point in POINTS:
        at = point.replace("_", " ")
        yield Fault(f"SIGKILL {at}, new mails", WELL, partial(killed, point))
        yield Fault(f"SIGKILL {at}, at first", WELL, partial(killed, point, at_first=True))
        yield Fault(f"SIGKILL {at}, other UIDs", WELL, partial(killed, point, renumbered=True))
    yield Fault("SIGKILL at 6 moments of a daemon", WELL, killed_again)


@contextmanager
def mailing() -> Iterator[Mailing]:
    with running() as server:
        source = f'kind = "mailbox"\nurl = "{server.url}"'
        with opened(Mailing, mailbox=source, top="[evidence]") as case:
            case.server = server
            case.send(OLD)
            yield case


def killed(point: str, *, at_first: bool = False, renumbered: bool = False) -> str:
    with mailing() as case:
        if not at_first:
            assert case.program.once().code == 0
            case.send(NEW, OLD)
            if renumbered:
                case.server.renumber()
        ran = case.program.once(failpoint=f"{point}:KILL")
        assert ran.code == -signal.SIGKILL, f"it was not killed: {ran}"
        assert case.program.once().code == 0
        case.send(5, OLD + NEW)
        for _ in range(2):
            assert case.program.once().code == 0
        return count(case, 5 if at_first else NEW + 5)


def killed_again() -> str:
    with mailing() as case:
        assert case.program.once().code == 0
        for number in range(6):
            case.send(20, OLD + 20 * number)
            daemon, told = case.program.start(), len(case.told())
            until(partial(has_told, case, told + 1))
            daemon.kill()
        assert case.program.once().code == 0
        return count(case, 120)


def has_told(case: Mailing, least: int) -> bool:
    return len(case.told()) >= least


def count(case: Mailing, mails: int) -> str:
    """What became of so many mails: each is an event, and what is told consists of events."""
    with Store.open(case.place.url) as store:
        events = store.log.events(kind=EventKind.CHANGE, limit=None)
    titles = Counter((event.data["change"], event.data["title"]) for event in events)
    assert all(change == "added" for change, _ in titles)
    return f"lost {mails - len(titles)}, twice {titles.total() - len(titles)}"
