"""What went over the wire for one page, kept with it when it is to be proven later. Nobody needs it to read a page."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import httpcore

_DER = 2  # how ssl's own certificates are asked for their bytes before Python 3.13


class Tls(NamedTuple):
    """A connection's protocol and cipher, and the certificates that the server sent (DER), its own first."""

    version: str
    cipher: str
    chain: tuple[bytes, ...]


class Witness(NamedTuple):
    """What is known of an answer while its connection is open.

    `head` is the status line and the headers as they came, `peer` the address at the other end: the proxy's if there is
    one.
    """

    head: bytes
    peer: str
    tls: Tls | None


class Hop(NamedTuple):
    """An address that answered with a redirect on the way."""

    url: str
    status: int


@dataclass(frozen=True, slots=True)
class Transcript:
    """One request and its answer. `body` is what was transferred: still packed as Content-Encoding says, but out of its
    chunks. `began` is when the request went out, `ended` when the last byte had come (UTC).
    """

    method: str
    target: str
    sent: Sequence[tuple[bytes, bytes]]
    content: bytes
    witness: Witness
    body: bytes
    proxied: bool
    began: datetime
    ended: datetime
    hops: tuple[Hop, ...] = ()


def witness_of(head: bytes, connected: socket.socket) -> Witness:
    """What a socket tells, just after the answer."""
    peer = ""
    with suppress(OSError):  # it may have been closed at the other end
        peer = str(connected.getpeername()[0])
    return Witness(head, peer, _tls(connected) if isinstance(connected, ssl.SSLSocket) else None)


def witness_through(head: bytes, response: httpcore.Response) -> Witness:
    """The same of an answer that httpcore got."""
    stream = response.extensions.get("network_stream")
    secured = stream.get_extra_info("ssl_object") if stream else None
    address = stream.get_extra_info("server_addr") if stream else None
    return Witness(head, str(address[0]) if address else "", _tls(secured) if secured else None)


def _tls(secured: Any) -> Tls:
    cipher = secured.cipher()
    return Tls(secured.version() or "", cipher[0] if cipher else "", _chain(secured))


def _chain(secured: Any) -> tuple[bytes, ...]:
    """The certificates as the server sent them; Python before 3.13 has them, and does not let them out by the front."""
    ask = getattr(secured, "get_unverified_chain", None)
    ask = ask or getattr(getattr(secured, "_sslobj", None), "get_unverified_chain", None)
    found = ask() if ask else None
    if not found:  # of a session that is resumed, the server's own certificate alone is known
        own = secured.getpeercert(binary_form=True)
        return (own,) if own else ()
    return tuple(each if isinstance(each, bytes) else each.public_bytes(_DER) for each in found)
