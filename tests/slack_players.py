"""Slack as its documentation has it, on loopback: methods of the Web API, and Socket Mode.

https://docs.slack.dev/reference/methods, https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from queue import Queue
from typing import Any

from aiohttp import WSMsgType, web

BOT, APP = "xoxb-1234567890-1234567890-4Ddi4oYdZkkzaNrkqFqFkMR0", "xapp-1-A0123-4567-0123456789abcdef"


class SlackPlayer:
    """A workspace: what was posted to it, and what it was acknowledged."""

    def __init__(self) -> None:
        self.posted: dict[str, dict[str, Any]] = {}  # by the time stamp that is a message's name
        self.whispered = Queue[dict[str, Any]]()  # messages that one person sees
        self.calls: list[tuple[str, str, dict[str, Any]]] = []  # method, Authorization, fields
        self.acknowledged = Queue[str]()
        self.refuse: dict[str, str] = {}  # what a method answers in place of doing it
        self.link = ""  # where a connection is to be opened, if it is another address
        self.silent = False  # whether it takes requests and answers none
        self.connected = threading.Event()
        self._numbers, self._sockets = itertools.count(1), list[web.WebSocketResponse]()
        self._loop, self._closing = asyncio.new_event_loop(), asyncio.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}/api"

    def text(self, ts: str) -> str:
        """What a message shows."""
        return json.dumps(self.posted[ts]["blocks"], ensure_ascii=False)

    def buttons(self, ts: str) -> dict[str, str]:
        """The buttons of a message: what stands on each, and its name."""
        rows = [block["elements"] for block in self.posted[ts]["blocks"] if block["type"] == "actions"]
        return {key["text"]["text"]: key["action_id"] for row in rows for key in row}

    def press(self, action: str, *, user: str = "U1", chat: str = "C0123", ts: str = "1.0", at: str = "7.1") -> None:
        """Somebody presses a button; with the same `at`, Slack tells of the press again."""
        payload = {
            "type": "block_actions",
            "user": {"id": user, "name": user.lower()},
            "channel": {"id": chat},
            "container": {"channel_id": chat, "message_ts": ts},
            "actions": [{"type": "button", "action_id": action, "action_ts": at}],
        }
        self.tell({"type": "interactive", "envelope_id": f"e{next(self._numbers)}", "payload": payload})

    def tell(self, envelope: object) -> None:
        """Send it over the newest connection."""
        asyncio.run_coroutine_threadsafe(self._sockets[-1].send_json(envelope), self._loop).result(10)

    def hang_up(self) -> None:
        """Close the newest connection."""
        self.connected.clear()
        asyncio.run_coroutine_threadsafe(self._sockets[-1].close(), self._loop).result(10)

    async def _method(self, request: web.Request) -> web.Response:
        name, is_json = request.match_info["method"], request.content_type == "application/json"
        fields = await request.json() if is_json else dict(await request.post())
        self.calls.append((name, request.headers.get("Authorization", ""), fields))
        if self.silent:
            await self._closing.wait()
        if error := self.refuse.get(name):
            return web.json_response({"ok": False, "error": error})
        return web.json_response({"ok": True, **self._do(name, fields)})

    def _do(self, name: str, fields: dict[str, Any]) -> Mapping[str, Any]:
        if name == "chat.postMessage":
            ts = f"{next(self._numbers)}.0"
            self.posted[ts] = fields
            return {"channel": fields["channel"], "ts": ts, "message": fields}
        if name == "chat.update":
            self.posted[fields["ts"]] |= fields
        if name == "chat.postEphemeral":
            self.whispered.put(fields)
        return {"url": self.link or f"ws://127.0.0.1:{self._port}/link/?ticket=secret-ticket"}

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self.connected.set()
        async for frame in socket:
            if frame.type is WSMsgType.TEXT:
                self.acknowledged.put(frame.json()["envelope_id"])
        return socket

    async def _open(self) -> web.AppRunner:
        application = web.Application(client_max_size=8_000_000)
        application.router.add_post("/api/{method}", self._method)
        application.router.add_get("/link/", self._link)
        runner = web.AppRunner(application, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._port = runner.addresses[0][1]
        return runner

    @contextmanager
    def running(self) -> Iterator[SlackPlayer]:
        """Serves, in a thread."""
        thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        thread.start()
        runner = asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(10)
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(self._closing.set)
            asyncio.run_coroutine_threadsafe(runner.cleanup(), self._loop).result(10)
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join(10)
            self._loop.close()
