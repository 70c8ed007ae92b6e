from __future__ import annotations

import asyncio
import socket
import threading
import time

import pytest

from sources.http.guard import Resolver, look_up_literal, look_up_name
from tests.at_once import AtOnce
from tests.sources.http.conftest import until


def test_a_label_that_is_too_long_is_a_name_that_does_not_exist() -> None:
    with pytest.raises(socket.gaierror, match="label") as caught:
        look_up_name("x" * 64 + ".example", 80)
    assert caught.value.errno == socket.EAI_NONAME


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.1", "127.0.0.1"), ("0x7f000001", "127.0.0.1"), ("::1", "::1"), ("register.example", None)],
)
def test_an_address_in_any_spelling_needs_no_name_server(host: str, address: str | None) -> None:
    assert look_up_literal(host, 80) == ([address] if address else [])


def test_a_slow_name_holds_up_no_other() -> None:
    released = threading.Event()

    def look_up(host: str, port: int) -> list[str]:
        return (host == "slow" and released.wait(5) and ["9.9.9.9"]) or ["1.1.1.1"]

    async def ask() -> list[list[str]]:
        resolver = Resolver(look_up, most=4)
        slow = [asyncio.ensure_future(resolver.resolve("slow", 80)) for _ in range(3)]
        quick = [await resolver.resolve(f"quick{number}", 80) for number in range(20)]
        assert not any(each.done() for each in slow)
        released.set()
        return quick + await asyncio.gather(*slow)

    assert asyncio.run(ask()) == [["1.1.1.1"]] * 20 + [["9.9.9.9"]] * 3


def test_at_most_so_many_look_ups_are_under_way() -> None:
    running = AtOnce()

    def look_up(host: str, port: int) -> list[str]:
        with running.counted():
            time.sleep(0.01)
        return [host]

    async def ask() -> list[list[str]]:
        resolver = Resolver(look_up, most=6)  # half of them for names of which nothing is known
        return await asyncio.gather(*(resolver.resolve(str(number), 80) for number in range(20)))

    assert asyncio.run(ask()) == [[str(number)] for number in range(20)]
    assert running.most == 3


def test_silent_zones_and_pages_wait_for_themselves_alone() -> None:
    released = threading.Event()

    def look_up(host: str, port: int) -> list[str]:
        return ["9.9.9.9"] if "silent" in host and released.wait(60) else ["1.1.1.1"]

    async def ask() -> None:
        resolver = Resolver(look_up)
        known = [f"register{number}.example" for number in range(50)]
        for host in known:
            assert await resolver.resolve(host, 80) == ["1.1.1.1"]
        silent = [resolver.resolve(f"h{at}.silent{at % 8}.example", 80) for at in range(800)]
        silent += [resolver.resolve(f"h{at}.silent.example{at}", 80, "page.example") for at in range(300)]
        waiting = [asyncio.ensure_future(each) for each in silent]
        await asyncio.sleep(0)
        assert await asyncio.gather(*(resolver.resolve(host, 80) for host in known)) == [["1.1.1.1"]] * 50
        assert not any(each.done() for each in waiting)
        released.set()
        assert await asyncio.gather(*waiting) == [["9.9.9.9"]] * 1100

    asyncio.run(asyncio.wait_for(ask(), 60))


def test_what_a_look_up_raises_is_raised_where_the_name_was_asked_for() -> None:
    def look_up(host: str, port: int) -> list[str]:
        if host == "bad.example":
            raise socket.gaierror(socket.EAI_AGAIN, "later")
        return [host]

    async def ask() -> list[str]:
        resolver = Resolver(look_up, most=1)
        for _ in range(3):
            with pytest.raises(socket.gaierror, match="later"):
                await resolver.resolve("bad.example", 80)
        return await resolver.resolve("good.example", 80)

    assert asyncio.run(ask()) == ["good.example"]


def test_a_caller_that_gave_up_disturbs_nobody() -> None:
    asked = list[str]()

    def look_up(host: str, port: int) -> list[str]:
        asked.append(host)
        time.sleep(0.1)
        return [host]

    async def ask() -> list[str]:
        resolver = Resolver(look_up, most=1)
        for host in ("first", "second"):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.03):
                    await resolver.resolve(host, 80)
        return await resolver.resolve("third", 80)

    assert asyncio.run(ask()) == ["third"]
    assert asked == ["first", "third"]  # who has given up before its turn is not asked for


def test_a_loop_that_has_ended_meanwhile_is_no_error() -> None:
    released, threads = threading.Event(), threading.active_count()
    ended: list[str] = []

    def look_up(host: str, port: int) -> list[str]:
        released.wait(60)
        ended.append(host)
        return ["9.9.9.9"]

    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                await Resolver(look_up).resolve("slow", 80)

    asyncio.run(give_up())
    assert not ended  # nobody waits for its thread
    released.set()
    until(lambda: threading.active_count() <= threads)  # which ends without an exception: pytest would tell
