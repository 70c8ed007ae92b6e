"""A server on loopback that does everything wrong that a server can do on the wire, and a list of it."""

from __future__ import annotations

import errno
import gzip
import shutil
import socket
import ssl
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, Self
from unittest.mock import patch

import httpcore

from sources.http.guard import AddressInfo, Guard
from tests.bombs import gzip_zeros

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
ROWS = "".join(f"<tr><td>{number}</td><td>name {number}</td></tr>" for number in range(40))
PAGE = f"<!doctype html><html><body><table><tr><th>No</th><th>Name</th></tr>{ROWS}</table></body></html>".encode()
MIB = 1 << 20


class Wire:
    """One connection, and what faults are made of. What the client no longer takes ends it silently."""

    def __init__(self, connection: socket.socket, closing: threading.Event) -> None:
        self.connection, self.closing = connection, closing

    def send(self, *parts: bytes) -> None:
        for part in parts:
            self.connection.sendall(part)

    def page(self, body: bytes, headers: bytes = b"", status: bytes = b"200 OK") -> None:
        length = b"Content-Length: %d\r\n" % len(body)
        self.send(
            b"HTTP/1.1 "
            + status
            + b"\r\nContent-Type: text/html\r\nConnection: close\r\n"
            + length
            + headers
            + b"\r\n"
            + body
        )

    def chunks(self, pieces: Iterator[bytes] | list[bytes], headers: bytes = b"") -> None:
        self.send(OK, b"Transfer-Encoding: chunked\r\n", headers, b"\r\n")
        for piece in pieces:
            self.send(b"%x\r\n" % len(piece), piece, b"\r\n")

    def endlessly(self, piece: bytes, pause: float = 0) -> None:
        while not self.closing.wait(pause) if pause else not self.closing.is_set():
            self.send(piece)

    def hold(self) -> None:
        self.closing.wait()

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


class Fault(NamedTuple):
    """One fault: what the server does, and what has to come of it.

    `expected` is the error's code, `read` where the page is sound after all, or the code and the seconds of its
    Retry-After. `server` says with which certificate it speaks; `at` is an address in place of the server's own.
    """

    name: str
    talk: Callable[[Wire], None]
    expected: str
    server: str = "plain"
    at: str = ""

    @property
    def path(self) -> str:
        return "/" + "".join(letter if letter.isalnum() else "-" for letter in self.name)


def redirects(to: str, headers: bytes = b"") -> Callable[[Wire], None]:
    return lambda wire: wire.page(b"", b"Location: " + to.encode("latin-1") + b"\r\n" + headers, b"302 Found")


def waits(status: bytes, after: str) -> Callable[[Wire], None]:
    return lambda wire: wire.page(b"busy", b"Retry-After: " + after.encode() + b"\r\n", status)


def waits_until(status: bytes) -> Callable[[Wire], None]:
    """For ten minutes, said as a date."""

    def talk(wire: Wire) -> None:
        waits(status, format_datetime(datetime.now(UTC) + timedelta(seconds=600), usegmt=True))(wire)

    return talk


def packed(body: bytes, encoding: bytes = b"gzip") -> Callable[[Wire], None]:
    return lambda wire: wire.page(body, b"Content-Encoding: " + encoding + b"\r\n")


def in_pieces(body: bytes, size: int = 4096) -> list[bytes]:
    return [body[at : at + size] for at in range(0, len(body), size)] + [b""]


def half_open(wire: Wire, *first: bytes) -> None:
    wire.send(*first)
    wire.connection.shutdown(socket.SHUT_WR)
    wire.hold()


def endless_trailers(wire: Wire) -> None:
    wire.send(OK, b"Transfer-Encoding: chunked\r\n\r\n0\r\n")
    wire.endlessly(b"X-More: " + b"y" * 1000 + b"\r\n")


def endless_body(wire: Wire, headers: bytes) -> None:
    wire.send(OK, headers, b"\r\n")
    wire.endlessly(b"x" * 65536)


def large_page(wire: Wire) -> None:
    """A sound table, but for its size, which nobody announces."""
    row = b"<tr><td>1</td><td>" + b"x" * 1000 + b"</td></tr>"
    wire.send(OK, b"\r\n<!doctype html><html><body><table><tr><th>No</th><th>Name</th></tr>")
    for _ in range(1000):
        wire.send(row * 100)
    wire.send(b"</table></body></html>")


def cut_body(wire: Wire, *sent: bytes) -> None:
    wire.send(OK, *sent)
    wire.reset()


def faults() -> list[Fault]:
    """All of them."""
    slow, chunked = 0.4, b"Transfer-Encoding: chunked\r\n\r\n"
    gzipped, bomb = gzip.compress(PAGE), gzip_zeros(200)
    return [
        Fault("headers, a byte each 0.4 s", lambda wire: wire.endlessly(b"H", slow), "timeout"),
        Fault("headers, a line each 0.4 s", lambda wire: (wire.send(OK), wire.endlessly(b"X-More: y\r\n", slow))[0], "timeout"),
        Fault("body, a byte each 0.4 s", lambda wire: (wire.send(OK, b"\r\n"), wire.endlessly(b"x", slow))[0], "timeout"),
        Fault("silence", Wire.hold, "timeout"),
        Fault("silence in the body", lambda wire: (wire.send(OK, b"\r\n<ht"), wire.hold())[0], "timeout"),
        Fault("silence in the TLS handshake", Wire.hold, "timeout", "mute"),
        Fault("nobody accepts", Wire.hold, "timeout", "deaf"),
        Fault("100 Continue for ever", lambda wire: wire.endlessly(b"HTTP/1.1 100 Continue\r\n\r\n"), "timeout"),
        Fault("reset", Wire.reset, "unreachable"),
        Fault("reset in the headers", lambda wire: (wire.send(b"HTTP/1.1 200"), wire.reset())[0], "unreachable"),
        Fault("reset in the body", lambda wire: cut_body(wire, b"Content-Length: 999\r\n\r\nabc"), "bad_response"),
        Fault("half-open before the answer", half_open, "unreachable"),
        Fault("half-open in the body", lambda wire: half_open(wire, OK, b"Content-Length: 9\r\n\r\nabc"), "bad_response"),
        Fault("body shorter than its length", lambda wire: wire.send(OK, b"Content-Length: 9999\r\n\r\n", PAGE), "bad_response"),
        Fault("body longer than its length", longer, "read"),
        Fault("two lengths", lambda wire: wire.send(OK, b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"), "bad_response"),
        Fault("a length below nothing", lambda wire: wire.send(OK, b"Content-Length: -5\r\n\r\nabcdef"), "bad_response"),
        Fault("chunked, cut", lambda wire: wire.send(OK, chunked, b"ff\r\n", PAGE[:255], b"\r\n"), "bad_response"),
        Fault("chunked, no length", lambda wire: wire.send(OK, chunked, b"what?\r\n"), "bad_response"),
        Fault("without a length, cut", lambda wire: wire.send(OK, b"\r\n", PAGE[: len(PAGE) // 2]), "truncated"),
        Fault("gzip, cut", packed(gzipped[:-9]), "bad_response"),
        Fault("gzip, a lie", packed(PAGE), "bad_response"),
        Fault("gzip, a bit flipped", packed(gzipped[:-6] + bytes([gzipped[-6] ^ 1]) + gzipped[-5:]), "bad_response"),
        Fault("gzip in gzip", packed(gzip.compress(gzipped), b"gzip, gzip"), "bad_response"),
        Fault("an encoding not asked for", packed(PAGE, b"br"), "bad_response"),
        Fault("gzip bomb, 200 MiB", packed(bomb), "too_large"),
        Fault("gzip bomb in one chunk", lambda wire: wire.chunks([bomb, b""], b"Content-Encoding: gzip\r\n"), "too_large"),
        Fault("gzip bomb in small chunks", lambda wire: wire.chunks(in_pieces(bomb), b"Content-Encoding: gzip\r\n"), "too_large"),
        Fault("gzip, 100,000 empty members", packed(gzip.compress(b"") * 100_000), "bad_response"),
        Fault("page of 100 MB", large_page, "too_large"),
        Fault("body of 10 GB, announced", lambda wire: endless_body(wire, b"Content-Length: 10000000000\r\n"), "too_large"),
        Fault("body of 10 GB, unannounced", lambda wire: endless_body(wire, b""), "too_large"),
        Fault("endless chunks", lambda wire: wire.chunks(iter(lambda: b"x" * 16384, b"")), "too_large"),
        Fault("one endless chunk", lambda wire: endless_body(wire, b"Transfer-Encoding: chunked\r\n\r\nfffffffffffff"), "too_large"),
        Fault("endless trailers", endless_trailers, "bad_response"),
        Fault("6 MB in chunks of one byte", one_byte_chunks, "timeout"),
        Fault("a bad chunk in a later packet", late_bad_chunk, "bad_response"),
        Fault("99 kB of spaces in a header", lambda wire: wire.page(PAGE, b"X-A:" + b" " * 99_000 + b"y\r\n"), "read"),
        Fault("an answer that nobody asked for", unasked, "read"),
        Fault("one length, twice", lambda wire: wire.page(PAGE, b"Content-Length: %d\r\n" % len(PAGE)), "read"),
        Fault("one length, twice in a line", lambda wire: wire.send(OK, b"Content-Length: %d, %d\r\n\r\n" % (len(PAGE), len(PAGE)), PAGE), "read"),
        Fault("a length beside chunks", lambda wire: wire.chunks([PAGE, b""], b"Content-Length: 5\r\n"), "read"),
        Fault("304 with a body, not asked for", lambda wire: wire.page(PAGE, status=b"304 Not Modified"), "http_304"),
        Fault("204 with a body", lambda wire: wire.page(PAGE, status=b"204 No Content"), "empty_body"),
        Fault("90 kB of headers", lambda wire: wire.page(PAGE, b"".join(b"X-%d: %s\r\n" % (n, b"y" * 8900) for n in range(10))), "read"),
        Fault("300 headers", lambda wire: wire.page(PAGE, b"X: y\r\n" * 300), "read"),
        Fault("redirect to an address of 1 MB", redirects("http://127.0.0.1/" + "x" * MIB), "bad_response"),
        Fault("redirect to an address of 9 kB", redirects("http://127.0.0.1/" + "x" * 9000), "bad_redirect"),
        Fault("redirect to itself", redirects("/redirect-to-itself"), "bad_redirect"),
        Fault("100 hops", Wire.hold, "bad_redirect", at="/hop/0"),
        Fault("redirect to a cloud's metadata", redirects("http://169.254.169.254/latest/meta-data/"), "address_refused"),
        Fault("redirect to metadata, spelt oddly", redirects("http://2852039166/"), "address_refused"),
        Fault("redirect to metadata in IPv6", redirects("http://[::ffff:169.254.169.254]/"), "address_refused"),
        Fault("redirect to a private network", redirects("http://10.0.0.1/"), "address_refused"),
        Fault("redirect to another loopback address", redirects("http://127.0.0.2/"), "address_refused"),
        Fault("redirect to what is no address", redirects("http://[::1"), "bad_redirect"),
        Fault("redirect to file:", redirects("file:///etc/passwd"), "bad_redirect"),
        Fault("redirect to gopher:", redirects("gopher://127.0.0.1/1"), "bad_redirect"),
        Fault("redirect from https to http", redirects("http://localhost/"), "bad_redirect", "trusted"),
        Fault("redirect with an endless body", endless_redirect, "read"),
        Fault("header of 1 MiB", lambda wire: wire.page(PAGE, b"X-Long: " + b"x" * MIB + b"\r\n"), "bad_response"),
        Fault("100,000 headers", lambda wire: wire.page(PAGE, b"X: y\r\n" * 100_000), "bad_response"),
        Fault("garbage", lambda wire: wire.send(bytes(range(256)) * 40), "bad_response"),
        Fault("another protocol", lambda wire: wire.send(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), "bad_response"),
        Fault("escape codes in a header", lambda wire: wire.page(PAGE, b"X-A: \x1b[2J\x1b]0;owned\x07\r\n"), "read"),
        Fault("escape codes in the status", lambda wire: wire.page(PAGE, b"", b"404 \x1b[31mNo"), "http_404"),
        Fault("a bidi control in the type", lambda wire: wire.page(PAGE, "X-A: \u202e\r\n".encode()), "read"),
        Fault("certificate expired", Wire.hold, "tls", "expired"),
        Fault("certificate of another host", Wire.hold, "tls", "elsewhere"),
        Fault("certificate of an unknown authority", Wire.hold, "tls", "unknown"),
        Fault("no TLS where it is due", Wire.hold, "tls", "no-tls"),
        Fault("429, wait 120 s", waits(b"429 Too Many Requests", "120"), "http_429, wait 120 s"),
        Fault("429, wait until a date", waits_until(b"429 Too Many Requests"), "http_429, wait 600 s"),
        Fault("503, wait 120 s", waits(b"503 Service Unavailable", "120"), "http_503, wait 120 s"),
        Fault("503, wait until a date", waits_until(b"503 Service Unavailable"), "http_503, wait 600 s"),
        Fault("503, wait for 30,000 years", waits(b"503 Service Unavailable", "9" * 12), "http_503, wait 21600 s"),
        Fault("503, wait for 10^400 s", waits(b"503 Service Unavailable", "9" * 400), "http_503, wait 21600 s"),
        Fault("503, wait until the year 9999", waits(b"503 Service Unavailable", "Fri, 31 Dec 9999 23:59:59 GMT"), "http_503, wait 21600 s"),
        Fault("503, wait for -5 bananas", waits(b"503 Service Unavailable", "-5 bananas"), "http_503"),
    ]  # fmt: skip


def longer(wire: Wire) -> None:
    """What is too much looks like the answer to the next request, and comes together with this one."""
    wire.send(OK + b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE + OK + b"Content-Length: 4\r\n\r\nmore")


def one_byte_chunks(wire: Wire) -> None:
    """36 MB on the wire, and no end."""
    wire.send(OK, b"Transfer-Encoding: chunked\r\n\r\n")
    for _ in range(6):
        wire.send(b"1\r\nx\r\n" * 1_000_000)
    wire.hold()


def late_bad_chunk(wire: Wire) -> None:
    wire.send(OK, b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n")
    wire.closing.wait(0.1)
    wire.send(b"what?\r\n")
    wire.hold()


def unasked(wire: Wire) -> None:
    """What comes a moment after the answer looks like the answer to the next request."""
    wire.send(OK, b"Content-Length: %d\r\n\r\n" % len(PAGE), PAGE)
    wire.closing.wait(0.05)
    wire.send(OK, b"Content-Length: 4\r\n\r\nmore")
    wire.hold()


def endless_redirect(wire: Wire) -> None:
    wire.send(b"HTTP/1.1 302 Found\r\nLocation: /sound\r\n\r\n")
    wire.endlessly(b"x" * 65536)


class FaultServer:
    """Serves the faults by their paths, `/sound` with the page `sound`, and while `well` every path so.

    `certificates` is where it makes its certificates; without the openssl command it has none.
    """

    def __init__(self, listed: list[Fault], certificates: Path) -> None:
        self.well, self.sound = False, PAGE
        self._faults = {fault.path: fault for fault in listed}
        self._closing = threading.Event()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self.authority = certificates / "trusted.pem"
        self._contexts = _contexts(certificates)
        self._listening = {name: socket.create_server(("127.0.0.1", 0), backlog=200) for name in self.servers}
        for name, server in self._listening.items():
            if name != "deaf":
                self._start(self._accept, name, server)

    @property
    def servers(self) -> list[str]:
        return ["plain", "mute", "deaf", "no-tls", *self._contexts]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        for each in [*self._listening.values(), *self._open]:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        for thread in self._threads:
            thread.join(5)

    def url(self, fault: Fault) -> str:
        secure = fault.server not in ("plain", "deaf")
        host = "localhost" if fault.server in ("trusted", "expired", "unknown") else "127.0.0.1"
        port = self._listening[fault.server].getsockname()[1]
        return f"http{'s' if secure else ''}://{host}:{port}{fault.at or fault.path}"

    def serves(self, fault: Fault) -> bool:
        return fault.server in self._listening

    def _start(self, work: Callable[..., None], *args: Any) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self, name: str, server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                self._open.add(connection)
                self._start(self._serve, name, connection)

    def _serve(self, name: str, connection: socket.socket) -> None:
        with suppress(OSError):
            if name == "mute" and not self.well:
                self._closing.wait()
            if context := self._contexts.get(name):
                self._open.discard(connection)
                connection = context.wrap_socket(connection, server_side=True)
                self._open.add(connection)
            if name == "no-tls":
                connection.recv(10)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            else:
                self._talk(connection)
        self._open.discard(connection)
        connection.close()

    def _talk(self, connection: socket.socket) -> None:
        asked = b""
        while b"\r\n\r\n" not in asked:
            piece = connection.recv(4096)
            if not piece:
                return
            asked += piece
        path, wire = asked.split()[1].decode(), Wire(connection, self._closing)
        if path.startswith("/hop/") and not self.well:
            redirects(f"/hop/{int(path[5:]) + 1}")(wire)
        elif self.well or path not in self._faults:
            wire.page(self.sound)
        else:
            self._faults[path].talk(wire)
        with suppress(OSError):  # let the client read what was sent, though it may have sent more than was read
            connection.shutdown(socket.SHUT_WR)


def _contexts(folder: Path) -> Mapping[str, ssl.SSLContext]:
    openssl = shutil.which("openssl")
    if not openssl:
        return {}
    made = {
        "trusted": _certificate(openssl, folder, "trusted", "localhost"),
        "unknown": _certificate(openssl, folder, "unknown", "localhost"),
        "elsewhere": _certificate(openssl, folder, "elsewhere", "register.example"),
        "expired": _certificate(openssl, folder, "expired", "localhost", expired=True),
    }
    known = [made[name].read_text().partition("-----BEGIN PRIVATE")[0] for name in ("trusted", "elsewhere", "expired")]
    contexts = {}
    for name, file in made.items():
        contexts[name] = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        contexts[name].load_cert_chain(file)
    (folder / "trusted.pem").write_text("".join(known))
    return contexts


def _certificate(openssl: str, folder: Path, name: str, host: str, *, expired: bool = False) -> Path:
    """A self-signed certificate, with its key in the same file."""
    key, made, empty = folder / f"{name}.key", folder / f"{name}-and-key.pem", folder / f"{name}.txt"
    subject = ["-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}"]
    new = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", str(key), *subject]
    if expired:
        request, settings = folder / f"{name}.csr", folder / f"{name}.cnf"
        empty.write_text("")
        settings.write_text(
            f"[ca]\ndefault_ca=d\n[d]\ndatabase={empty}\nnew_certs_dir={folder}\nrand_serial=yes\ndefault_md=sha256\n"
            "policy=p\ncopy_extensions=copy\n[p]\ncommonName=supplied\n"
        )
        _run(openssl, *new, "-out", str(request))
        dates = ["-startdate", "20200101000000Z", "-enddate", "20200102000000Z"]
        signing = ["-selfsign", "-keyfile", str(key), "-in", str(request), "-out", str(made), "-batch", "-notext"]
        _run(openssl, "ca", "-config", str(settings), *dates, *signing)
    else:
        _run(openssl, *new, "-x509", "-days", "2", "-out", str(made))
    made.write_text(made.read_text() + key.read_text())
    return made


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=30)


@contextmanager
def dialling(to: Mapping[str, int] = MappingProxyType({}), *, loopback: bool = True) -> Iterator[list[tuple[str, int]]]:
    """Lets nothing be dialled but loopback, by either client; writes all other addresses down.

    A request to an address in `to` goes to that port of loopback. Without `loopback` even that cannot be dialled.
    """
    dialled = list[tuple[str, int]]()

    def divert(host: str, port: int) -> tuple[str, int]:
        if loopback and host in ("127.0.0.1", "::1"):
            return host, port
        dialled.append((host, port))
        if host not in to:
            raise ConnectionRefusedError(errno.ECONNREFUSED, "refused")
        return "127.0.0.1", to[host]

    class Diverted(socket.socket):
        def connect(self, address: Any) -> None:
            super().connect(divert(*address[:2]))

    def guarded_socket(self: Guard, info: AddressInfo) -> socket.socket:
        family, kind, protocol, _, where = info
        self.check(where[0], where[0])
        return Diverted(family, kind, protocol)

    async def connect_tcp(self: Any, host: str, port: int, *args: Any, **options: Any) -> Any:
        try:
            host, port = divert(host, port)
        except OSError as error:
            raise httpcore.ConnectError(error) from error
        return await real(self, host, port, *args, **options)

    real = httpcore.AnyIOBackend.connect_tcp
    with patch.object(Guard, "socket", guarded_socket), patch.object(httpcore.AnyIOBackend, "connect_tcp", connect_tcp):
        yield dialled
