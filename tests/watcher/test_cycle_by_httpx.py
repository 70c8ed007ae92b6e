"""A whole check, from fetch to commit, over a fake httpx transport: nothing listens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import respx

from sources.http.session import Fetcher
from state.store import Store
from tests.sync_cycle import sync_cycle
from watcher.check.outcome import Result
from watcher.config.load import load
from watcher.cycle import Cycle

URL = "https://register.example/list"
SOURCES = f"""
[http]
spacing = "0s"
[sources.people]
kind = "json"
url = "{URL}"
items = "@"
key = "name"
[sources.licences]
kind = "table"
url = "{URL}"
key = "No"
"""


def checked(name: str, configured: Path, store: Store, transport: httpx.AsyncBaseTransport) -> Result:
    """What one check of a source came to."""

    def now() -> datetime:
        return datetime.now(UTC)

    config = load(configured)
    fetcher = Fetcher(config.http, clock=now, transport=transport)
    with sync_cycle(Cycle(config, store, fetcher, now), fetcher) as cycle:
        cycle.start(name)
        results = list[Result]()
        while len(cycle):
            results += cycle.step(0.1)
    (result,) = results
    return result


def test_a_check_goes_over_a_mock_transport_of_httpx(configure: Callable[..., Path], store: Store) -> None:
    configured, branches, asked = configure(SOURCES), iter(["A", "B"]), list[httpx.Request]()

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if len(asked) == 1:
            return httpx.Response(503)
        return httpx.Response(200, json=[{"name": "Telegram", "branch": next(branches)}])

    transport = httpx.MockTransport(answer)
    assert checked("people", configured, store, transport).status == "baseline"
    result = checked("people", configured, store, transport)
    assert (result.status, result.entries) == ("ok", 1)
    assert [event.data["fields"] for event in result.events] == [{"branch": {"before": "A", "after": "B"}}]
    assert [(request.method, str(request.url)) for request in asked] == [("GET", URL)] * 3


def test_a_check_goes_over_respx(configure: Callable[..., Path], store: Store) -> None:
    configured, router = configure(SOURCES), respx.MockRouter()
    page = "<table><tr><th>No<th>Name</tr><tr><td>1<td>Telegram</tr><tr><td>2<td>{}</tr></table>"
    route = router.get(URL)
    moved = httpx.Response(302, headers={"Location": "/list?page=1"})
    signal = httpx.Response(200, html=page.format("Signal"), headers={"ETag": '"1"'})
    viber = httpx.Response(200, html=page.format("Viber"), headers={"ETag": '"2"'})
    route.side_effect = [moved, signal, moved, httpx.Response(304), moved, viber]
    transport = httpx.MockTransport(router.async_handler)
    results = [checked("licences", configured, store, transport) for _ in range(3)]
    assert [(result.status, result.entries) for result in results] == [("baseline", 2), ("unchanged", 2), ("ok", 2)]
    assert [event.data["fields"] for event in results[2].events] == [{"Name": {"before": "Signal", "after": "Viber"}}]
    assert [call.request.headers.get("if-none-match") for call in route.calls] == [None, None, None, '"1"', None, '"1"']
