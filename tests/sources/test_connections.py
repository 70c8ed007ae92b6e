from __future__ import annotations

import gc
import socket
import threading
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib.util import find_spec
from ipaddress import ip_network
from typing import Any

import pytest

from sources import FetchError, Get, HttpStatus, Page, Source, Unreachable
from sources.connections import read_proxy
from sources.fetch import Fetcher
from sources.options import HttpOptions
from tests.national import pump, tunnel_to

Ask = Callable[..., Page]


def test_many_threads_share_the_connections(site: Any, fetcher: Fetcher) -> None:
    site.page("/", lambda asked: asked.query["n"])

    def check(number: int) -> str:
        return fetcher.session(Source()).fetch(Get(site.url(f"/?n={number}"))).text

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(check, range(200))) == [str(number) for number in range(200)]
    assert site.connections <= 8


@pytest.mark.parametrize("header", [b"", b"Connection: close\r\n"])
def test_a_connection_that_the_server_closed_is_not_used(site: Any, ask: Ask, header: bytes) -> None:
    site.raw("/", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + header + b"\r\nok")
    for _ in range(3):
        assert ask(Get(site.url(), method="POST")).text == "ok"  # a POST, which would not be tried again
        time.sleep(0.02)
    assert (site.connections, len(site.requests)) == (3, 3)


def test_a_connection_is_not_used_after_an_answer_that_was_not_read(site: Any, ask: Ask) -> None:
    site.page("/", "x" * 1_000_000, status=404)
    for _ in range(2):
        with pytest.raises(HttpStatus):
            ask(site.url())
    assert site.connections == 2


@pytest.mark.parametrize("fetcher", ["in a thread"], indirect=True)
def test_idle_connections_are_few_the_latest_stay(
    new_site: Callable[..., Any], fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.connections._KEPT", 3)
    sites = [new_site() for _ in range(5)]
    for each in (*sites, *reversed(sites)):
        each.page("/", "ok")
        fetcher.session(Source()).fetch(Get(each.url()))
    assert [each.connections for each in sites] == [2, 2, 1, 1, 1]
    assert len(fetcher._connections._idle) == 3


def test_closing_ends_idle_connections_and_keeps_no_more(site: Any, fetcher: Fetcher) -> None:
    site.page("/", "ok")
    fetcher.session(Source()).fetch(Get(site.url()))
    fetcher.close()
    fetcher.session(Source()).fetch(Get(site.url()))
    assert site.connections == 2
    assert fetcher._connections._idle == []


def test_a_refused_connection_names_the_host_and_is_not_kept(ask: Ask, fetcher: Fetcher) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(Unreachable, match=r"^could not reach 127\.0\.0\.1: connection refused$"):
        ask(f"http://127.0.0.1:{port}/")
    assert fetcher._connections._idle == []


def test_a_request_goes_through_an_http_proxy(site: Any, ask: Ask) -> None:
    site.page("http://register.example/list", "by proxy")
    proxy = site.url().replace("//", "//me:p%40ss@")
    assert ask("http://register.example/list", proxy=proxy).text == "by proxy"
    assert site.requests[0].headers["proxy-authorization"] == "Basic bWU6cEBzcw=="


def test_a_secure_request_goes_through_a_tunnel(new_site: Callable[..., Any], ask: Ask) -> None:
    proxy, end = new_site(), new_site()
    proxy.raw("register.example:443", tunnel_to(end.port))
    with pytest.raises(FetchError, match=r"register\.example through the proxy 127\.0\.0\.1"):
        ask("https://register.example/", proxy=proxy.url())
    assert [asked.method for asked in proxy.requests] == ["CONNECT"]
    assert end.connections == 1  # which speaks no TLS: that is what failed


def test_a_proxy_that_refuses_is_named_and_its_password_is_not(site: Any, ask: Ask) -> None:
    with pytest.raises(Unreachable) as caught:
        ask("https://register.example/", proxy=site.url().replace("//", "//me:hush@"))
    assert caught.value.message == "could not reach register.example through the proxy 127.0.0.1: 404 Not Found"


@pytest.mark.parametrize("proxy", ["ftp://me:hush@host:21", "me:hush@host", "http://", "http://host:port", "http://[x"])
def test_what_is_no_proxy_is_an_error_without_secrets(proxy: str) -> None:
    with pytest.raises(FetchError, match="write http://HOST:PORT") as caught:
        read_proxy(proxy)
    assert caught.value.code == "bad_proxy"
    assert "hush" not in caught.value.message


@pytest.mark.parametrize("proxy", ["ftp://me:hush@host:21", "me:hush@host", "http://", "http://[x"])
def test_what_is_no_proxy_is_refused_when_it_is_configured(proxy: str) -> None:
    with pytest.raises(ValueError, match="proxy"):
        Source(proxy=proxy)


def test_a_socks_proxy_needs_a_package(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.connections.find_spec", lambda name: None)
    with pytest.raises(FetchError, match=r"127\.0\.0\.1 needs the package socksio") as caught:
        ask("http://register.example/", proxy="socks5://127.0.0.1:1080")
    assert caught.value.code == "bad_proxy"


def test_a_proxy_may_have_credentials_with_signs_in_them() -> None:
    found = read_proxy("socks5h://me:p%40ss%3A@proxy.example") if find_spec("socksio") else None
    found = found or read_proxy("http://me:p%40ss%3A@proxy.example")
    assert found.auth == (b"me", b"p@ss:")
    assert b"p%40" not in found.url.target + found.url.host


@pytest.mark.skipif(not find_spec("socksio"), reason="the package socksio is not installed")
def test_a_request_goes_through_a_socks_proxy(site: Any, fetcher: Fetcher) -> None:
    site.page("/list", "by SOCKS")
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=serve_socks, args=(listener, site.port))
    thread.start()
    source = Source(proxy=f"socks5://127.0.0.1:{listener.getsockname()[1]}", timeout="5s")
    page = fetcher.session(source).fetch(Get("http://register.example/list"))
    fetcher.close()
    thread.join(5)
    listener.close()
    assert page.text == "by SOCKS"
    assert site.requests[0].headers["host"] == "register.example"


def serve_socks(listener: socket.socket, port: int) -> None:
    """One SOCKS5 connection, to `port` whatever is asked for."""
    client, _ = listener.accept()
    with client:
        client.recv(100)
        client.sendall(b"\x05\x00")
        client.recv(300)
        client.sendall(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
        with socket.create_connection(("127.0.0.1", port)) as server:
            back = threading.Thread(target=pump, args=(server, client))
            back.start()
            pump(client, server)
            back.join()


@pytest.mark.skipif(not find_spec("socksio"), reason="the package socksio is not installed")
@pytest.mark.parametrize("junk", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"", b"\x05\xff"])
def test_a_proxy_that_does_not_speak_socks_is_an_error(ask: Ask, junk: bytes) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=answer_once, args=(listener, junk))
    thread.start()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # httpcore leaves this socket to the garbage collector
        with pytest.raises(Unreachable, match=r"through the proxy 127\.0\.0\.1: (it does not|Requested NO AUTH)"):
            ask("http://register.example/", proxy=f"socks5://127.0.0.1:{listener.getsockname()[1]}")
        gc.collect()
    thread.join(5)
    listener.close()


def answer_once(listener: socket.socket, junk: bytes) -> None:
    client, _ = listener.accept()
    with client:
        client.recv(100)
        client.sendall(junk)


def test_silent_hosts_do_not_hold_up_the_others(site: Any, new_site: Callable[..., Any]) -> None:
    http = HttpOptions(private_addresses=(ip_network("127.0.0.0/8"),))
    fetcher = Fetcher(http, clock=lambda: datetime.now(UTC))
    site.page("/", "ok")
    site.silent("/silent")
    began = time.monotonic()

    def check(path: str) -> float:
        try:
            fetcher.session(Source(timeout="500ms")).fetch(Get(site.url(path)))
        except FetchError:
            return 0
        return time.monotonic() - began

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(check, ["/silent"] * 4 + ["/"] * 40))
    fetcher.close()
    assert 0 < max(done) < 0.45
