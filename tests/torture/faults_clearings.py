"""What was cleared, killed at every step: cleared or not, the record whole, and the alert after its end sent once.

Of each clearing, of each end by hand, and of each check that ends one: after a kill the same can be done again.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from state.model import Clearing
from state.store import Store
from tests.torture.desks import CONFIGURATION, Register, opened
from tests.torture.processes import until
from tests.torture.rows import Fault

AT_ONCE = 3
PAIR = ("telegram", "list", "Telegram")
CLEAR, END = ("clear", *PAIR, "--why", "another one"), ("clear", "--end", *PAIR)
ENTITY = '[entities.telegram]\nnames = ["Telegram"]\n'
CLEARING = {"clearing_row": "not cleared", "clearing": "not cleared", "pair_cleared": "cleared"}
ENDING = {"clearing_end_row": "cleared", "clearing_end": "cleared", "clearing_ended": "not cleared"}
CHECKING = ("after_read", "clearings_written", "before_commit", "after_commit")
SENDING = ("before_send", "after_send", "after_mark")


def faults() -> Iterator[Fault]:
    for point, which in CLEARING.items():
        expected = f"{which}, record whole; again: cleared, record whole, told 0"
        yield Fault(f"SIGKILL {_words(point)}", expected, partial(killed_clearing, point))
    for point, which in ENDING.items():
        expected = f"{which}, record whole; again: not cleared, record whole, told 1"
        yield Fault(f"SIGKILL {_words(point)}", expected, partial(killed_ending, point))
    for argv, how in ((("--once",), "--once"), ((), "daemon")):
        for point in (*CHECKING, *SENDING):
            twice = "1 with the same id" if point == "after_send" else "0"
            expected = f"lost 0, twice {twice}, ended once, record whole"
            name = f"SIGKILL {_words(point)} of the check that ends it, {how}"
            yield Fault(name, expected, partial(killed_check, point, argv))
        for point in ("before_commit", "after_commit"):
            name = f"SIGKILL {_words(point)} of a check that leaves it, {how}"
            yield Fault(name, "told 0, cleared, record whole", partial(killed_quiet_check, point, argv))
    yield Fault("8 who clear the same at once", "1 holds of 8, record whole, told 0", at_once)
    yield Fault("cleared and ended beside a daemon", "alive, told 1, ended once, record whole", beside)


def _words(point: str) -> str:
    return point.replace("_", " ")


class Watched(Register):
    """A register of which only what mentions a watched entity is told."""

    configuration = CONFIGURATION.replace(
        '[[alerts]]\nto = ["desk"]', f'{ENTITY}[[alerts]]\nentities = ["telegram"]\nto = ["desk"]'
    )


@contextmanager
def watched(*, cleared: bool = True) -> Iterator[Watched]:
    """A register after its first snapshot, with an entry that was cleared."""
    with opened(Watched) as case:
        assert case.program.once().code == 0
        if cleared:
            assert case.program.run(*CLEAR).code == 0
        yield case


def stand(case: Register) -> str:
    """Whether the pair is cleared, and whether the record of actions has each decision once."""
    with Store.open(case.place.url) as store:
        found, broken = store.clearings.all(), store.desk.find_broken_link()
        actions = [each.what for each in store.desk.actions(100)]
        holds = [each for each in found if each.ended is None]
        told = len(found) + sum(each.why_ended not in {None, "cleared again"} for each in found)
    whole = broken is None and len(actions) == told and len(holds) < 2
    return f"{'cleared' if holds else 'not cleared'}, {'record whole' if whole else f'{broken}, {actions}'}"


def change(case: Register, branch: str, **more: str) -> None:
    """Have the register say something else, and be read."""
    case.show(branch, **more)
    for _ in range(2):
        assert case.program.once().code == 0


def changes(case: Register) -> int:
    return sum(each.is_change for each in case.told())


def killed(case: Register, *argv: str, point: str) -> None:
    assert case.program.run(*argv, failpoint=f"{point}:KILL").code == -signal.SIGKILL, "it was not killed"


def killed_clearing(point: str) -> str:
    with watched(cleared=False) as case:
        killed(case, *CLEAR, point=point)
        after = stand(case)
        assert case.program.run(*CLEAR).code == 0
        change(case, "B")
        return f"{after}; again: {stand(case)}, told {changes(case)}"


def killed_ending(point: str) -> str:
    with watched() as case:
        killed(case, *END, point=point)
        after = stand(case)
        assert case.program.run(*END).code == (0 if ENDING[point] == "cleared" else 2)
        change(case, "B")
        return f"{after}; again: {stand(case)}, told {changes(case)}"


def show_other(case: Register, branch: str = "A", country: str = "AE") -> None:
    """Have the entry say another country, which identifies it."""
    case.site.page("/list", [{"name": "Telegram", "branch": branch, "country": country}])


def ended(case: Register) -> str:
    with Store.open(case.place.url) as store:
        (found,) = store.clearings.all()
    return "ended once" if found.ended and found.why_ended == "country changed" else f"{found}"


def killed_check(point: str, argv: tuple[str, ...]) -> str:
    with watched() as case:
        show_other(case)
        killed(case, *argv, point=point)
        for _ in range(2):
            assert case.program.once().code == 0
        assert case.program.sound()
        said = [each.body for each in case.site.requests if each.path == "/hook"]
        assert all(b"had been cleared for telegram" in body for body in said[1:]), said
        return f"{case.count(1)}, {ended(case)}, {stand(case).partition(', ')[2]}"


def killed_quiet_check(point: str, argv: tuple[str, ...]) -> str:
    with watched() as case:
        case.show("B")
        killed(case, *argv, point=point)
        change(case, "C")
        return f"told {changes(case)}, {stand(case)}"


def at_once() -> str:
    with watched(cleared=False) as case:
        with ThreadPoolExecutor(8) as pool:
            assert [ran.code for ran in pool.map(lambda _: case.program.run(*CLEAR), range(8))] == [0] * 8
        with Store.open(case.place.url) as store:
            found: list[Clearing] = store.clearings.all()
        change(case, "B")
        record = stand(case).partition(", ")[2]
        return f"{sum(each.ended is None for each in found)} holds of {len(found)}, {record}, told {changes(case)}"


def beside() -> str:
    with watched(cleared=False) as case:
        daemon = case.program.start()
        until(lambda: case.site.paths.count("/list") > 2)
        assert case.program.run(*CLEAR).code == 0
        case.show("B")
        asked = case.site.paths.count("/list")
        until(lambda: case.site.paths.count("/list") > asked + 3)
        show_other(case, "B")
        until(case.told)
        alive = "alive" if daemon.alive else "dead"
        return f"{alive}, told {changes(case)}, {ended(case)}, {stand(case).partition(', ')[2]}"
