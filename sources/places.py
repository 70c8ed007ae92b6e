"""What many owners share: places, which are threads that resolve names, processes that read, or tabs of the browser;
and the room in memory for large bodies.

No owner has all of them, and some are kept for work that is known to be quick: so what takes long, of however many
owners, waits for its like, and all others do not wait for it. A place that is free goes to the owner that holds fewest,
among those to the work that took least, and then to the one that waits longest.

What a body brings takes many times its size until it is written. It waits for room in its temporary file, where it
takes none (`sources.formats.unpack.Spool`).
"""

import asyncio
import re
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import Future
from contextlib import asynccontextmanager, nullcontext
from contextvars import ContextVar
from typing import Any, NamedTuple

NEEDS_NO_ROOM = 1_000_000  # bytes of a check's bodies
MOST_ROOM = 50_000_000  # bytes: one page of the usual max_bytes; a larger one is alone
_PASSING = MOST_ROOM // 8  # bytes for which a check does not queue behind larger ones
_FADES = 0.9  # by how much the longest time of a work counts less, each time that it takes less


def owner_of(url: str) -> str:
    """The owner of a source: the host, with its port, of the address that is configured. Redirects lead to as many
    hosts as their author likes.
    """
    return re.split(r"[/?#]", url.partition("://")[2], maxsplit=1)[0].rpartition("@")[2].lower()


class SharedPlace(NamedTuple):
    """A place that is asked for: `turn` ends when it is given. `took` is how long this work took lately, in seconds; 0
    if that is unknown.
    """

    owner: str
    work: str
    took: float
    quick: bool
    turn: Future[float]

    async def given(self) -> None:
        """Wait for the turn."""
        if not self.turn.done():
            await asyncio.wait([asyncio.wrap_future(self.turn)])  # unlike to await it, does not cancel it


class SharedPlaces:
    """`most` places, of which an owner has `share` at most. All but `keep` are for work that takes longer than `quick`
    seconds, and unless `trusting` for work of which nothing is known yet. Used from any thread.
    """

    def __init__(self, most: int, *, share: int, keep: int, quick: float, trusting: bool = False) -> None:
        # With one place there is nothing to share.
        self._most, self._share, self._for_slow = most, max(1, share), max(1, most - keep)
        self._quick, self._trusting = quick, trusting
        self._took: OrderedDict[str, float] = OrderedDict()
        self._held, self._slow = Counter[str](), 0
        self._waiting: list[SharedPlace] = []
        self._lock = threading.Lock()

    def ask(self, owner: str, work: str) -> SharedPlace:
        """Ask for a place, which is held from the moment when its `turn` is done until `give_back`."""
        with self._lock:
            quick = self._took[work] <= self._quick if work in self._took else self._trusting
            place = SharedPlace(owner, work, self._took.get(work, 0.0), quick, Future())
            self._waiting.append(place)
            self._give()
        return place

    def give_back(self, place: SharedPlace, took: float | None = None) -> None:
        """Give a place back, or end the wait for it. The work took so many seconds, by default since its turn."""
        with self._lock:
            if place.turn.cancel():
                self._waiting.remove(place)
                return
            self._held = +(self._held - Counter([place.owner]))
            self._slow -= not place.quick
            took = time.monotonic() - place.turn.result() if took is None else took
            self._took[place.work] = max(took, _FADES * self._took.pop(place.work, 0.0))
            while len(self._took) > 10_000:  # works whose time is remembered
                self._took.popitem(last=False)
            self._give()

    @asynccontextmanager
    async def lent(self, owner: str) -> AsyncIterator[None]:
        """A place for a block of a coroutine, which is all the work of its owner."""
        place = self.ask(owner, owner)
        try:
            await place.given()
            yield
        finally:
            self.give_back(place)

    def _give(self) -> None:
        while self._held.total() < self._most and (may := [each for each in self._waiting if self._may_begin(each)]):
            place = min(may, key=lambda each: (self._held[each.owner], each.took))
            self._waiting.remove(place)
            self._held[place.owner] += 1
            self._slow += not place.quick
            place.turn.set_result(time.monotonic())

    def _may_begin(self, place: SharedPlace) -> bool:
        return self._held[place.owner] < self._share and (place.quick or self._slow < self._for_slow)


class BodyRoom:
    """The room for the bodies of all checks together: who has how many bytes of it."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}
        self._turn, self._left = asyncio.Lock(), asyncio.Event()

    async def take(self, owner: str, size: int) -> None:
        """Wait until there is room for all of an owner's bytes. It has them until `leave`.

        One that has some already gets the rest at once: of two, each might wait for the other.
        """
        at_once = size <= _PASSING or owner in self._taken
        async with nullcontext() if at_once else self._turn:
            while owner not in self._taken and self._taken and sum(self._taken.values()) + size > MOST_ROOM:
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


take_room: ContextVar[Callable[[int], Coroutine[Any, Any, None]]] = ContextVar("take_room", default=_no_wait)
"""Waits until there is room for all bytes of the check of this task."""
