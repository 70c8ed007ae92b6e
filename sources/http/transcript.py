"""What went over the wire for one page, kept with it when it is to be proven later. Nobody needs it to read a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from ssl import SSLObject
from typing import NamedTuple

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


def head_of(version: bytes, status: int, reason: bytes, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Status line and headers as they came, but for spaces around the values."""
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
    return b"HTTP/%s %d %s\r\n%s\r\n" % (version, status, reason, lines)


def witness_of(head: bytes, peer: object, tls: SSLObject | None) -> Witness:
    """What is known of a connection: `peer` is the other end as `getpeername` gives it."""
    address = str(peer[0]) if isinstance(peer, tuple) and peer else ""
    if tls is None:
        return Witness(head, address, None)
    cipher = tls.cipher()
    return Witness(head, address, Tls(tls.version() or "", cipher[0] if cipher else "", _chain(tls)))


def _chain(secured: SSLObject) -> tuple[bytes, ...]:
    """The certificates as the server sent them; Python before 3.13 has them, and does not let them out by the front."""
    ask = getattr(secured, "get_unverified_chain", None)
    ask = ask or getattr(getattr(secured, "_sslobj", None), "get_unverified_chain", None)
    found = ask() if ask else None
    if not found:  # of a session that is resumed, the server's own certificate alone is known
        own = secured.getpeercert(binary_form=True)
        return (own,) if own else ()
    return tuple(each if isinstance(each, bytes) else each.public_bytes(_DER) for each in found)
