"""START HERE: the desk as an application, with its middleware, errors, and the routes of each page; and the server's
life: listen, say where, serve until INT or TERM. HUP reads the configuration again.
"""

import asyncio
import gc
import logging
import secrets
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from socket import socket
from typing import Any

import h11
import uvicorn
from fastapi import FastAPI, Request
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from alerts.language import speaking
from alerts.templating import render
from sources.secrets import Secrets
from state.errors import StateError
from state.store import Store
from watcher.config.load import load
from watcher.config.open_state import LOOK, DeskEdits, is_unused
from watcher.config.settings import UNIX, host_and_port
from watcher.errors import ConfigError, UsageError
from watcher.service.systemd import notify, reloading, status
from watcher.terminal.console import hide, is_journal
from watcher.web import errors, feeds, monitoring
from watcher.web.boundary import FOR_PROGRAMS, Boundary
from watcher.web.desk import Desk, now
from watcher.web.pages import API, CLOSED, OPEN
from watcher.web.search import EntryIndex, Follower, index_file
from watcher.web.viewers import language_of

_log = logging.getLogger(__name__)

LAST_ANSWERS = 5  # seconds that requests under way get to end
MOST_CONNECTIONS = 400  # at once: fewer than the files that a process may have open
ARRIVES_WITHIN = 20.0  # seconds for a request with its body
_ACCEPTED = 100  # connections that asyncio accepts before it looks at any of them
_COMPLAIN_EVERY = 60.0  # seconds between two lines about connections that cannot be accepted
STATIC = Path(__file__).with_name("static")
# A worker is for the pages below its address; what can be installed is described beside them. Both by media type.
AT_THE_TOP = {"worker.js": "text/javascript", "manifest.webmanifest": "application/manifest+json"}


def create_app(desk: Desk) -> FastAPI:
    """The application over one state."""
    app = FastAPI(title="Registry Watch", openapi_url="/api/openapi.json", docs_url=None, redoc_url=None)
    app.state.desk = desk
    errors.install(app)
    app.add_middleware(InTheirLanguage, desk=desk)  # around all that makes a page, also that of a fault
    app.add_middleware(
        Boundary, options=desk.config.web, sources=lambda: desk.config.sources
    )  # outermost: all answers have its headers
    app.add_api_route("/static/look.css", look, include_in_schema=False)
    for name, kind in AT_THE_TOP.items():
        app.add_route(f"/{name}", partial(_file, name, kind))
    app.mount("/static", StaticFiles(directory=STATIC), "static")
    # each route is asked in turn whether an address is its own: first those that programs ask all the time
    before = [feeds.router, monitoring.health, feeds.hooks, *(page.router for page in OPEN), monitoring.metrics]
    for router in (*before, *(page.router for page in CLOSED), *(page.api for page in API)):
        app.router.routes += router.routes  # include_router would make each of them anew
    return app


class InTheirLanguage:
    """Answers who asks for a page in his language, and programs in English. Threads get the context with it."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self._app, self._desk = app, desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        is_page = scope["type"] == "http" and not scope["path"].startswith(FOR_PROGRAMS)
        with speaking(language_of(Request(scope), self._desk) if is_page else "en"):
            await self._app(scope, receive, send)


def look() -> Response:
    """The colours and the type that the desk shares with the mails."""
    return Response(render("look.css.j2"), media_type="text/css", headers={"Cache-Control": "max-age=3600"})


def _file(name: str, kind: str, _: Request) -> Response:
    return FileResponse(STATIC / name, media_type=kind, headers={"Cache-Control": "no-cache"})


def serve(
    path: Path | None,
    listen: str | None = None,
    token: str | None = None,
    *,
    clock: Callable[[], datetime] = now,
    index: Path | None = None,
) -> None:
    """Serve the desk until it is told to stop. `index` is the folder for the search index, if it is not the cache
    folder. Raises ConfigError, UsageError and StateError.
    """
    config = load(path)
    if is_unused(config.state):
        raise UsageError(f"there is no state yet at {config.state_file}: start the daemon, or run `watch --once` first")
    with (
        Store.open(config.state, hide=config.secrets.hide, reveal=config.secrets.reveal) as store,
        index_file(config.state_file, index) as file,
        ExitStack() as ends,
    ):
        store.evidence.keep(config.evidence)
        token = token or config.web.token or secrets.token_urlsafe(32)
        hide_token(token)
        follower = Follower(store, EntryIndex(file))
        desk = Desk(config, store, token, clock, search=follower)
        follower.start()
        ends.callback(follower.stop)
        if config.web.websub:
            stopped = threading.Event()
            threading.Thread(target=feeds.keep_subscribing, args=(desk, stopped), name="websub", daemon=True).start()
            ends.callback(stopped.set)
        settings = _settings(desk, listen or config.web.listen)
        gc.freeze()  # what stays is looked through by no collection while a page is made
        asyncio.run(_live(desk, settings))


def hide_token(token: str) -> None:
    """The log does not show it from now on, whoever chose it."""
    chosen = Secrets()
    chosen.add("${web.token}", token)
    hide(chosen)


class _DeskConnection(H11Protocol):
    """A connection whose requests have to arrive in time. Where there are too many, the one that has been waited for
    longest gives way.
    """

    late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the base class has it
        """Wait for a request; let another one go if there are too many."""
        super().connection_made(transport)
        self.late = self.loop.call_later(ARRIVES_WITHIN, self.give_way)
        if len(self.connections) > MOST_CONNECTIONS:
            waiting = [
                (each.late.when(), each) for each in self.connections if isinstance(each, _DeskConnection) and each.late
            ]
            min(waiting, key=lambda each: each[0])[1].give_way()

    def data_received(self, data: bytes) -> None:
        """Take a part of a request; the time is that from its first part to its last."""
        super().data_received(data)
        if self.conn.their_state not in {h11.IDLE, h11.SEND_BODY}:
            self._stop_waiting()
        elif self.late is None:
            self.late = self.loop.call_later(ARRIVES_WITHIN, self.give_way)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        super().connection_lost(exc)
        self._stop_waiting()

    def give_way(self) -> None:
        """End at once."""
        self._stop_waiting()
        self.transport.abort()

    def _stop_waiting(self) -> None:
        if self.late:
            self.late.cancel()
            self.late = None


def _settings(desk: Desk, listen: str) -> uvicorn.Config:
    host, port = host_and_port(listen)
    where = {"uds": listen.removeprefix(UNIX)} if listen.startswith(UNIX) else {"host": host, "port": port}
    return uvicorn.Config(
        create_app(desk),
        http=_DeskConnection,
        backlog=_ACCEPTED,
        **where,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # who is behind a proxy, viewers.py decides
        lifespan="off",
        timeout_graceful_shutdown=LAST_ANSWERS,
        h11_max_incomplete_event_size=64 * 1024,
    )


class _Server(uvicorn.Server):
    """Says where it listens as soon as it does."""

    def __init__(self, settings: uvicorn.Config, desk: Desk) -> None:
        super().__init__(settings)
        self._desk = desk

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End upon INT and TERM. Uvicorn's own way is to die by the signal afterwards, which is no clean exit."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Listen. Exits (SystemExit) when it cannot; the reason is in the log."""
        await super().startup(sockets)
        if not self.started:
            return
        if self.config.uds:
            address = f"{UNIX}{self.config.uds}"
        else:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            address = f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
        _announce(self._desk, address)


async def _live(desk: Desk, settings: uvicorn.Config) -> None:
    loop, said = asyncio.get_running_loop(), -_COMPLAIN_EVERY

    def complain(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        nonlocal said
        if not str(context.get("message")).startswith("socket.accept()"):
            loop.default_exception_handler(context)
        elif loop.time() - said >= _COMPLAIN_EVERY:  # asyncio tries thousands of times a second
            said = loop.time()
            _log.error("no connection can be accepted: %s", context.get("exception"))

    loop.set_exception_handler(complain)
    asked = asyncio.Event()
    loop.add_signal_handler(signal.SIGHUP, asked.set)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})  # it may have come already: watcher/cli.py
    following = asyncio.create_task(_follow(desk, asked))
    try:
        await _Server(settings, desk).serve()
    except (SystemExit, OSError) as error:
        where = settings.uds or f"{settings.host}:{settings.port}"
        why = getattr(error, "strerror", "see the line before")  # uvicorn has logged what it ends with
        raise UsageError(f"cannot listen at {where}: {why}; choose another --listen") from None
    finally:
        following.cancel()
        notify("STOPPING=1")


def _announce(desk: Desk, address: str) -> None:
    """Two lines on standard output. The second holds the token: it is not for the journal, which keeps it."""
    lines = [f"serving {address}"]
    if not is_journal():
        lines.append(f"sign in: {address}sign-in?token={desk.token}")
    elif not (desk.config.web.token or desk.config.web.users or desk.config.web.proxy_header or desk.providers):
        _log.warning("nobody can sign in: set [web] token to a ${credential:...}, or add [web.users.NAME]")
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
    notify("READY=1", status(f"serving {address}"))


async def _follow(desk: Desk, asked: asyncio.Event) -> None:
    """Read the configuration again when that is asked for, or when somebody has edited it at a desk."""
    edits = DeskEdits(desk.store, desk.clock)
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(asked.wait(), LOOK)
        if asked.is_set() or await asyncio.to_thread(edits.are_new, desk.config):
            asked.clear()
            await asyncio.to_thread(_read_again, desk, edits)


def _read_again(desk: Desk, edits: DeskEdits) -> None:
    """Go on with the configuration as it is now; one that is bad leaves all as it is."""
    reloading()
    try:
        desk.read_again()
        _log.info("the configuration was read again")
    except ConfigError as error:
        _log.error("the new configuration has errors, the old one stays: %s", "; ".join(error.problems))
    except StateError as error:
        _log.error("the old configuration stays for now: %s", error)
        edits.try_again()
    finally:
        notify("READY=1")
