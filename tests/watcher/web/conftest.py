"""A desk over a real state, asked in this process: no socket, no browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from bs4 import BeautifulSoup
from httpx import Response
from starlette.testclient import TestClient

from state.model import Event, EventKind, Mention
from state.store import Store
from tests.storing import add_event
from tests.watcher.web.provider import ADDRESS, LoopbackProvider, serving
from watcher.config.load import load
from watcher.web.desk import Desk
from watcher.web.search import EntryIndex, Follower
from watcher.web.server import create_app

NOW = datetime(2025, 7, 14, 12, 0, tzinfo=UTC)
TOKEN = "0123456789abcdef"
CONFIGURATION = """
[entities.sable]
names = ["Sable Capital"]
[sources.fca]
kind = "table"
url = "http://127.0.0.1:9/register"
key = "No"
"""


@pytest.fixture(autouse=True, scope="session")
def quick_clients() -> Iterator[None]:
    """No request starts a thread and an event loop of its own."""
    with start_blocking_portal() as portal, pytest.MonkeyPatch.context() as patch:
        patch.setattr(TestClient, "portal", portal)
        yield


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    file = tmp_path / "watch.toml"
    file.write_text(CONFIGURATION)
    config = load(file)
    with Store.open(config.state) as store:
        yield Desk(config, store, TOKEN, lambda: NOW)


@pytest.fixture
def nobody(desk: Desk) -> TestClient:
    """A browser that has not signed in."""
    return TestClient(create_app(desk), ADDRESS, follow_redirects=False, raise_server_exceptions=False)


@pytest.fixture
def browser(nobody: TestClient) -> TestClient:
    """A browser that has signed in with the token."""
    assert nobody.get(f"/sign-in?token={TOKEN}").status_code == 303
    return nobody


@pytest.fixture
def changed(desk: Desk) -> Callable[..., Event]:
    """Puts a change of one field into the log."""

    def add(
        title: str = "Sable Capital", *, hours: float = 1, before: str = "Active", after: str = "Revoked", **data: Any
    ) -> Event:
        at = NOW - timedelta(hours=hours)
        fields = {"Status": {"before": before, "after": after}}
        about = {"change": "changed", "key": title, "title": title, "url": "https://fca.test/1", "published": None}
        mentions = [Mention("sable", "Sable Capital", title, "title")] if "Sable" in title else []
        event = Event(
            EventKind.CHANGE,
            "fca",
            "FCA register",
            "record",
            at,
            at,
            about | {"fields": fields, "entry": {}} | data,
            mentions,
        )
        return add_event(desk.store, event, [], at)

    return add


@pytest.fixture
def clock() -> SimpleNamespace:
    """The time that a desk with a provider, and the provider, go by."""
    return SimpleNamespace(now=NOW)


@pytest.fixture
def provider(clock: SimpleNamespace) -> Iterator[LoopbackProvider]:
    with serving(LoopbackProvider(lambda: clock.now, ADDRESS)) as started:
        yield started


def csrf(page: str) -> str:
    """The token in a page's forms."""
    return page.partition('name="csrf" value="')[2].partition('"')[0]


@pytest.fixture
def looking(kept: Any, folder: Path) -> Iterator[Callable[[], TestClient]]:
    """Signs a browser in to a desk over what the checks of `kept` have stored, with a search index that is complete."""
    with ExitStack() as opened:

        def look() -> TestClient:
            config = load(folder / "watch.toml")
            store = opened.enter_context(Store.open(config.state))
            store.evidence.keep(config.evidence)
            desk = Desk(config, store, TOKEN)
            index = opened.enter_context(closing(EntryIndex(folder / "search.db")))
            desk.search = Follower(store, index)
            desk.search.catch_up()
            browser = TestClient(create_app(desk), ADDRESS, follow_redirects=False, raise_server_exceptions=False)
            browser.get(f"/sign-in?token={TOKEN}")
            return browser

        yield look


@pytest.fixture
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """No Chromium on this machine: pages are looked at without a picture."""
    monkeypatch.setattr("watcher.propose.site.can_start", lambda _: False)


def read(browser: TestClient, address: str) -> BeautifulSoup:
    """A page that is there."""
    answer = browser.get(address)
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "lxml")


def press(browser: TestClient, address: str, action: str, **values: str) -> Response:
    """Sends a form of a page, with what is filled in: the answer. The form has to be on the page."""
    form = read(browser, address).select_one(f'form[action="{action}"]')
    assert form is not None, f"no form for {action}"
    fields = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    checked = {name for name in fields if form.select(f'input[type=checkbox][name="{name}"]')}
    return browser.post(action, data={name: fields[name] for name in fields.keys() - checked} | values)
