"""Between httpcore and the network: the address guard, and one deadline over all that a request does.

httpcore's own timeouts are per read, so that a server which sends a byte now and then is never too slow. Here
every connect, handshake, read and write gets the time that is left of its request, and no more.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from typing import Any

import httpcore

from sources.address import Address, Private, allowed
from sources.errors import AddressRefused

Resolver = Callable[[str, int], list[str]]

_ends: ContextVar[float | None] = ContextVar("ends", default=None)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """All that this thread does on the wire inside ends within `seconds`; an outer deadline still holds."""
    ends = time.monotonic() + seconds
    outer = _ends.get()
    token = _ends.set(ends if outer is None else min(ends, outer))
    try:
        yield
    finally:
        _ends.reset(token)


def seconds_left() -> float | None:
    """What is left of this thread's deadline, perhaps below zero, or None without one."""
    ends = _ends.get()
    return None if ends is None else ends - time.monotonic()


class Network(httpcore.NetworkBackend):
    """Connects to addresses that `private` allows, within the deadline.

    A name is resolved once, *all* of its addresses are checked, and a checked address is what is dialled, so
    that no second look-up can answer otherwise. Every connection passes here: redirects, retries, proxies.
    """

    def __init__(
        self,
        private: Private,
        *,
        dialer: httpcore.NetworkBackend | None = None,
        resolve: Resolver | None = None,
    ) -> None:
        self._private = private
        self._dialer = dialer or httpcore.SyncBackend()
        self._resolve = resolve or resolve_name
        self.dials = dialer is None  # itself, as any other would

    def resolve(self, host: str, port: int) -> list[str]:
        """The addresses of `host`. Raises OSError; takes as long as the system's resolver does."""
        return self._resolve(host, port)

    def check(self, host: str, address: Address) -> None:
        """Raises AddressRefused unless `address`, which `host` has, is allowed."""
        if not allowed(address, self._private):
            what = host if host == str(address) else f"{host} has the address {address}, which"
            raise AddressRefused(
                f"{what} is not on the public internet; list it in private_addresses of [http] to allow it"
            )

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of `host` that takes one."""
        addresses = [ip_address(found) for found in self._resolve(host, port)]
        for address in addresses:
            self.check(host, address)
        for more, address in zip(range(len(addresses) - 1, -1, -1), addresses, strict=True):
            try:
                # A silent address gets its share of the time, so that some is left for the next.
                left = _at_most(timeout, share=more + 1, late=httpcore.ConnectTimeout)
                stream = self._dialer.connect_tcp(str(address), port, left, local_address, socket_options)
                return _Stream(stream)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if not more:
                    raise
        raise socket.gaierror(socket.EAI_NONAME, "no address")


class _Stream(httpcore.NetworkStream):
    """A stream whose every operation ends at the deadline of the request that uses it just now."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _at_most(timeout, late=httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _at_most(timeout, late=httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            left = _at_most(timeout, late=httpcore.ConnectTimeout)
        except httpcore.ConnectTimeout:
            self.close()  # as httpcore's own stream does when a handshake fails
            raise
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _at_most(timeout: float | None, *, late: type[httpcore.TimeoutException], share: int = 1) -> float | None:
    """The smaller of `timeout` and a share of the time left; raises `late` when there is none."""
    left = seconds_left()
    if left is None:
        return timeout
    if left <= 0:
        raise late("the deadline has passed")
    left /= share
    return left if timeout is None else min(timeout, left)


class SlowName(httpcore.ConnectTimeout):
    """The deadline passed before the name was resolved."""


def resolve_name(host: str, port: int) -> list[str]:
    """The addresses of `host`, the preferred ones first. Raises OSError, or SlowName at the deadline.

    The system's resolver knows no timeout: it runs in a thread of its own, left behind when it is too slow.
    """
    try:
        return _look_up(host, port, socket.AI_NUMERICHOST)  # an address in any spelling: asks no name server
    except OSError:
        left = _at_most(None, late=SlowName)
    answer: SimpleQueue[list[str] | OSError] = SimpleQueue()

    def ask() -> None:
        try:
            answer.put(_look_up(host, port))
        except OSError as error:
            answer.put(error)

    threading.Thread(target=ask, name=f"resolve {host}", daemon=True).start()
    try:
        found = answer.get(timeout=left)
    except Empty:
        raise SlowName("the deadline has passed") from None
    if isinstance(found, OSError):
        raise found
    return found


@lru_cache(maxsize=4096)
def is_address(host: str) -> bool:
    """Whether `host` is an address itself, in any spelling, so that no name server is asked."""
    try:
        _look_up(host, 0, socket.AI_NUMERICHOST)
    except OSError:
        return False
    return True


def _look_up(host: str, port: int, flags: int = 0) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    except UnicodeError as error:  # a label of more than 63 characters, and the like
        raise socket.gaierror(socket.EAI_NONAME, str(error)) from None
    return [str(where[0]) for *_, where in found]
