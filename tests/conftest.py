"""For all tests: `site`, a web site on loopback (`new_site` makes more), a `fetcher` for it, `ask`, `post_office`, a
mail server, `state_url`, an empty state on each database, and `catalogue`, which plays one of a language."""

from __future__ import annotations

import asyncio
import gc
import json
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache, partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qsl, urlsplit

import pytest
from aiosmtpd.controller import Controller
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from hypothesis import HealthCheck, settings

from alerts import language
from hatch_build import compile_catalogues
from sources import Get, Page, Source
from sources.http.exchange import Validators
from sources.http.session import Fetcher
from sources.loader import plugins
from sources.options import HttpOptions
from tests import ordering, postgres, quick_states

LOOPBACK = ("127.0.0.1", 0)

# On a busy machine any example may take a second, or come slowly. Each run has other examples; `make fuzz` has more.
settings.register_profile("suite", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # once, before any process reads a catalogue
        compile_catalogues(Path(__file__).parents[1])


T = TypeVar("T")


class Asked(NamedTuple):
    """A request as the site received it; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query))


class Reply(NamedTuple):
    """What a page's function answers when a bare body is not enough."""

    body: Any = ""
    status: int = 200
    headers: Mapping[str, str] = {}
    type: str | None = None


class Site:
    """Serves the pages that a test gives it, and remembers what it was asked."""

    Reply = Reply

    def __init__(self, tls: ssl.SSLContext | None = None, at: tuple[str, int] = LOOPBACK) -> None:
        self.requests: list[Asked] = []
        self.connections = 0  # that were ever made
        self.closing = threading.Event()
        self._pages: dict[str, Callable[[Asked], Reply]] = {}
        self._talks: dict[str, Callable[[socket.socket], None]] = {}
        self._server = _Server(self, tls, at)
        self._scheme = "https" if tls else "http"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for, with their queries."""
        return [asked.path for asked in self.requests]

    def sent(self, path: str) -> list[Any]:
        """What was sent to a path, in JSON."""
        return [json.loads(asked.body) for asked in self.requests if asked.path == path]

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{self._scheme}://{host}:{self.port}{path}"

    def page(
        self,
        path: str,
        body: Any = "",
        *,
        type: str | None = None,  # noqa: A002 - reads best at the call: type="text/xml"
        headers: Mapping[str, str] | None = None,
        status: int = 200,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> None:
        """Serve `body` at `path`: text, bytes, what JSON can say, or a function from the request to one of them.

        A function may also answer a `site.Reply`. A path without a query serves all queries. `etag` and
        `last_modified` are sent, and a request that repeats one of them is answered with 304.
        """
        given = {"ETag": etag, "Last-Modified": last_modified}
        sent = dict(headers or {}) | {name: value for name, value in given.items() if value}

        def answer(asked: Asked) -> Reply:
            if etag and asked.headers.get("if-none-match") == etag:
                return Reply(status=304, headers=sent)
            if last_modified and asked.headers.get("if-modified-since") == last_modified:
                return Reply(status=304, headers=sent)
            found = body(asked) if callable(body) else body
            if isinstance(found, Reply):
                return found._replace(headers={**sent, **found.headers}, type=found.type or type)
            return Reply(found, status, sent, type)

        self._pages[path] = answer
        self._talks.pop(path, None)

    def redirect(self, path: str, to: str, status: int = 302, **headers: str) -> None:
        self.page(path, status=status, headers={"Location": to, **headers})

    def raw(self, path: str, talk: bytes | Callable[[socket.socket], None]) -> None:
        """Answer with these very bytes, or let `talk` have the connection; then it is closed."""
        self._talks[path] = (lambda connection: connection.sendall(talk)) if isinstance(talk, bytes) else talk

    def silent(self, path: str) -> None:
        """Take the request and say nothing until the site closes."""
        self.raw(path, lambda connection: self.closing.wait() and None)

    def close(self) -> None:
        """Stop, and end every connection and thread."""
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        for connection in list(self._server.open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()

    def answer(self, asked: Asked) -> Reply:
        bare = asked.path.partition("?")[0]
        found = self._pages.get(asked.path) or self._pages.get(bare)
        return found(asked) if found else Reply(f"no page at {bare}", 404)

    def talk(self, path: str) -> Callable[[socket.socket], None] | None:
        return self._talks.get(path.partition("?")[0])


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that server_close waits for them
    request_queue_size = 128

    def __init__(self, site: Site, tls: ssl.SSLContext | None, at: tuple[str, int]) -> None:
        super().__init__(at, _Handler)
        self.site = site
        self.open: set[socket.socket] = set()
        if tls:  # the handshake belongs to the connection's thread, not to the one that accepts
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.open.add(request)
        self.site.connections += 1
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536  # one packet for headers and body
    disable_nagle_algorithm = True
    server: _Server

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, self.path, headers, body)
        self.server.site.requests.append(asked)
        talk = self.server.site.talk(self.path)
        if talk:
            self.close_connection = True
            talk(self.connection)
        else:
            self.reply(self.server.site.answer(asked))

    do_GET = do_HEAD = do_POST = do_PUT = do_CONNECT = handle_any  # noqa: N815 - the names that the base class looks for

    def reply(self, reply: Reply) -> None:
        body, usual = _encoded(reply.body)
        self.send_response(reply.status)
        headers = {"Content-Type": reply.type or usual, "Content-Length": str(len(body)), **reply.headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD" and reply.status != 304:
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        pass


def _encoded(body: Any) -> tuple[bytes, str]:
    if isinstance(body, bytes):
        return body, "application/octet-stream"
    if isinstance(body, str):
        return body.encode(), "text/html; charset=utf-8"
    return json.dumps(body, ensure_ascii=False).encode(), "application/json"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Called by pytest: for the quick tests, the files of the long ones are left alone."""
    return ordering.is_left_out(collection_path, config.option.markexpr) or None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Called by pytest: nothing is garbage before the first test, and no later search for garbage looks through it all."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Called by pytest: the long tests first, the others marked as quick."""
    ordering.order(items)


@pytest.fixture
def new_site() -> Iterator[Callable[..., Site]]:
    """Makes sites; all are closed at the end of the test."""
    made: list[Site] = []

    def make(tls: ssl.SSLContext | None = None, at: tuple[str, int] = LOOPBACK) -> Site:
        made.append(Site(tls, at))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def site(new_site: Callable[..., Site]) -> Site:
    """A web site on loopback."""
    return new_site()


class LoopFetcher(Fetcher):
    """Has an event loop of its own, for tests without one."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._runner = asyncio.Runner()

    def run(self, work: Coroutine[None, None, T]) -> T:
        return self._runner.run(work)

    def close(self) -> None:
        """Close what `run` has opened."""
        self._runner.run(self.aclose())
        self._runner.close()
        self._runner = asyncio.Runner()


class ByHttpcore(LoopFetcher):
    """Sends everything by httpcore, as what goes through proxies, and to servers whose HTTP aiohttp refuses."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.connections.needs_httpcore = lambda *_: True  # type: ignore[method-assign]


def fetch(fetcher: LoopFetcher, get: str | Get, validators: Validators | None = None, **options: Any) -> Page:
    """One request in a session of its own; `options` are the source's."""
    session = fetcher.session(Source(**options))
    return fetcher.run(session.fetch(Get(get) if isinstance(get, str) else get, validators))


@pytest.fixture(params=["aiohttp", "httpcore"])
def fetcher(request: pytest.FixtureRequest) -> Iterator[LoopFetcher]:
    """A fetcher that may go to loopback, by each of the two clients."""
    kind = LoopFetcher if request.param == "aiohttp" else ByHttpcore
    made = kind(HttpOptions(private_addresses="allow"), clock=lambda: datetime.now(UTC))
    yield made
    made.close()


@pytest.fixture
def ask(fetcher: LoopFetcher) -> Callable[..., Page]:
    """Asks once, in a session of its own: `ask(url_or_get, validators=None, **options_of_the_source)`."""
    return partial(fetch, fetcher)


class PostOffice(Controller):
    """Takes mails on loopback. `answers` says what it answers to a recipient in place of taking the mail; `smtp` is
    what aiosmtpd's server is told, such as to want a password."""

    def __init__(self, at: tuple[str, int] = LOOPBACK, **smtp: Any) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self._socket = socket.create_server(at)
        host, port = self._socket.getsockname()
        super().__init__(self, hostname=host, port=port, ready_timeout=10, **smtp)

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._socket)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if answer := self.answers.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"

    def url(self, *to: str) -> str:
        return f"mailto://127.0.0.1:{self.port}?from=watch@example.org&to={','.join(to)}"


@pytest.fixture
def new_post_office() -> Iterator[Callable[..., PostOffice]]:
    """Opens post offices; all are closed at the end of the test."""
    opened: list[PostOffice] = []

    def start(*args: Any, **smtp: Any) -> PostOffice:
        opened.append(PostOffice(*args, **smtp))
        opened[-1].start()
        return opened[-1]

    yield start
    for each in opened:
        each.stop()


@pytest.fixture
def post_office(new_post_office: Callable[..., PostOffice]) -> PostOffice:
    return new_post_office()


SERVER = pytest.param("postgresql", marks=pytest.mark.skipif(not postgres.installed(), reason=postgres.MISSING))


@pytest.fixture(params=["sqlite", SERVER])
def state_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a state may be kept: the test is run once with a file, and once with a database on a server."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/state.db"
        return
    server = postgres.shared()
    name = server.lend()
    yield server.url(name)
    server.give_back(name)


@pytest.fixture(autouse=True, scope="session")
def quick_state_files() -> Iterator[None]:
    """No test waits for a disk, nor for the migrations, but those that are about them."""
    with pytest.MonkeyPatch.context() as patch:
        quick_states.use(patch)
        yield


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Makes the German catalogue, or another language's, one with these sentences alone."""

    def write(sentences: Mapping[Any, Any], speaks: str = "de") -> None:
        made = Catalog(locale=speaks)
        for english, told in sentences.items():
            made.add(english, told)
        folder = tmp_path / "locale" / speaks / "LC_MESSAGES"
        folder.mkdir(parents=True)
        with (folder / "watch.mo").open("wb") as file:
            write_mo(file, made)
        monkeypatch.setattr(language, "LOCALE", tmp_path / "locale")
        language._catalogue.cache_clear()

    yield write
    language._catalogue.cache_clear()


@cache
def plugins_on(_path: tuple[str, ...]) -> Sequence[EntryPoint]:
    """What is installed in the folders of a module search path."""
    return plugins()


@pytest.fixture(autouse=True, scope="session")
def quick_kinds() -> Iterator[None]:
    """A kind is looked for among all that is installed: once, unless a test has Python look for modules elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sources.loader.plugins", lambda: plugins_on(tuple(sys.path)))
        yield


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Immediate retries are counted by tests, not waited for."""
    monkeypatch.setattr("sources.http.session.PAUSE", 0.001)
