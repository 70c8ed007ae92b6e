"""HTTP of the gateway: heads of requests from the browser, and of responses from servers. Pure."""

from __future__ import annotations

from base64 import b64encode
from typing import NamedTuple
from urllib.parse import urlsplit

LONGEST_HEAD = 131_072  # bytes
_HOP_BY_HOP = {b"connection", b"keep-alive", b"proxy-connection", b"proxy-authorization", b"te", b"upgrade"}
_PORTS = {"http": 80}


class Asked(NamedTuple):
    """A request of the browser: where it goes, and its head for the server; without one it is a tunnel (CONNECT)."""

    host: str
    port: int
    head: bytes
    authorization: bytes


def asked(head: bytes) -> Asked:
    """Parse the head of a request to a proxy. Raises ValueError."""
    first, *lines = head.rstrip(b"\r\n").split(b"\r\n")
    method, target, version = first.split(b" ")
    authorization = next((v for name, v in map(_header, lines) if name == b"proxy-authorization"), b"")
    if method == b"CONNECT":
        host, port = _authority(target.decode("ascii"))
        return Asked(host, port, b"", authorization)
    url = urlsplit(target.decode("ascii"))
    if url.scheme not in _PORTS or not url.hostname:
        raise ValueError("a proxy is asked for whole http addresses")
    path = target.split(b"/", 3)[3:]
    line = b" ".join((method, b"/" + b"".join(path), version))
    return Asked(url.hostname, url.port or _PORTS[url.scheme], _closing(line, lines), authorization)


def answered(head: bytes) -> bytes:
    """The head of a response, such that the browser makes its next request on another connection: that one may go to
    another server.
    """
    first, *lines = head.rstrip(b"\r\n").split(b"\r\n")
    return _closing(first, lines)


def is_interim(head: bytes) -> bool:
    """Whether another head follows: 100 Continue, 103 Early Hints."""
    return head.split(b" ", 2)[1:2][0][:1] == b"1" if head.count(b" ") else False


def refusal(status: int, reason: str) -> bytes:
    """A response of the gateway itself."""
    ask = 'Proxy-Authenticate: Basic realm="gateway"\r\n' if status == 407 else ""
    return f"HTTP/1.1 {status} {reason}\r\n{ask}Content-Length: 0\r\nConnection: close\r\n\r\n".encode("ascii")


def basic(user: str, password: str) -> bytes:
    """The value of a Proxy-Authorization header."""
    return b"Basic " + b64encode(f"{user}:{password}".encode())


def _authority(text: str) -> tuple[str, int]:
    url = urlsplit(f"//{text}")
    if not url.hostname or not url.port:
        raise ValueError("a tunnel needs a host and a port")
    return url.hostname, url.port


def _header(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.partition(b":")
    return name.strip().lower(), value.strip()


def _closing(first: bytes, lines: list[bytes]) -> bytes:
    kept = [line for line in lines if _header(line)[0] not in _HOP_BY_HOP]
    return b"\r\n".join([first, *kept, b"Connection: close", b"", b""])
