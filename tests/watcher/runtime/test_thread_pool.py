"""The worker threads for long work."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event

from watcher.runtime.thread_pool import Workers


def pool(work: Callable[[str], None]) -> Workers[str]:
    return Workers(4, work, lambda: None)


def test_a_short_step_is_done_before_anything_else_goes_on() -> None:
    workers, done = pool(lambda _: time.sleep(0.002)), 0
    for number in range(20):
        workers.put(f"step {number}")
        done += len(list(workers.finished()))
    workers.close()
    assert done > 15  # all, but for a thread that a busy machine kept waiting


def test_a_long_step_is_not_waited_for_and_neither_is_what_comes_beside_it() -> None:
    go_on = Event()
    workers = pool(lambda _: go_on.wait(10) and None)
    began = time.monotonic()
    for number in range(4):
        workers.put(f"step {number}")
    assert not list(workers.finished())
    assert time.monotonic() - began < 1
    go_on.set()
    workers.close()
    ended: set[str] = set()
    while len(ended) < 4 and time.monotonic() - began < 10:
        ended |= set(workers.finished())
    assert len(ended) == 4


def test_a_step_that_was_given_up_while_it_was_waited_for_is_told_to_nobody() -> None:
    workers = pool(lambda _: None)
    workers.put("step")
    workers.give_up("step")
    assert not list(workers.finished())
    workers.close()
