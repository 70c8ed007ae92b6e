"""What a visitor and the log see of an unexpected fault, through the real server."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from tests.torture.processes import until
from tests.watcher.web.conftest import TOKEN
from watcher.terminal import console
from watcher.terminal.console import LineFormatter
from watcher.web.desk import Desk
from watcher.web.errors import Faults
from watcher.web.server import _settings, hide_token

BEARER = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def address(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A desk that is served, and whose log cannot be read; its token is hidden in what is logged."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(f"cannot be read with {TOKEN}")

    monkeypatch.setattr(desk.store.browse, "changes", broken)
    hide_token(TOKEN)
    server = uvicorn.Server(_settings(desk, "127.0.0.1:0"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()
    console.begin()


@pytest.mark.parametrize("path", ["/changes", "/api/v1/changes"])
def test_a_fault_is_logged_once_without_a_secret_or_a_query(
    address: str, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = httpx.get(f"{address}{path}", params={"title": "private", "cursor": "", "key": TOKEN}, headers=BEARER)
    assert (answer.status_code, "an unexpected fault" in answer.text) == (500, True)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    until(lambda: caplog.records)
    [line] = [LineFormatter(journal=False).format(record) for record in caplog.records if record.levelno >= 30]
    assert f"GET {path}: unexpected RuntimeError" in line
    assert "Traceback" in line
    assert not any(word in line + answer.text for word in ("private", TOKEN))


def test_what_happens_in_the_middle_of_an_answer_is_left_to_the_server(caplog: pytest.LogCaptureFixture) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("in the middle")

    with caplog.at_level(logging.DEBUG, "watcher"), pytest.raises(RuntimeError, match="in the middle"):
        TestClient(Faults(app)).get("/")
    assert not caplog.records


def test_what_is_wrong_is_said_in_words_and_not_in_those_of_python(browser: TestClient) -> None:
    missing = browser.post("/api/v1/match", headers=BEARER)
    assert missing.json() == {"error": "body: Field required"}
    kind = browser.get("/api/v1/changes?change=new").json()["error"]
    assert kind.startswith("change: Input should be '', 'added', 'changed'")
    assert "there is no such page" in browser.get("/nowhere").text
