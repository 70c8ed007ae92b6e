"""What waits for people, killed at every point: approvals, acknowledgements, reminders, two processes, moved clocks.

The public gets nothing that nobody approved, and once what somebody did; the phone is told until somebody acknowledges.
"""

from __future__ import annotations

import json
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from tests.torture.databases import on_server
from tests.torture.desks import Register, register, tally
from tests.torture.processes import until
from tests.torture.rows import Fault

AT_ONCE = 4
ONCE, DAEMON, WORKER = ("--once",), (), ("worker",)
SENDING = ("before_commit", "after_commit", "holding", "before_send", "after_send", "after_mark")
ASKED = "unapproved 0, asked once, lost 0, twice 0"
REMINDED = "none before, reminded, none after"
PEOPLE = """
[web]
base_url = "http://127.0.0.1:8350"
[channels.public]
url = "{hook}/public"
approve = ["desk"]
{public}
[channels.phone]
url = "{hook}/phone"
[[alerts]]
to = ["public"]
[[alerts]]
to = ["ops"]
escalate = {{ after = "10m", to = ["phone"] }}
"""


def faults() -> Iterator[Fault]:
    for point in SENDING:
        for argv, how in ((ONCE, "--once"), (DAEMON, "daemon")):
            what = f"SIGKILL {point.replace('_', ' ')}, then approved, {how}"
            yield Fault(what, ASKED, partial(killed_before, point, argv))
    for point in ("deciding", "decided"):
        yield Fault(f"SIGKILL {point} to approve", ASKED, partial(killed_deciding, point))
    for point in ("before_send", "after_send", "after_mark"):
        twice = "1 with the same id" if point == "after_send" else "0"
        yield Fault(
            f"approved, then SIGKILL {point.replace('_', ' ')}", f"lost 0, twice {twice}", partial(killed_after, point)
        )
    yield Fault("rejected, then 10 runs", "nothing sent, dead", rejected)
    yield Fault("approved and rejected at once, 6 processes", "decided once, as it was sent", at_once)
    yield Fault("approved while two daemons, or workers, run", "lost 0, twice 0", two_daemons)
    yield Fault("nobody answers, drop", "0 before, 0 after, dead", partial(nobody, "1h drop"))
    yield Fault("nobody answers, send", "0 before, 1 after, sent", partial(nobody, "1h send"))
    yield Fault(
        "nobody answers, send, clock back by a year", "0 before, 0 after, pending", partial(nobody, "1h send", -365)
    )
    yield Fault("HUP to a configuration without approve", "nothing sent before an answer, then once", reloaded)
    for point in ("reminding", "reminded", "before_send", "after_mark"):
        yield Fault(f"SIGKILL {point.replace('_', ' ')} of a reminder", REMINDED, partial(killed_reminding, point))
    for point in ("acknowledging", "acknowledged"):
        yield Fault(f"SIGKILL {point} a change", REMINDED, partial(killed_acknowledging, point))
    yield Fault("reminders, two daemons, or workers, for half an hour", "3 reminders, no id twice", reminded_by_two)
    yield Fault("reminders, clock back by a year", "reminded all the same", reminded_after_clock)
    yield Fault("snoozed, killed, started again", "0 before the end, once after", snoozed)


@contextmanager
def people(public: str = "") -> Iterator[Register]:
    """A register with a public channel that the desk approves, after its first snapshot."""
    with register() as case:
        hook = case.site.url("").replace("http", "json")
        for path in ("/public", "/phone"):
            case.site.page(path)
        case.configure(more=PEOPLE.format(hook=hook, public=public))
        assert case.program.once().code == 0
        yield case


def start_two(case: Register) -> None:
    """Two workers; of daemons on one file there is never more than one."""
    if on_server():
        case.program.start(*WORKER)
        case.program.start(*WORKER)
    else:
        case.program.start_two()


def public(case: Register) -> int:
    return len(case.told("/public"))


def waiting(case: Register) -> list[int]:
    """The deliveries that have to be approved."""
    shown = json.loads(case.program.run("deliveries", "--json").out)["deliveries"]
    return [each["id"] for each in shown if each["state"] == "unapproved"]


def answer(case: Register, what: str = "approve", failpoint: str = "") -> int:
    return case.program.run("deliveries", what, *map(str, waiting(case)[:1]), failpoint=failpoint).code


def outcome(case: Register) -> str:
    """What the public got, of one change that was approved."""
    for _ in range(2):
        assert case.program.once().code == 0
    assert case.program.sound()
    return tally(case.told("/public"), 1)


def questions(case: Register) -> str:
    """How often the desk was asked; one that was killed after it was sent comes again, with the same id."""
    asked = {told.key for told in case.told() if told.title.startswith("To approve")}
    return "asked once" if len(asked) == 1 else f"asked {len(asked)} times"


def killed_before(point: str, argv: tuple[str, ...]) -> str:
    with people() as case:
        case.show("B")
        assert case.program.run(*argv, failpoint=f"{point}:KILL").code == -signal.SIGKILL
        for _ in range(2):
            assert case.program.once().code == 0
        before = public(case)
        assert answer(case) == 0
        return f"unapproved {before}, {questions(case)}, {outcome(case)}"


def killed_deciding(point: str) -> str:
    with people() as case:
        case.show("B")
        case.program.once()
        before = public(case)
        assert answer(case, failpoint=f"{point}:KILL") == -signal.SIGKILL
        if waiting(case):
            assert answer(case) == 0
        return f"unapproved {before}, {questions(case)}, {outcome(case)}"


def killed_after(point: str) -> str:
    with people() as case:
        case.show("B")
        case.program.once()
        assert answer(case) == 0
        assert case.program.once(failpoint=f"{point}:KILL").code == -signal.SIGKILL
        return outcome(case)


def rejected() -> str:
    with people() as case:
        case.show("B")
        case.program.once()
        assert answer(case, "reject") == 0
        for _ in range(10):
            case.program.shift(timedelta(hours=1))
            case.program.once()
        state = case.program.ask("SELECT state FROM deliveries WHERE channel = 'public'")
        return f"{'nothing' if not public(case) else public(case)} sent, {state}"


def at_once() -> str:
    with people() as case:
        case.show("B")
        case.program.once()
        number = str(waiting(case)[0])
        answers = ["approve", "reject"] * 3
        running = [case.program.start("deliveries", each, number) for each in answers]
        codes = [process.wait().code for process in running]
        state = case.program.ask("SELECT state FROM approvals")
        case.program.once()
        case.program.once()
        fit = sorted(codes) == [0, 2, 2, 2, 2, 2] and public(case) == (state == "approved")
        done = answers[codes.index(0)] if 0 in codes else ""
        return (
            "decided once, as it was sent" if fit and state.startswith(done[:6]) else f"{codes} {state} {public(case)}"
        )


def two_daemons() -> str:
    with people() as case:
        case.show("B")
        start_two(case)
        until(lambda: bool(waiting(case)))
        assert public(case) == 0
        assert answer(case) == 0
        until(lambda: public(case) > 0)
        case.program.shift(timedelta(minutes=1))
        return outcome(case)


def nobody(deadline: str, days: int = 0) -> str:
    with people(f'approve_within = "{deadline}"') as case:
        case.show("B")
        case.program.once()
        case.program.shift(timedelta(minutes=50))
        case.program.once()
        before = public(case)
        case.program.shift(timedelta(days=days) if days else timedelta(minutes=70))
        case.program.once()
        state = case.program.ask("SELECT state FROM deliveries WHERE channel = 'public'")
        return f"{before} before, {public(case)} after, {state}"


def reloaded() -> str:
    with people() as case:
        case.show("B")
        case.program.once()
        case.configure(more=case.texts["more"].replace('approve = ["desk"]', ""))
        for _ in range(2):
            case.program.once()
        before = public(case)
        assert answer(case) == 0
        case.program.once()
        fit = (before, public(case)) == (0, 1)
        return "nothing sent before an answer, then once" if fit else f"{before} {public(case)}"


def phone(case: Register) -> int:
    return len({told.key for told in case.told("/phone")})


def change(case: Register) -> str:
    return str(case.program.ask("SELECT max(id) FROM events WHERE kind = 'change'"))


def reminders(case: Register, before: int) -> str:
    """What the phone was told since, and after the change was acknowledged."""
    case.program.shift(timedelta(minutes=23))
    case.program.once()
    told = phone(case)
    case.program.run("ack", change(case))
    for minutes in (40, 60, 80):
        case.program.shift(timedelta(minutes=minutes))
        case.program.once()
    first = "none before" if not before else f"{before} before"
    after = phone(case) - told
    return f"{first}, {'reminded' if told > before else 'not reminded'}, {f'{after} after' if after else 'none after'}"


def killed_reminding(point: str) -> str:
    with people() as case:
        case.show("B")
        case.program.once()
        before = phone(case)
        case.program.shift(timedelta(minutes=11))
        assert case.program.once(failpoint=f"{point}:KILL").code == -signal.SIGKILL
        case.program.once()
        assert phone(case) == 1, f"the phone was told {phone(case)} times"
        return reminders(case, before)


def killed_acknowledging(point: str) -> str:
    with people() as case:
        case.show("B")
        case.program.once()
        before = phone(case)
        case.program.shift(timedelta(minutes=11))
        case.program.once()
        assert case.program.run("ack", change(case), failpoint=f"{point}:KILL").code == -signal.SIGKILL
        told = phone(case)
        case.program.run("ack", change(case))
        for minutes in (23, 60):
            case.program.shift(timedelta(minutes=minutes))
            case.program.once()
        after = phone(case) - told
        return f"none before, {'reminded' if told > before else 'not reminded'}, {f'{after} after' if after else 'none after'}"


def reminded_by_two() -> str:
    with people() as case:
        case.show("B")
        start_two(case)
        until(lambda: len(case.told("/ops")) > 0)
        for minutes in (11, 22, 33):
            expected = phone(case) + 1
            case.program.shift(timedelta(minutes=minutes))
            until(lambda expected=expected: phone(case) >= expected)
        keys = [told.key for told in case.told("/phone")]
        twice = len(keys) - len(set(keys))
        return f"{len(set(keys))} reminders, {'no id twice' if not twice else f'{twice} twice'}"


def reminded_after_clock() -> str:
    with people() as case:
        case.program.shift(timedelta(days=365))
        case.show("B")
        case.program.once()
        case.program.shift(timedelta())
        case.program.once()
        case.program.shift(timedelta(minutes=11))
        case.program.once()
        return "reminded all the same" if phone(case) else "not reminded"


def snoozed() -> str:
    with people() as case:
        assert case.program.run("snooze", "list", "2h").code == 0
        case.show("B")
        case.program.once(failpoint="after_commit:KILL")
        case.program.once()
        before = len(case.told("/ops"))
        case.program.shift(timedelta(hours=2, minutes=1))
        case.program.once()
        after = Counter(told.key for told in case.told("/ops"))
        fit = before == 0 and list(after.values()) == [1]
        return "0 before the end, once after" if fit else f"{before} {after}"
