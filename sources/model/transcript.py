"""The exchange over the wire for one page, kept for evidence. Parsing a page never uses it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from ssl import SSLObject
from typing import NamedTuple

from sources.formats.download import Body

_DER = 2  # the argument for DER of ssl's private method before Python 3.13


class Tls(NamedTuple):
    """A connection's protocol and cipher, and the certificates that the server sent (DER), its own first."""

    version: str
    cipher: str
    chain: tuple[bytes, ...]


class Witness(NamedTuple):
    """What is recorded of a response while its connection is open.

    `head` is the status line and the headers as received, `peer` the address at the other end: the proxy's if there is
    one.
    """

    head: bytes
    peer: str
    tls: Tls | None

    @classmethod
    def of(
        cls,
        version: bytes,
        status: int,
        reason: bytes,
        headers: Iterable[tuple[bytes, bytes]],
        peer: object,
        tls: SSLObject | None,
    ) -> "Witness":
        """The record of a response and its connection: `peer` is the other end as `getpeername` gives it.

        The head is as received, except for whitespace around the values.
        """
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
        head = b"HTTP/%s %d %s\r\n%s\r\n" % (version, status, reason, lines)
        address = str(peer[0]) if isinstance(peer, tuple) and peer else ""
        if tls is None:
            return cls(head, address, None)
        cipher = tls.cipher()
        return cls(head, address, Tls(tls.version() or "", cipher[0] if cipher else "", _chain(tls)))


class Hop(NamedTuple):
    """A redirect on the way to the page."""

    url: str
    status: int


def _chain(secured: SSLObject) -> tuple[bytes, ...]:
    """The certificates that the server sent; before Python 3.13 only a private method of ssl has them."""
    ask = getattr(secured, "get_unverified_chain", None)
    ask = ask or getattr(getattr(secured, "_sslobj", None), "get_unverified_chain", None)
    found = ask() if ask else None
    if not found:  # a resumed session has the server's own certificate only
        own = secured.getpeercert(binary_form=True)
        return (own,) if own else ()
    return tuple(each if isinstance(each, bytes) else each.public_bytes(_DER) for each in found)


class Transcript(NamedTuple):
    """One request and its response. `body` is as transferred: still packed by Content-Encoding, without the framing of
    chunks. `began` is when the request was sent, `ended` when the last byte arrived (UTC).
    """

    method: str
    target: str
    sent: Sequence[tuple[bytes, bytes]]
    content: bytes
    witness: Witness
    body: Body
    proxied: bool
    began: datetime
    ended: datetime
    hops: tuple[Hop, ...] = ()


class Reported(NamedTuple):
    """A response as a browser reports it: after TLS, and unpacked. `body` is empty if the browser did not keep it."""

    method: str
    url: str
    status: int
    reason: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    peer: str
    at: datetime


class Place(NamedTuple):
    """Where a text stands on a screenshot: its box in pixels, and the beginning of the text."""

    left: int
    top: int
    width: int
    height: int
    text: str


class Rendering(NamedTuple):
    """What a browser reports of a page that it rendered: its main responses, and a screenshot (PNG) if one was asked
    for, with the `places` on it. `refused` are the hosts that the address guard refused to the page.
    """

    browser: str
    began: datetime
    ended: datetime
    responses: tuple[Reported, ...] = ()
    screenshot: bytes = b""
    refused: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
