"""What is recorded of a response for evidence, while its connection is open."""

from __future__ import annotations

from collections.abc import Iterable
from ssl import SSLObject

from sources.model.transcript import Tls, Witness

_DER = 2  # the argument for DER of ssl's private method before Python 3.13


def head_of(version: bytes, status: int, reason: bytes, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Status line and headers as received, except for whitespace around the values."""
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
    return b"HTTP/%s %d %s\r\n%s\r\n" % (version, status, reason, lines)


def witness_of(head: bytes, peer: object, tls: SSLObject | None) -> Witness:
    """The record of a connection: `peer` is the other end as `getpeername` gives it."""
    address = str(peer[0]) if isinstance(peer, tuple) and peer else ""
    if tls is None:
        return Witness(head, address, None)
    cipher = tls.cipher()
    return Witness(head, address, Tls(tls.version() or "", cipher[0] if cipher else "", _chain(tls)))


def _chain(secured: SSLObject) -> tuple[bytes, ...]:
    """The certificates that the server sent; before Python 3.13 only a private method of ssl has them."""
    ask = getattr(secured, "get_unverified_chain", None)
    ask = ask or getattr(getattr(secured, "_sslobj", None), "get_unverified_chain", None)
    found = ask() if ask else None
    if not found:  # a resumed session has the server's own certificate only
        own = secured.getpeercert(binary_form=True)
        return (own,) if own else ()
    return tuple(each if isinstance(each, bytes) else each.public_bytes(_DER) for each in found)
