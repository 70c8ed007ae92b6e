from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

Watch = Callable[..., Any]
Configure = Callable[..., Path]


class Hook(HTTPServer):
    """A web hook on loopback that keeps what it is sent, and answers with `status`."""

    def __init__(self) -> None:
        self.status, self.got = 200, list[dict[str, Any]]()
        super().__init__(("127.0.0.1", 0), HookHandler)


class HookHandler(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        self.server.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Hook() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


class NoSuchDesk(Controller):
    """A mail server on loopback that knows nobody."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        super().__init__(self, hostname="127.0.0.1", port=self._socket.getsockname()[1], ready_timeout=10)

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._socket)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        return "550 5.1.1 no such desk here"


@pytest.fixture
def mail_port() -> Iterator[int]:
    server = NoSuchDesk()
    server.start()
    yield server.port
    server.stop()


def test_a_test_alert_arrives_and_nothing_is_stored(
    watch: Watch, configure: Configure, hook: Hook, folder: Path
) -> None:
    configure(f'[channels.desk]\nurl = "json://127.0.0.1:{hook.server_port}/"\n')
    ran = watch("alert-test", "desk")
    assert (ran.code, ran.err) == (0, "")
    [sent] = hook.got
    assert ran.out.startswith(f'desk: sent: "{sent["title"]}"')
    assert "test" in sent["title"].lower()
    assert not (folder / "state.db").exists()


def test_a_server_that_refuses_is_a_failure_without_the_secret(
    watch: Watch, configure: Configure, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK_TOKEN", "t0k3n-of-the-hook")
    configure(f'[channels.desk]\nurl = "json://127.0.0.1:{hook.server_port}/${{HOOK_TOKEN}}"\n')
    hook.status = 503
    ran = watch("alert-test", "desk")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("desk: not sent: ")
    assert "503" in ran.err
    assert "t0k3n" not in ran.err


def test_what_a_mail_server_answered_is_told(watch: Watch, configure: Configure, mail_port: int) -> None:
    configure(f'[channels.desk]\nurl = "mailto://127.0.0.1:{mail_port}/desk@example.org?from=watch@example.org"\n')
    ran = watch("alert-test", "desk")
    assert ran.code == 1
    assert "550 5.1.1 no such desk here" in ran.err
    assert ran.err.count("\n") == 1


def test_a_channel_that_does_not_exist_is_a_usage_error(watch: Watch, configure: Configure) -> None:
    configure('[channels.desk]\nurl = "json://127.0.0.1:9/"\n')
    ran = watch("alert-test", "dsk")
    assert (ran.code, ran.out) == (2, "")
    assert 'there is no channel "dsk"' in ran.err
    assert 'did you mean "desk"?' in ran.err


def test_a_channel_that_apprise_does_not_take_is_a_bad_configuration(watch: Watch, configure: Configure) -> None:
    configure('[channels.desk]\nurl = "nosuchservice://x/"\n[channels.other]\nurl = "nosuchservice://y/"\n')
    ran = watch("alert-test", "desk")
    assert ran.code == 2
    assert ran.err.startswith("watch.toml:2: channels.desk.url: ")
    assert "other" not in ran.err
