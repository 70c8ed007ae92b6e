"""Proxies; what httpcore accepts and aiohttp refuses is in test_httpcore_transport_lenient.py."""

from __future__ import annotations

import gc
import socket
import threading
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import pytest

from sources import FetchError, Page, Source, Unreachable
from sources.http.httpcore_transport import read_proxy
from tests.conftest import LoopFetcher, fetch
from tests.national import pump, tunnel_to
from tests.sources.http.conftest import until

Ask = Callable[..., Page]


def test_a_request_goes_through_an_http_proxy(site: Any, ask: Ask) -> None:
    site.page("http://register.example/list", "by proxy")
    proxy = site.url().replace("//", "//me:p%40ss@")
    assert ask("http://register.example/list", proxy=proxy).text == "by proxy"
    assert site.requests[0].headers["proxy-authorization"] == "Basic bWU6cEBzcw=="


def test_a_source_does_without_the_proxy_of_all(site: Any, fetcher: LoopFetcher) -> None:
    site.page("/list", "directly")
    fetcher.http = fetcher.http.model_copy(update={"proxy": "http://127.0.0.1:9"})
    assert fetch(fetcher, site.url("/list"), proxy="").text == "directly"


def test_each_request_through_a_proxy_has_a_connection_of_its_own(site: Any, fetcher: LoopFetcher) -> None:
    site.page("http://register.example/list", "by proxy")
    for number in range(1, 4):
        assert fetch(fetcher, "http://register.example/list", proxy=site.url()).text == "by proxy"
        assert site.connections == number
    until(lambda: not site._server.open)


def test_a_name_behind_a_proxy_is_not_looked_up(site: Any, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(host: str, port: int) -> list[str]:
        raise AssertionError(f"{host} was looked up")

    for place in ("sources.http.guard", "tests.sources.http.conftest"):
        monkeypatch.setattr(f"{place}.look_up_name", look_up_literals_only(look_up))
    site.page("http://register.example/list", "by proxy")
    assert ask("http://register.example/list", proxy=site.url()).text == "by proxy"


def look_up_literals_only(otherwise: Callable[[str, int], list[str]]) -> Callable[..., list[str]]:
    return lambda host, port, flags=0: [host] if host == "127.0.0.1" else otherwise(host, port)


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
    monkeypatch.setattr("sources.http.httpcore_transport.find_spec", lambda name: None)
    with pytest.raises(FetchError, match=r"127\.0\.0\.1 needs the package socksio") as caught:
        ask("http://register.example/", proxy="socks5://127.0.0.1:1080")
    assert caught.value.code == "bad_proxy"


def test_a_proxy_may_have_credentials_with_signs_in_them() -> None:
    found = read_proxy("socks5h://me:p%40ss%3A@proxy.example") if find_spec("socksio") else None
    found = found or read_proxy("http://me:p%40ss%3A@proxy.example")
    assert found.auth == (b"me", b"p@ss:")
    assert b"p%40" not in found.url.target + found.url.host


@pytest.mark.skipif(not find_spec("socksio"), reason="the package socksio is not installed")
def test_a_request_goes_through_a_socks_proxy(site: Any, fetcher: LoopFetcher) -> None:
    site.page("/list", "by SOCKS")
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=serve_socks, args=(listener, site.port))
    thread.start()
    proxy = f"socks5://127.0.0.1:{listener.getsockname()[1]}"
    page = fetch(fetcher, "http://register.example/list", proxy=proxy, timeout="5s")
    fetcher.close()
    thread.join(60)
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
    thread.join(60)
    listener.close()


def answer_once(listener: socket.socket, junk: bytes) -> None:
    client, _ = listener.accept()
    with client:
        client.recv(100)
        client.sendall(junk)
