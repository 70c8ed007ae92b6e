"""The worker threads for long work."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event

import pytest

from watcher.runtime import offload
from watcher.runtime.offload import Workers


def pool(work: Callable[[str], None]) -> Workers[str]:
    return Workers(4, work, lambda: None)


def test_a_short_step_is_done_before_anything_else_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offload, "_MOMENT", 60)
    workers = pool(lambda _: time.sleep(0.002))
    for number in range(20):
        workers.put(f"step {number}")
        assert list(workers.take_finished()) == [f"step {number}"]
    workers.close()


def test_a_long_step_is_not_waited_for_and_neither_is_what_comes_beside_it() -> None:
    go_on = Event()
    workers = pool(lambda _: go_on.wait() and None)
    for number in range(4):
        workers.put(f"step {number}")
    assert not list(workers.take_finished())
    go_on.set()
    workers.close()
    ended: set[str] = set()
    while len(ended) < 4:
        ended |= set(workers.take_finished())
        time.sleep(0.001)


def test_a_step_that_was_given_up_while_it_was_waited_for_is_told_to_nobody() -> None:
    workers = pool(lambda _: None)
    workers.put("step")
    workers.give_up("step")
    assert not list(workers.take_finished())
    workers.close()
