"""The room in memory for large bodies."""

import asyncio
from collections.abc import Awaitable, Callable

from sources.places import MOST_ROOM, NEEDS_NO_ROOM, BodyRoom


def run(act: Callable[[BodyRoom, list[str]], Awaitable[None]]) -> list[str]:
    """The owners in the order in which they got room."""
    got: list[str] = []

    async def main() -> None:
        await act(BodyRoom(), got)

    asyncio.run(main())
    return got


async def take(room: BodyRoom, got: list[str], owner: str, size: int) -> None:
    await room.take(owner, size)
    got.append(owner)


async def turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def test_a_large_one_waits_until_another_has_left_and_a_small_one_passes() -> None:
    async def act(room: BodyRoom, got: list[str]) -> None:
        await take(room, got, "a", MOST_ROOM - 2 * NEEDS_NO_ROOM)
        waiting = [asyncio.create_task(take(room, got, owner, MOST_ROOM)) for owner in "bc"]
        await turns()
        await take(room, got, "small", NEEDS_NO_ROOM)
        assert got == ["a", "small"]
        room.leave("a")
        await turns()
        assert got == ["a", "small"]
        room.leave("small")
        await turns()
        assert got == ["a", "small", "b"]
        room.leave("b")
        await asyncio.gather(*waiting)

    assert run(act) == ["a", "small", "b", "c"]


def test_one_larger_than_all_the_room_gets_it_alone() -> None:
    async def act(room: BodyRoom, got: list[str]) -> None:
        await take(room, got, "a", 3 * MOST_ROOM)

    assert run(act) == ["a"]


def test_one_that_has_some_gets_more_at_once_and_gives_back_what_it_needs_no_longer() -> None:
    async def act(room: BodyRoom, got: list[str]) -> None:
        await take(room, got, "a", MOST_ROOM // 2)
        waiting = asyncio.create_task(take(room, got, "b", MOST_ROOM))
        await turns()
        await take(room, got, "a", MOST_ROOM)
        await take(room, got, "a", NEEDS_NO_ROOM)
        other = asyncio.create_task(take(room, got, "c", MOST_ROOM // 8))
        await asyncio.wait_for(other, 1)
        room.leave("a")
        room.leave("c")
        await waiting

    assert run(act) == ["a", "a", "a", "c", "b"]


def test_one_that_gives_up_waiting_keeps_no_other_one_waiting() -> None:
    async def act(room: BodyRoom, got: list[str]) -> None:
        await take(room, got, "a", MOST_ROOM)
        first = asyncio.create_task(take(room, got, "b", MOST_ROOM))
        second = asyncio.create_task(take(room, got, "c", MOST_ROOM))
        await turns()
        first.cancel()
        room.leave("a")
        room.leave("nobody")
        await second

    assert run(act) == ["a", "c"]
