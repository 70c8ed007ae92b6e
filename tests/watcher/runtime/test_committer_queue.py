"""Who waits while a large commit is written."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Generator
from typing import Any

import pytest

from watcher.runtime.committer import CommitQueue


class Held:
    """A store whose commit of the source `large` is held until it may end."""

    def __init__(self, *, in_turn: bool) -> None:
        self.in_turn, self.began, self.may_end = in_turn, threading.Event(), threading.Event()

    def prepare(self, name: str, decide: Any) -> None:
        """Nothing is made before."""

    def committing(self, name: str, decide: Any, prepared: Any = None) -> Generator[float, None, list[str]]:
        if name == "large":
            self.began.set()
            self.may_end.wait(60)
        yield from ()
        return [name]


@pytest.mark.parametrize("in_turn", [True, False])
def test_others_wait_for_a_large_commit_only_where_the_store_writes_in_turn(in_turn: bool) -> None:
    store: Any = Held(in_turn=in_turn)

    async def commit() -> bool:
        queue, decide = CommitQueue(store), lambda _: None
        large = asyncio.create_task(queue.in_steps("large", decide))
        await asyncio.to_thread(store.began.wait, 60)
        small = asyncio.create_task(queue.at_once("small", decide))
        for _ in range(5):
            await asyncio.sleep(0)
        waited = not small.done()
        store.may_end.set()
        written: list[Any] = [await large, await small]
        assert written == [["large"], ["small"]]
        return waited

    assert asyncio.run(commit()) is in_turn
