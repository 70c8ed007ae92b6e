from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from aiohttp import connector

from sources import Get, Page, Source, TimedOut, TlsFailed
from sources.http.exchange import Validators
from sources.http.tls import trust
from tests.certificates import self_signed
from tests.conftest import LoopFetcher, fetch
from tests.national import HOST, authority, tunnel_to
from tests.sources.http.conftest import Talker, until

Ask = Callable[..., Page]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for localhost, with its key in the same file."""
    made = self_signed(tmp_path_factory.mktemp("tls"))
    if made is None:
        pytest.skip("the openssl command is not installed")
    return made


@pytest.fixture
def secure(new_site: Callable[..., Any], certificate: Path) -> Any:
    """A site that speaks TLS with that certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    site = new_site(context)
    site.page("/", "by TLS", etag='"1"')
    return site


def test_a_self_signed_certificate_is_not_trusted(secure: Any, ask: Ask) -> None:
    with pytest.raises(TlsFailed) as caught:
        ask(secure.url(host="localhost"))
    assert caught.value.message == (
        "the certificate of localhost is not trusted: self-signed certificate; give its authority's PEM file as ca_file"
    )
    assert secure.requests == []


def test_with_its_ca_file_it_is(secure: Any, ask: Ask, certificate: Path) -> None:
    assert ask(secure.url(host="localhost"), ca_file=str(certificate)).text == "by TLS"
    with pytest.raises(TlsFailed):
        ask(secure.url(host="localhost"))  # another source: its connection is not shared either


def test_an_authority_of_one_s_own_need_not_have_the_form_that_newer_pythons_ask_for(
    new_site: Callable[..., Any], ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.http.tls._STRICT", ssl.VERIFY_X509_STRICT)
    file, context = authority(tmp_path)  # which does not say what its key may be used for
    proxy, site = new_site(), new_site(context)
    proxy.raw(f"{HOST}:443", tunnel_to(site.port))
    site.page("/", "by TLS")
    assert ask(f"https://{HOST}/", proxy=proxy.url(), ca_file=str(file)).text == "by TLS"
    with pytest.raises(TlsFailed):
        ask(f"https://{HOST}/", proxy=proxy.url())


def test_a_certificate_for_another_host_is_refused(secure: Any, ask: Ask, certificate: Path) -> None:
    with pytest.raises(TlsFailed, match=r"certificate of 127\.0\.0\.1 is not valid: IP address mismatch"):
        ask(secure.url(), ca_file=str(certificate))


def test_a_server_without_tls_is_better_asked_by_http(site: Any, ask: Ask) -> None:
    site.page("/", "plain")
    with pytest.raises(TlsFailed, match=r"^127\.0\.0\.1 does not speak TLS on this port: try http://"):
        ask(site.url().replace("http:", "https:"))
    assert site.connections == 1


@pytest.mark.parametrize("fetcher", ["aiohttp"], indirect=True)
def test_a_server_that_leaves_when_tls_is_begun_may_be_one_without_it(ask: Ask) -> None:
    """As Python's own does: a greeting that has no line of HTTP gets no answer."""

    def leave(listener: socket.socket) -> None:
        with suppress(OSError):
            for _ in range(4):
                connection, _ = listener.accept()
                connection.recv(65_536)
                connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=leave, args=(listener,), daemon=True).start()
        with pytest.raises(TlsFailed, match=r"^127\.0\.0\.1 ended the TLS handshake: .* try http://"):
            ask(f"https://127.0.0.1:{listener.getsockname()[1]}/")
        listener.shutdown(socket.SHUT_RDWR)


def test_a_redirect_from_https_to_http_is_refused(secure: Any, site: Any, ask: Ask, certificate: Path) -> None:
    secure.redirect("/away", site.url("/list?key=hush"))
    with pytest.raises(Exception, match=rf"redirects from https to http \({site.url('/list')}\)") as caught:
        ask(secure.url("/away", host="localhost"), ca_file=str(certificate))
    assert (caught.value.code, site.requests) == ("bad_redirect", [])


@pytest.mark.parametrize(("content", "why"), [(None, "cannot be read: No such file"), ("junk", "no certificate")])
def test_a_ca_file_that_is_of_no_use_is_named(ask: Ask, tmp_path: Path, content: str | None, why: str) -> None:
    file = tmp_path / "state-ca.pem"
    if content:
        file.write_text(content)
    with pytest.raises(TlsFailed, match=f"^ca_file {file} .*{why}"):
        ask("https://127.0.0.1:9/", ca_file=str(file))


@pytest.mark.parametrize("fetcher", ["aiohttp"], indirect=True)
def test_a_secure_connection_is_kept(secure: Any, ask: Ask, certificate: Path) -> None:
    for _ in range(3):
        ask(secure.url(host="localhost"), ca_file=str(certificate))
    assert secure.connections == 1


def watched(secure: Any) -> list[bool]:
    """Of each connection that the site has in turn, whether it resumes the session of an earlier one."""
    seen = list[bool]()

    def talk(connection: ssl.SSLSocket) -> None:
        seen.append(bool(connection.session_reused))
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    secure.raw("/", talk)
    return seen


@pytest.fixture
def resumed(secure: Any) -> list[bool]:
    return watched(secure)


@pytest.mark.parametrize("fetcher", ["aiohttp"], indirect=True)
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["1.2", "1.3"])
def test_the_next_connection_to_a_host_resumes_the_session(
    new_site: Callable[..., Any], ask: Ask, certificate: Path, version: ssl.TLSVersion
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    context.maximum_version = version
    secure = new_site(context)
    seen = watched(secure)
    for _ in range(3):
        assert ask(secure.url(host="localhost"), ca_file=str(certificate)).text == "ok"
    assert seen == [False, True, True]


def test_another_ca_file_shares_no_session(
    secure: Any, resumed: list[bool], ask: Ask, certificate: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.pem"
    other.write_text(certificate.read_text())
    for file in (certificate, other):
        ask(secure.url(host="localhost"), ca_file=str(file))
    with pytest.raises(TlsFailed, match="not trusted"):
        ask(secure.url(host="localhost"))
    assert resumed == [False, False]


@pytest.mark.parametrize("fetcher", ["aiohttp"], indirect=True)
def test_a_session_is_for_one_name_of_the_host(secure: Any, resumed: list[bool], ask: Ask, certificate: Path) -> None:
    ask(secure.url(host="localhost"), ca_file=str(certificate))
    with pytest.raises(TlsFailed, match="not valid"):
        ask(secure.url(), ca_file=str(certificate))
    assert resumed == [False]


@pytest.mark.parametrize("fetcher", ["aiohttp"], indirect=True)
def test_a_session_is_not_resumed_for_ever(
    secure: Any, resumed: list[bool], ask: Ask, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1.0]
    monkeypatch.setattr("sources.http.tls.time", SimpleNamespace(monotonic=lambda: now[0]))
    for later in (0.0, 3600.0, 0.1):
        now[0] += later
        ask(secure.url(host="localhost"), ca_file=str(certificate))
    assert resumed == [False, True, False]


def test_a_connection_that_lives_on_does_not_make_its_session_younger(monkeypatch: pytest.MonkeyPatch) -> None:
    now, context = [1.0], trust(None)
    monkeypatch.setattr("sources.http.tls.time", SimpleNamespace(monotonic=lambda: now[0]))

    def connect() -> SimpleNamespace:
        made: Any = context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="register.example")
        return SimpleNamespace(began=made.began, session=f"of {now[0]:.0f}")

    old = connect()
    now[0] = 4000.0
    for connection in (connect(), old):  # one that was made anew, then the old one brings another answer
        context.remember("register.example", connection)  # type: ignore[arg-type]
    assert context._resumable["register.example"] == (4000.0, "of 4000")


def test_the_authorities_of_the_system_are_trusted_and_hosts_are_verified() -> None:
    context = trust(None)
    assert context.cert_store_stats()["x509_ca"] > 50
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_to_load_the_transport_reads_no_authorities() -> None:
    made = connector._SSL_CONTEXT_VERIFIED, connector._SSL_CONTEXT_UNVERIFIED
    assert [each and each.cert_store_stats()["x509_ca"] for each in made] == [0, 0]
    anew = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anew.set_default_verify_paths()
    assert ssl.create_default_context().cert_store_stats() == anew.cert_store_stats() != made[1].cert_store_stats()


def test_a_server_that_hangs_up_without_a_word_of_tls_has_ended_its_answer(
    secure: Any, fetcher: LoopFetcher, certificate: Path
) -> None:
    """Each client has the same context, whichever used it first."""
    secure.raw("/list", b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nto the end")
    url, wire = secure.url("/list", host="localhost"), Source(ca_file=str(certificate))
    assert fetch(fetcher, url, ca_file=str(certificate)).text == "to the end"
    fetcher.connections._lenient[httpx.URL(url).netloc] = None
    other = fetcher.connections._transport(wire, httpx.URL(url))
    response = fetcher.run(other.handle_async_request(httpx.Request("GET", url)))
    assert fetcher.run(response.aread()) == b"to the end"
    assert fetch(fetcher, url, ca_file=str(certificate)).text == "to the end"


@pytest.mark.parametrize("way", ["direct", "by proxy"])
def test_a_handshake_that_is_not_answered_leaves_no_open_socket_behind(
    new_site: Callable[..., Any], talker: Callable[..., Talker], fetcher: LoopFetcher, way: str
) -> None:
    mute, proxy = talker(b""), new_site()  # which waits for a request in vain
    port = int(mute.url().split(":")[2].strip("/"))
    proxy.raw("register.example:443", tunnel_to(port))
    url = f"https://127.0.0.1:{port}/" if way == "direct" else "https://register.example/"
    for _ in range(5):
        with pytest.raises(TimedOut):
            fetch(fetcher, url, timeout="200ms", proxy=proxy.url() if way == "by proxy" else None)
    fetcher.run(asyncio.sleep(0.05))
    until(lambda: mute.ended == len(mute.connections) > 0)


def test_an_answer_that_is_given_up_leaves_no_open_socket_behind(
    secure: Any, fetcher: LoopFetcher, certificate: Path
) -> None:
    def talk(connection: ssl.SSLSocket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
        connection.recv(1)  # until the other end is closed

    secure.raw("/half", talk)
    for _ in range(3):
        with pytest.raises(TimedOut):
            fetch(fetcher, secure.url("/half", host="localhost"), ca_file=str(certificate), timeout="200ms")
    fetcher.run(asyncio.sleep(0.05))
    until(lambda: not secure._server.open)


@pytest.mark.parametrize("fetcher", ["aiohttp"], indirect=True)
def test_a_server_that_closes_together_with_its_answer_is_read_and_its_session_resumed(
    fetcher: LoopFetcher, certificate: Path
) -> None:
    """Its connection is gone before anybody asks what it knew."""
    resumed = list[bool]()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        resumed.append(bool(writer.get_extra_info("ssl_object").session_reused))
        writer.write(b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n")
        writer.close()

    async def ask_often() -> list[int]:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context) as server:
            get = Get(f"https://localhost:{server.sockets[0].getsockname()[1]}/")
            session = fetcher.session(Source(ca_file=str(certificate)))
            return [(await session.fetch(get, Validators('"1"'))).status for _ in range(20)]

    assert fetcher.run(ask_often()) == [304] * 20
    assert resumed == [False, *[True] * 19]
