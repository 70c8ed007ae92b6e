"""The exchange over the wire for one page, kept for evidence. Parsing a page never uses it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


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


class Hop(NamedTuple):
    """A redirect on the way to the page."""

    url: str
    status: int


@dataclass(frozen=True, slots=True)
class Transcript:
    """One request and its response. `body` is as transferred: still packed by Content-Encoding, without the framing of
    chunks. `began` is when the request was sent, `ended` when the last byte arrived (UTC).
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


@dataclass(frozen=True, slots=True)
class Rendering:
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
