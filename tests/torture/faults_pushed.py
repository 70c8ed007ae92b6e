"""What a program pushes, with the desk killed at every step, at two desks at once, and beside a daemon: stored and told
once, answered as never killed, with sound evidence.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from state.store import Store
from tests.torture.desks import Register, register
from tests.torture.processes import Running, until
from tests.torture.rows import Fault
from watcher.evidence.verification import of_state

AT_ONCE = 3
TOKEN = "0123456789abcdef-the-token"
TOP = '[evidence]\n[web]\nlisten = "127.0.0.1:0"'
BOT = '[sources.bot]\nkind = "pushed"\nmax_new = 20_000'
POINTS = (
    *("after_read", "push_compared", "evidence_opened", "evidence_written", "evidence_synced"),
    *("before_commit", "after_commit"),
)
ONCE, SOUND = "lost 0, twice 0", "evidence sound"


def faults() -> Iterator[Fault]:
    for point in POINTS:
        words = f"SIGKILL {point.replace('_', ' ')}, then"
        yield Fault(
            f"{words} pushed again, by its key", f"as never killed, {ONCE}, {SOUND}", partial(killed, point, "k")
        )
    for point in ("push_compared", "before_commit", "after_commit"):
        words = f"SIGKILL {point.replace('_', ' ')}, then"
        yield Fault(f"{words} pushed again, without one", f"stored, {ONCE}, {SOUND}", partial(killed, point, ""))
    yield Fault("SIGKILL staged, 12,000 entries", f"as never killed, {ONCE}, {SOUND}", killed_staging)
    yield Fault("40 pushes at two desks, beside a daemon", f"each its own change, {ONCE}, {SOUND}", at_two_desks)
    yield Fault("one push 12 times at two desks, by its key", f"1 answer, {ONCE}, {SOUND}", twelve_times)
    yield Fault("a push of 60 MB, 20 MB of it in chunks", "413, 413, < 300 MB", too_large)


class Desk:
    """A desk of its own process, and a program that pushes to it."""

    def __init__(self, case: Register, failpoint: str = "") -> None:
        self._before = set(case.program.folder.glob("out.*"))
        self.running: Running = case.program.start("serve", "--token", TOKEN, failpoint=failpoint)
        [out] = set(case.program.folder.glob("out.*")) - self._before
        until(lambda: "sign in" in out.read_text())
        self._address = f"{out.read_text().split()[1]}api/v1/sources/bot/entries"

    def post(self, key: str = "", **body: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {TOKEN}", **({"idempotency-key": key} if key else {})}
        return httpx.post(self._address, headers=headers, timeout=60, **body)

    def push(self, *entries: dict[str, Any], key: str = "", **more: Any) -> Any:
        """The answer, of a change what stays the same in any run; None where the desk has died."""
        try:
            answer = self.post(key, json={"entries": entries, **more}).json()
        except httpx.TransportError:
            return None
        changes = [(each["change"], each["key"], each["fields"]) for each in answer["changes"]]
        return answer["status"], answer["entries"], changes

    def end(self) -> None:
        self.running.signal(signal.SIGTERM)
        self.running.wait()


@contextmanager
def pushed() -> Iterator[Register]:
    """A source of three entries that were pushed; also a register that is polled."""
    with register(top=TOP, more=BOT) as case:
        assert case.program.once().code == 0
        desk = Desk(case)
        assert desk.push(*({"key": key} for key in "abc"))[0] == "baseline"
        desk.end()
        yield case


NEWS = ({"key": "a", "title": "Telegram", "fields": {"status": "under approval"}}, {"key": "d"})
TOLD = (
    "ok",
    4,
    [
        (
            "changed",
            "a",
            {"title": {"before": "a", "after": "Telegram"}, "status": {"before": None, "after": "under approval"}},
        ),
        ("added", "d", {}),
    ],
)


def killed(point: str, key: str) -> str:
    with pushed() as case:
        dying = Desk(case, f"{point}:KILL")
        assert dying.push(*NEWS, key=key) is None
        assert dying.running.wait().code == -signal.SIGKILL
        desk = Desk(case)
        answers = [desk.push(*NEWS, key=key) for _ in range(2)]
        if key:
            said = "as never killed" if answers == [TOLD, TOLD] else f"otherwise: {answers}"
        else:
            said = "stored" if {each[1] for each in answers} == {4} and answers[1][2] == [] else f"otherwise: {answers}"
        return f"{said}, {outcome(case, 2)}"


def outcome(case: Register, changes: int) -> str:
    """How often the changes were told, and whether the evidence is sound."""
    for _ in range(2):
        assert case.program.once().code == 0
    told = case.told()
    logged = case.program.changes()
    count = (
        "lost 0, twice 0"
        if logged == changes and len({each.key for each in told}) == len(told)
        else f"{logged}: {told}"
    )
    with Store.open(case.place.url) as store:
        problems = of_state(store, case.program.folder / "evidence").problems
    return f"{count}, evidence {problems or 'sound'}"


def killed_staging() -> str:
    with pushed() as case:
        many = [{"key": f"n{number}"} for number in range(12_000)]
        dying = Desk(case, "staged:KILL")
        assert dying.push(*many, key="k") is None
        desk = Desk(case)
        first = until(lambda: desk.push(*many, key="k"))
        assert desk.push(*many, key="k") == first
        return f"{'as never killed' if first[:2] == ('ok', 12_003) else first[:2]}, {outcome(case, len(first[2]))}"


def at_two_desks() -> str:
    with pushed() as case:
        case.program.start()
        desks = [Desk(case), Desk(case)]

        def push(number: int) -> bool:
            answer = until(lambda: desks[number % 2].push({"key": f"n{number}"}))
            return [key for _, key, _ in answer[2]] == [f"n{number}"]

        with ThreadPoolExecutor(4) as pool:
            own = all(pool.map(push, range(40)))
        until(lambda: case.program.ask("SELECT count(*) FROM deliveries WHERE state = 'pending'") == 0)
        return f"{'each its own change' if own else 'not its own change'}, {outcome(case, 40)}"


def twelve_times() -> str:
    with pushed() as case:
        desks = [Desk(case), Desk(case)]
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda number: desks[number % 2].push(*NEWS, key="k"), range(12)))
        same = sum(answer == TOLD for answer in answers)
        return f"{'1 answer' if same == 12 else answers}, {outcome(case, 2)}"


def too_large() -> str:
    with pushed() as case:
        desk, large = Desk(case), b" " * 60_000_000
        codes = [desk.post(content=content).status_code for content in (large, (large[:1_000_000] for _ in range(60)))]
        status = Path(f"/proc/{desk.running.pid}/status").read_text()
        memory = int(status.partition("VmHWM:")[2].split()[0]) // 1024
        return f"{codes[0]}, {codes[1]}, {'<' if memory < 300 else memory} 300 MB"
