"""Two processes over one state: beside each other, and one of them standing still."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from functools import partial

from tests.torture.desks import Register, register
from tests.torture.processes import until
from tests.torture.rows import Fault

AT_ONCE = 4
DESK_WAIT = 10.0  # seconds that a one-shot run waits for another that is sending


def faults() -> Iterator[Fault]:
    yield Fault(
        "stopped before a send, then continued",
        "other: 1 pending, exit 1; lost 0, twice 0",
        partial(stopped, "before_send"),
    )
    yield Fault(
        "stopped after a send, then continued",
        "other: 1 pending, exit 1; lost 0, twice 0",
        partial(stopped, "after_send"),
    )
    yield Fault("stopped after a send, then killed", "lost 0, twice 1 with the same id", stopped_and_killed)
    yield Fault(
        "stopped in the transaction, then continued",
        "other: exit 1 in < 25 s; lost 0, twice 0",
        stopped_in_transaction,
        on_server="other: exit 0 in < 25 s; lost 0, twice 0",  # the server ends that transaction after 10 s
    )
    yield Fault(
        "daemon stopped in a send, --once beside it", "other: 1 pending, exit 1; lost 0, twice 0", daemon_stopped
    )
    yield Fault("--once beside the daemon, 6 changes", "6 changes, lost 0, twice 0", beside_the_daemon)
    yield Fault("two --once at once, 6 changes", "6 changes, lost 0, twice 0", two_at_once)
    yield Fault("two daemons at once, 6 changes", "6 changes, lost 0, twice 0", two_daemons)


def stopped(point: str) -> str:
    with register() as case:
        case.program.once()
        case.show("B")
        first = case.program.start("--once", "--json", failpoint=f"{point}:STOP")
        return besides(case, first)


def besides(case: Register, first: object) -> str:
    """What another run does while one stands still, and what has become of all in the end."""
    until(first.is_stopped)  # type: ignore[attr-defined]
    start = time.monotonic()
    other = case.program.once()
    took = time.monotonic() - start
    first.signal(signal.SIGCONT)  # type: ignore[attr-defined]
    until(case.told)
    until(lambda: case.program.ask("SELECT count(*) FROM deliveries WHERE state = 'pending'") == 0)
    case.program.once()
    held = "" if took < DESK_WAIT + 4 else f" after {took:.0f} s"
    return f"other: {other.json['deliveries']['pending']} pending, exit {other.code}{held}; {case.count(1)}"


def stopped_and_killed() -> str:
    with register() as case:
        case.program.once()
        case.show("B")
        first = case.program.start("--once", failpoint="after_send:STOP")
        until(first.is_stopped)
        first.kill()
        case.program.once()
        return case.count(1)


def stopped_in_transaction() -> str:
    with register() as case:
        case.program.once()
        case.show("B")
        first = case.program.start("--once", failpoint="before_commit:STOP")
        until(first.is_stopped)
        start = time.monotonic()
        other = case.program.once()
        took = time.monotonic() - start
        first.signal(signal.SIGCONT)
        first.wait()
        case.program.once()
        assert case.program.changes() == 1
        return f"other: exit {other.code} in {'< 25' if took < 25 else f'{took:.0f}'} s; {case.count(1)}"


def daemon_stopped() -> str:
    with register() as case:
        case.program.once()
        case.show("B")
        return besides(case, case.program.start(failpoint="before_send:STOP"))


def beside_the_daemon() -> str:
    with register() as case:
        case.program.once()
        daemon = case.program.start()
        for number in range(6):
            case.show(f"B{number}")
            assert case.program.once().code == 0
            until(lambda number=number: len(case.told()) > number)
        time.sleep(0.5)
        daemon.signal(signal.SIGTERM)
        daemon.wait()
        return f"{case.program.changes()} changes, {case.count(6)}"


def two_at_once() -> str:
    with register() as case:
        case.program.once()
        for number in range(6):
            case.show(f"B{number}")
            both = [case.program.start("--once", "--json") for _ in range(2)]
            assert [each.wait().code for each in both] == [0, 0]
        return f"{case.program.changes()} changes, {case.count(6)}"


def two_daemons() -> str:
    with register() as case:
        daemons = case.program.start_two()
        until(lambda: case.site.paths.count("/list") > 4)
        for number in range(6):
            case.show(f"B{number}")
            until(lambda number=number: len(case.told()) > number)
        time.sleep(0.5)
        for each in daemons:
            each.signal(signal.SIGTERM)
        assert {each.wait().code for each in daemons} == {0}
        return f"{case.program.changes()} changes, {case.count(6)}"
