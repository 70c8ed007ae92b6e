"""The measurement of the event loop's longest pause."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

import pytest

from watcher.runtime import event_loop
from watcher.runtime.event_loop import Pauses


def paused(work: Callable[[], object]) -> Pauses:
    """What is measured when a coroutine does this without awaiting."""

    async def main(pauses: Pauses) -> Pauses:
        await asyncio.sleep(0.01)
        work()
        await asyncio.sleep(0.01)
        return pauses

    return event_loop.run(main)


def compute(seconds: float) -> None:
    ends = time.thread_time() + seconds
    while time.thread_time() < ends:
        pass


def test_what_computes_without_awaiting_is_a_pause_of_its_processor_time(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    pauses = paused(lambda: compute(0.2))
    assert 0.2 <= pauses.longest < 0.3
    assert pauses.longest_wall >= pauses.longest - 0.01
    assert not caplog.messages


def test_what_sleeps_without_awaiting_is_a_pause_in_all_but_no_processor_time() -> None:
    pauses = paused(lambda: time.sleep(0.2))
    assert pauses.longest < 0.1
    assert 0.2 <= pauses.longest_wall < 1


def test_what_is_awaited_is_no_pause() -> None:
    async def main(pauses: Pauses) -> Pauses:
        await asyncio.sleep(0.5)
        await asyncio.to_thread(time.sleep, 0.5)
        return pauses

    pauses = event_loop.run(main)
    assert pauses.longest < 0.2
    assert pauses.longest_wall < 0.4


def test_the_longest_of_several_turns_counts_and_not_their_sum() -> None:
    async def main(pauses: Pauses) -> Pauses:
        for seconds in (0.05, 0.1, 0.05):
            compute(seconds)
            await asyncio.sleep(0)
        return pauses

    assert 0.1 <= event_loop.run(main).longest < 0.19


def test_a_long_pause_is_a_warning_told_once_and_again_when_one_is_longer(caplog: pytest.LogCaptureFixture) -> None:
    pauses = Pauses()
    for seconds in (0.4, 0.6, 0.55, 0.7):
        pauses.add(seconds, seconds + 1)
    assert [(each.levelname, each.message) for each in caplog.records] == [
        ("WARNING", "the event loop paused for 0.60 s of processor time (1.60 s in all)"),
        ("WARNING", "the event loop paused for 0.70 s of processor time (1.70 s in all)"),
    ]


def test_a_coroutine_that_computes_for_more_than_half_a_second_is_told_of(caplog: pytest.LogCaptureFixture) -> None:
    paused(lambda: compute(0.55))
    [warning] = caplog.messages
    assert warning.startswith("the event loop paused for 0.5")


def test_a_wall_pause_alone_is_no_warning(caplog: pytest.LogCaptureFixture) -> None:
    Pauses().add(0.1, 30)
    assert not caplog.messages


def test_both_are_told_in_a_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "watcher.runtime.event_loop")
    pauses = paused(lambda: compute(0.05))
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
