"""Connections to hosts, kept open for the next request, and whom they trust.

httpcore's ConnectionPool looks at every idle connection for every request, which with a hundred hosts costs
more than the request itself (measured: 0.2 ms with one idle connection, 4.9 ms with 128). So the connections
are httpcore's, and only the keeping of idle ones is ours.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import httpcore

from sources.errors import FetchError, TlsFailed
from sources.transport import Network

_KEPT = 128  # idle connections over all hosts: far below the usual limit of 1,024 open files
_KEPT_FOR = 75  # seconds, so that a source that is checked every minute keeps its connection


class Trust(NamedTuple):
    """How requests go out: further authorities to trust, and through which proxy."""

    ca_file: str | None = None
    proxy: str | None = None


class _Key(NamedTuple):
    trust: Trust
    scheme: bytes
    host: bytes
    port: int


class Connections:
    """Open connections, shared by all threads; each is used by one request at a time."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._lock = threading.Lock()
        self._idle: list[tuple[_Key, httpcore.ConnectionInterface]] = []  # the longest idle first
        self._contexts: dict[str | None, ssl.SSLContext] = {}
        self._closed = False

    @contextmanager
    def answer(self, request: httpcore.Request, trust: Trust) -> Iterator[httpcore.Response]:
        """Send the request and give the response, whose body is then read inside.

        A connection whose response was read to its end is kept. Raises what httpcore, ssl and the system
        raise, and FetchError for options that cannot be used.
        """
        origin = request.url.origin
        key = _Key(trust, origin.scheme, origin.host, origin.port)
        connection = self._take(key) or self._build(origin, trust)
        try:
            response = connection.handle_request(request)
            try:
                yield response
            finally:
                response.close()
        except _socks_errors(trust) as error:
            raise httpcore.ProxyError("it does not speak SOCKS5") from error
        finally:
            self._keep(key, connection)

    def close(self) -> None:
        """Close the idle connections now, and those in use when their requests end."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for _, connection in idle:
            connection.close()

    def _take(self, wanted: _Key) -> httpcore.ConnectionInterface | None:
        """An idle connection, the last one used first; None when there is none that still lives."""
        while True:
            with self._lock:
                found = next((pair for pair in reversed(self._idle) if pair[0] == wanted), None)
                if not found:
                    return None
                self._idle.remove(found)
            if not found[1].has_expired():
                return found[1]
            found[1].close()

    def _keep(self, key: _Key, connection: httpcore.ConnectionInterface) -> None:
        surplus = [connection]
        with self._lock:
            # One that failed to connect calls itself both idle and closed.
            sound = connection.is_idle() and not connection.is_closed() and not _has_more(connection)
            if sound and not self._closed:
                self._idle.append((key, connection))
                surplus = [old for _, old in self._idle[:-_KEPT]]
                del self._idle[:-_KEPT]
        for each in surplus:
            each.close()

    def _build(self, origin: httpcore.Origin, trust: Trust) -> httpcore.ConnectionInterface:
        secure = origin.scheme == b"https"
        pool = httpcore.ConnectionPool(  # only as a factory: it knows which connection a proxy needs
            ssl_context=self.context(trust.ca_file) if secure else None,
            proxy=self._proxy(origin, trust) if trust.proxy else None,
            keepalive_expiry=_KEPT_FOR,
            network_backend=self.network,
        )
        return pool.create_connection(origin)

    def context(self, ca_file: str | None) -> ssl.SSLContext:
        """The system's authorities and certifi's, and those of `ca_file`; built once: it takes some 30 ms."""
        with self._lock:
            if ca_file not in self._contexts:
                context = httpcore.default_ssl_context()
                context.set_alpn_protocols(["http/1.1"])
                if ca_file is not None:
                    _load(context, ca_file)
                self._contexts[ca_file] = context
            return self._contexts[ca_file]

    def _proxy(self, origin: httpcore.Origin, trust: Trust) -> httpcore.Proxy:
        self._check_literal(origin.host.decode("ascii"))
        proxy = read_proxy(trust.proxy or "")
        secure = proxy.url.scheme == b"https"
        return httpcore.Proxy(proxy.url, proxy.auth, ssl_context=self.context(trust.ca_file) if secure else None)

    def _check_literal(self, host: str) -> None:
        """A proxy resolves names by its own lights, but an address in the URL is ours to judge."""
        try:
            address = ip_address(host)
        except ValueError:
            return
        self.network.check(host, address)


def _has_more(connection: object) -> bool:
    """Whether more came than the answer: it would be taken for the answer to the next request."""
    while (inner := getattr(connection, "_connection", None)) is not None:
        connection = inner
    state = getattr(connection, "_h11_state", None)
    return state is not None and bool(state.trailing_data[0])


class ProxyAddress(NamedTuple):
    """A proxy's URL without its credentials, and these apart."""

    url: httpcore.URL
    auth: tuple[bytes, bytes] | None


def read_proxy(text: str) -> ProxyAddress:
    """Read the option `proxy`. Raises FetchError (`bad_proxy`); its message has no credentials."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or not host.isascii() or parts.scheme not in ("http", "https", "socks5", "socks5h"):
        raise FetchError(
            "proxy is no proxy address; write http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT",
            code="bad_proxy",
        )
    if parts.scheme.startswith("socks") and not find_spec("socksio"):
        raise FetchError(
            f"the proxy {host} needs the package socksio, which is not installed: pip install socksio",
            code="bad_proxy",
        )
    url = httpcore.URL(scheme=parts.scheme, host=host, port=port, target="/")
    if parts.username is None:
        return ProxyAddress(url, None)
    return ProxyAddress(url, (unquote(parts.username).encode(), unquote(parts.password or "").encode()))


def _socks_errors(trust: Trust) -> tuple[type[Exception], ...]:
    """What comes of a proxy that answers something else: socksio's own error, and httpcore's assertions."""
    if not (trust.proxy or "").startswith("socks"):
        return ()
    return (AssertionError, import_module("socksio").SOCKSError) if find_spec("socksio") else ()


def _load(context: ssl.SSLContext, ca_file: str) -> None:
    try:
        context.load_verify_locations(ca_file)
    except ssl.SSLError:
        raise TlsFailed(f"ca_file {ca_file} holds no certificate in PEM form") from None
    except OSError as error:
        raise TlsFailed(f"ca_file {ca_file} cannot be read: {error.strerror}") from None
    # Since 3.13 Python asks for a form of certificates that OpenSSL, curl and browsers do not insist on, and that
    # national and companies' own authorities may lack. It is no matter of trust: all else is verified as ever.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
