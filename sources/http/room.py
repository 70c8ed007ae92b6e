"""The room in memory for the large bodies of all checks together: what a body brings takes many times its size until
it is written. A body waits for room in its temporary file, where it takes none (`sources.formats.unpack.Spool`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from contextvars import ContextVar

SMALL = 1_000_000  # bytes of a check's bodies that need no room
MOST = 50_000_000  # bytes: one page of the usual max_bytes; a larger one is alone
_PASSING = MOST // 8  # bytes for which a check does not queue behind larger ones


class BodyRoom:
    """Who has how many bytes of it."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}
        self._turn, self._left = asyncio.Lock(), asyncio.Event()

    async def take(self, owner: str, size: int) -> None:
        """Wait until there is room for all of an owner's bytes. It has them until `leave`.

        One that has some already gets the rest at once: of two, each might wait for the other.
        """
        at_once = size <= _PASSING or owner in self._taken
        async with nullcontext() if at_once else self._turn:
            while owner not in self._taken and self._taken and sum(self._taken.values()) + size > MOST:
                self._left.clear()
                await self._left.wait()
            self._taken[owner] = size
        self._left.set()  # it may be less than before

    def leave(self, owner: str) -> None:
        """Give back all bytes of an owner, if it has any."""
        if self._taken.pop(owner, None) is not None:
            self._left.set()


async def _no_wait(_: int) -> None:
    """Outside of scheduled checks there is one page at a time."""


take_room: ContextVar[Callable[[int], Awaitable[None]]] = ContextVar("take_room", default=_no_wait)
"""Waits until there is room for all bytes of the check of this task."""
