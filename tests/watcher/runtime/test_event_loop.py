"""The measurement of the event loop's longest pause."""

from __future__ import annotations

import asyncio
import logging
import selectors
from collections.abc import Callable
from typing import Any

import pytest

from watcher.runtime import event_loop
from watcher.runtime.event_loop import Pauses


class Clock:
    """The time of one thread, which passes as a test says: its processor time, and the time in all."""

    def __init__(self) -> None:
        self.cpu = self.wall = 0.0

    def thread_time(self) -> float:
        return self.cpu

    def monotonic(self) -> float:
        return self.wall

    def compute(self, seconds: float) -> None:
        self.cpu += seconds
        self.wall += seconds

    def sleep(self, seconds: float) -> None:
        self.wall += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(event_loop, "time", made)
    return made


def paused(work: Callable[[], object]) -> Pauses:
    """What is measured when a coroutine does this without awaiting."""

    async def main(pauses: Pauses) -> Pauses:
        await asyncio.sleep(0)
        work()
        await asyncio.sleep(0)
        return pauses

    return event_loop.run(main)


def test_what_computes_without_awaiting_is_a_pause_of_its_processor_time(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    pauses = paused(lambda: clock.compute(0.2))
    assert (pauses.longest, pauses.longest_wall) == pytest.approx((0.2, 0.2))
    assert not caplog.messages


def test_what_sleeps_without_awaiting_is_a_pause_in_all_but_no_processor_time(clock: Clock) -> None:
    pauses = paused(lambda: clock.sleep(0.2))
    assert (pauses.longest, pauses.longest_wall) == pytest.approx((0, 0.2))


def test_what_is_awaited_is_no_pause(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    select = selectors.DefaultSelector.select

    def wait(self: selectors.DefaultSelector, timeout: float | None = None) -> Any:
        clock.compute(0.5)
        return select(self, 0)

    monkeypatch.setattr(selectors.DefaultSelector, "select", wait)
    pauses = paused(lambda: None)
    assert (pauses.longest, pauses.longest_wall) == (0, 0)
    assert clock.wall >= 1


def test_the_clock_of_an_event_loop_is_the_processor_time_of_its_thread(caplog: pytest.LogCaptureFixture) -> None:
    pauses = paused(lambda: sum(range(100_000)))
    assert 0 < pauses.longest <= pauses.longest_wall + 0.01


def test_the_longest_of_several_turns_counts_and_not_their_sum(clock: Clock) -> None:
    async def main(pauses: Pauses) -> Pauses:
        for seconds in (0.05, 0.1, 0.05):
            clock.compute(seconds)
            await asyncio.sleep(0)
        return pauses

    assert event_loop.run(main).longest == pytest.approx(0.1)


def test_a_long_pause_is_a_warning_told_once_and_again_when_one_is_longer(caplog: pytest.LogCaptureFixture) -> None:
    pauses = Pauses()
    for seconds in (0.4, 0.6, 0.55, 0.7):
        pauses.add(seconds, seconds + 1)
    assert [(each.levelname, each.message) for each in caplog.records] == [
        ("WARNING", "the event loop paused for 0.60 s of processor time (1.60 s in all)"),
        ("WARNING", "the event loop paused for 0.70 s of processor time (1.70 s in all)"),
    ]


def test_a_coroutine_that_computes_for_more_than_half_a_second_is_told_of(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    paused(lambda: clock.compute(0.55))
    [warning] = caplog.messages
    assert warning.startswith("the event loop paused for 0.5")


def test_a_wall_pause_alone_is_no_warning(caplog: pytest.LogCaptureFixture) -> None:
    Pauses().add(0.1, 30)
    assert not caplog.messages


def test_both_are_told_in_a_line(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "watcher.runtime.event_loop")
    pauses = paused(lambda: clock.compute(0.05))
    assert str(Pauses(0.0123, 1.5)) == "0.012 s of processor time, 1.500 s in all"
    assert caplog.messages == [f"the event loop's longest pause: {pauses}"]


def test_the_result_is_the_coroutine_s_and_so_is_its_error() -> None:
    async def fails(_: Pauses) -> None:
        raise KeyError("fault")

    async def succeeds(_: Pauses) -> int:
        return 7

    assert event_loop.run(succeeds) == 7
    with pytest.raises(KeyError, match="fault"):
        event_loop.run(fails)
