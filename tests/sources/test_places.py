"""Who gets a place next."""

from __future__ import annotations

import asyncio
from itertools import repeat

import pytest

from sources import places
from sources.places import SharedPlace, SharedPlaces, owner_of


class Clock:
    now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setattr(places, "time", clock := Clock())
    return clock


def asked(of: SharedPlaces, *owners: str) -> list[SharedPlace]:
    return [of.ask(owner, owner) for owner in owners]


def given(*waiting: SharedPlace) -> list[bool]:
    return [place.turn.done() for place in waiting]


def did(of: SharedPlaces, clock: Clock, owner: str, seconds: float) -> None:
    """A work of this owner that nobody keeps from beginning."""
    (place,) = asked(of, owner)
    clock.now += seconds
    of.give_back(place)


def test_no_owner_gets_more_than_its_share(clock: Clock) -> None:
    shared = SharedPlaces(4, share=3, keep=0, quick=1)
    own = asked(shared, *repeat("many", 6))
    assert given(*own) == [True] * 3 + [False] * 3
    assert given(*asked(shared, "other", "another")) == [True, False]


@pytest.mark.parametrize("trusting", [True, False])
def test_what_takes_long_leaves_some_to_what_is_quick(clock: Clock, trusting: bool) -> None:
    shared = SharedPlaces(4, share=3, keep=1, quick=1, trusting=trusting)
    did(shared, clock, "quick", 0.1)
    for slow in ("slow", "slower"):
        did(shared, clock, slow, 30)
    assert given(*asked(shared, "slow", "slow", "slower", "slower")) == [True, True, True, False]
    assert given(*asked(shared, "new")) == [trusting]
    assert given(*asked(shared, "quick")) == [not trusting]


def test_who_was_slow_once_is_not_quick_at_once(clock: Clock) -> None:
    shared = SharedPlaces(2, share=1, keep=1, quick=1)
    did(shared, clock, "changing", 30)
    for _ in range(3):
        did(shared, clock, "changing", 0.1)
    assert given(*asked(shared, "slow", "changing")) == [True, False]
    for place in asked(shared, *repeat("changing", 2)):
        shared.give_back(place)  # who gives up before its turn holds nothing


def test_the_next_is_who_holds_fewest_then_who_took_least_then_who_came_first(clock: Clock) -> None:
    shared = SharedPlaces(2, share=2, keep=0, quick=1)
    did(shared, clock, "large", 3)
    did(shared, clock, "huge", 30)
    first, _ = asked(shared, "many", "many")
    more, huge, new, large = asked(shared, "many", "huge", "new", "large")
    for place, told in ((first, [False, False, True, False]), (new, [False, False, True, True])):
        shared.give_back(place)
        assert given(more, huge, new, large) == told
    shared.give_back(large)
    assert given(more, huge) == [False, True]


def test_how_long_a_work_took_may_be_measured_otherwise(clock: Clock) -> None:
    shared = SharedPlaces(2, share=1, keep=1, quick=1)
    (place,) = asked(shared, "large")
    clock.now += 30
    shared.give_back(place, 0.1)
    assert given(*asked(shared, "unknown", "large")) == [True, True]


def test_with_one_place_there_is_nothing_to_share(clock: Clock) -> None:
    shared = SharedPlaces(1, share=0, keep=1, quick=1)
    first, second = asked(shared, "one", "one")
    assert given(first, second) == [True, False]
    shared.give_back(first)
    assert given(second) == [True]


def test_a_coroutine_that_is_cancelled_gives_its_place_or_its_turn_back() -> None:
    async def main() -> None:
        shared = SharedPlaces(1, share=1, keep=0, quick=1)

        async def hold() -> None:
            async with shared.lent("owner"):
                await asyncio.sleep(60)

        tasks = [asyncio.create_task(hold()) for _ in range(3)]
        await asyncio.sleep(0)
        for task in tasks[::-1]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        async with asyncio.timeout(10), shared.lent("another"):
            pass

    asyncio.run(main())


@pytest.mark.parametrize(
    "url",
    ["http://Register.example:81/list", "https://user:s@cret@register.example:81?page=1", "http://register.example:81"],
)
def test_an_owner_is_the_host_with_its_port(url: str) -> None:
    assert owner_of(url) == "register.example:81"
