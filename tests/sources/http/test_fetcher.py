"""What all sessions share: connections, options, the switch to a new fetcher."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from sources import Get, Source
from tests.conftest import LoopFetcher, fetch
from tests.sources.http.conftest import until


def test_closing_ends_idle_connections(site: Any, fetcher: LoopFetcher) -> None:
    site.page("/", "ok")
    fetch(fetcher, site.url())
    fetcher.close()
    until(lambda: not site._server.open)
    assert fetch(fetcher, site.url()).text == "ok"
    assert site.connections == 2


def test_one_that_is_retired_keeps_no_connections_and_lets_requests_come_to_their_end(
    site: Any, fetcher: LoopFetcher
) -> None:
    site.page("/", "ok")
    site.page("/slow", lambda asked: time.sleep(0.2) or "late, but whole")

    async def ask() -> list[str]:
        first = await fetcher.session(Source()).fetch(Get(site.url()))
        slow = asyncio.ensure_future(fetcher.session(Source()).fetch(Get(site.url("/slow"))))
        await asyncio.sleep(0.05)
        fetcher.retire()
        return [first.text, (await slow).text, (await fetcher.session(Source()).fetch(Get(site.url()))).text]

    assert fetcher.run(ask()) == ["ok", "late, but whole", "ok"]
    fetcher.run(asyncio.sleep(0.05))
    until(lambda: not site._server.open)


def test_one_that_is_retired_while_it_is_idle_closes_at_once(site: Any, fetcher: LoopFetcher) -> None:
    site.page("/", "ok")

    async def ask() -> None:
        await fetcher.session(Source()).fetch(Get(site.url()))
        fetcher.retire()
        await asyncio.sleep(0.05)

    fetcher.run(ask())
    until(lambda: not site._server.open)


def test_silent_hosts_do_not_hold_up_the_others(site: Any, fetcher: LoopFetcher, new_site: Callable[..., Any]) -> None:
    site.page("/", "ok")
    site.silent("/silent")

    async def checks() -> list[str]:
        places = asyncio.Semaphore(8)

        async def check(path: str) -> str:
            async with places:
                return (await fetcher.session(Source(timeout="60s")).fetch(Get(site.url(path)))).text

        silent = [asyncio.create_task(check("/silent")) for _ in range(4)]
        async with asyncio.timeout(30):
            answers = await asyncio.gather(*map(check, ["/"] * 40))
        assert not any(each.done() for each in silent)
        for each in silent:
            each.cancel()
        await asyncio.gather(*silent, return_exceptions=True)
        return answers

    assert fetcher.run(checks()) == ["ok"] * 40
    assert site.paths.count("/silent") == 4
