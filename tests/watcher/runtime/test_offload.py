"""The worker threads for long work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from functools import partial
from threading import Event
from typing import Any

import pytest

from sources import ReaderTooSlow
from watcher.runtime import scheduler
from watcher.runtime.scheduler import Offload


def run(main: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(main, 60))


def test_a_short_step_is_done_before_anything_else_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "_MOMENT", 60)

    async def main() -> None:
        work, others = Offload(4, 60, lambda: None), list[int]()
        for number in range(20):
            asyncio.get_running_loop().call_soon(others.append, number)
            await work.run(lambda: time.sleep(0.002))
            assert not others
        work.close()

    run(main())


def test_a_long_step_is_not_waited_for_and_neither_is_what_comes_beside_it() -> None:
    async def main() -> None:
        go_on, work = Event(), Offload(4, 60, lambda: None)
        for owner in "ab":
            await work.run(lambda: None, owner)
        steps = [asyncio.create_task(work.run(go_on.wait, owner)) for owner in "aabb"]
        await asyncio.sleep(0)  # each begins
        assert not work.free
        assert not any(step.done() for step in steps)
        go_on.set()
        assert await asyncio.gather(*steps) == [True] * 4
        work.close()

    run(main())


def test_long_steps_of_one_owner_leave_threads_to_others() -> None:
    async def main() -> None:
        go_on, work = Event(), Offload(4, 60, lambda: None)
        steps = [asyncio.create_task(work.run(go_on.wait, "a")) for _ in range(9)]
        await asyncio.sleep(0)
        assert work.free
        assert await work.run(lambda: "another's", "b") == "another's"
        go_on.set()
        assert await asyncio.gather(*steps) == [True] * 9
        work.close()

    run(main())


def test_a_step_that_does_not_return_is_given_up_and_its_slot_goes_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "GRACE", 0.05)

    async def main() -> None:
        go_on, work = Event(), Offload(1, 0.0, lambda: None)
        with pytest.raises(ReaderTooSlow, match="does not stop"):
            await work.run(go_on.wait)
        assert await work.run(lambda: "next") == "next"
        assert not await work.run(partial(go_on.wait, 0.2), extra=60)  # it may take longer
        go_on.set()
        assert await work.run(lambda: "last") == "last"
        work.close()

    run(main())
